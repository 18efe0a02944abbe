package main

import "looproom/cmd/loopchat/session"

// maxEntries is how many entries a room keeps at its end, and as many in the past; when there are more by a tenth, those furthest from sight go.
const maxEntries = 5000

// pane is what the window has of one room, of a conversation with one user, or of a search.
type pane struct {
	room   string // "" before there is any; a user's name for a conversation, resultsName for what has been found
	strip         // its end
	past   *strip // what is in sight in place of the end, nil for nothing: messages from before
	unread int
	open   bool
	more   func(*window, *pane) // fetches what stands in front, where that is nothing that was said in a room

	last    session.MessageID // the last message that there is
	seen    session.MessageID // the last that the person has had before their eyes
	read    session.MessageID // the last that the server knows to have been read, by whatever device
	filling bool              // older messages have been asked for, once for each connection
}

// resultsName is the room of the pane that has what was found. No room and no user is called so.
const resultsName = "/search"

func (p *pane) isResults() bool { return p.room == resultsName }

// isPrivate says whether the pane is a conversation with one user.
func (p *pane) isPrivate() bool { return p.room != "" && p.room[0] != '#' && p.room[0] != '/' }

// sight is the strip that is in sight.
func (p *pane) sight() *strip {
	if p.past != nil {
		return p.past
	}
	return &p.strip
}

// toEnd goes back to the end, and to the present.
func (p *pane) toEnd() {
	if p.past != nil {
		p.past, p.unread = nil, 0
	}
	p.above = 0
	p.forgetAim()
}

// add puts an entry at the end.
func (p *pane) add(e entry) { p.addAt(len(p.entries), e) }

func (p *pane) addAt(at int, e entry) {
	e.text, e.who, e.to = shown(e.text), shown(e.who), shown(e.to)
	if isMessage(e.tone) {
		p.last = e.id.Later(p.last)
	}
	p.put(at, e)
	p.trim()
}

// trim drops the oldest entries and their rows, where there are too many. They can be had again.
func (p *pane) trim() {
	if len(p.entries) > maxEntries+maxEntries/10 {
		p.drop(0, len(p.entries)-maxEntries)
		p.head = head{}
	}
}

// mark marks the entries of these numbers, and gives them new ones.
func (p *pane) mark(numbers map[int64]int64, m mark) {
	left := len(numbers)
	for i := len(p.entries) - 1; i >= 0 && left > 0; i-- {
		e := &p.entries[i]
		to, ok := numbers[e.number]
		if !ok || e.number == 0 {
			continue
		}
		left--
		e.number, e.mark = to, m
		p.redraw(i)
	}
}

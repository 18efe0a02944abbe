package main

import (
	"strconv"
	"time"

	tea "charm.land/bubbletea/v2"

	"looproom/cmd/loopchat/session"
)

const (
	// readsAtOnce is how many rooms and conversations the server is told to have been read each second. Of one it is told once a second at most.
	readsAtOnce = 4
	// maxConversations is how many are noted to have been read, and not told yet.
	maxConversations = 100
	// newcomers is how many messages a newcomer to a room is told of. Of who has been away for more there may be others in between.
	newcomers = 10
	// maxFilled is how many are asked for at most then.
	maxFilled = 200
)

// reading is how far the person has read, for their other devices: a server that gives messages ids keeps a mark for each room and conversation.
// In the panes stands how far it is for rooms.
type reading struct {
	conversations map[string]session.MessageID // with others, by name: read here, and not told yet
	off           bool                         // the server keeps no marks
}

// look notes what is before the person's eyes: the room in sight, at its end, where somebody is at the keys.
func look(w *window) {
	if p := w.shown(); p.above == 0 && p.past == nil && !w.presence.away {
		p.seen = p.last
	}
}

// tellRead tells the server what has been read since. With the slash a server that keeps no marks says it to nobody.
func tellRead(w *window) {
	link := w.session.Link()
	if link == nil || w.entrance.state != up || w.leaving || !w.chat.Person || !w.chat.IDs || w.reading.off {
		return
	}
	left := readsAtOnce
	for _, p := range w.panes.all {
		if p.seen.After(p.read) && (p.isPrivate() || w.chat.Room(p.room) != nil) && left > 0 {
			left--
			p.read = p.seen
			link.Ask("/read " + p.room + " " + p.seen.String())
		}
	}
	for name, id := range w.reading.conversations {
		if left > 0 {
			left--
			delete(w.reading.conversations, name)
			link.Ask("/read " + name + " " + id.String())
		}
	}
}

// note notes that a private message has come before the person's eyes.
func (r *reading) note(name string, id session.MessageID) {
	if id.None() || (len(r.conversations) >= maxConversations && r.conversations[name].None()) {
		return
	}
	if r.conversations == nil {
		r.conversations = map[string]session.MessageID{}
	}
	r.conversations[name] = id.Later(r.conversations[name])
}

// hearRead takes how far a room has been read, by this window or another device. What is missing of the messages behind the mark is asked for.
func hearRead(w *window, at *pane, e *session.Event) tea.Cmd {
	if e.Own {
		w.tell(toneAnswer, e.Who+": "+plural(int(e.Count), "message")+" not read")
	}
	if at == nil {
		at = w.conversation(e.Who)
	}
	if at == nil {
		return nil
	}
	if w.entrance.state == up && e.ID.After(at.read) {
		w.presence.elsewhere(time.Now())
	}
	at.read = e.ID.Later(at.read)
	if at != w.shown() {
		at.unread = int(e.Count)
	}
	if e.Count > at.behind(e.ID) {
		fill(w, at, e.Count)
	}
	return nil
}

// fill asks for the last messages of a room, of which some are missing, once for each connection.
func fill(w *window, at *pane, count int64) {
	link := w.session.Link()
	if at.filling || link == nil || !w.chat.IDs || at.isPrivate() {
		return
	}
	at.filling = true
	link.Ask("RECENT " + at.room + " " + strconv.FormatInt(min(count+newcomers, maxFilled), 10))
}

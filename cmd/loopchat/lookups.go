package main

import (
	"slices"
	"strconv"

	tea "charm.land/bubbletea/v2"

	"looproom/cmd/loopchat/session"
)

// maxLookups is how many questions for messages from before may wait for the one that is under way.
const maxLookups = 8

// lookups are questions for messages from before. One is asked at a time.
type lookups struct {
	under  *lookup // nil for none
	queue  []*lookup
	count  int    // names each
	off    string // the server has no such messages, in words; "" where that isn't known. Of this connection
	search search // the last
}

// lookup is one question. What comes belongs to the pane that it was asked for, wherever the person is by then.
type lookup struct {
	line  string
	pane  *pane
	strip *strip // of the pane, which may have another in sight by then
	where string // as the head of the answer has it, "" for a search
	n     int    // messages that were asked for: what is more than that is dropped
	done  func(w *window, l *lookup)

	after, before session.MessageID // between which its rows are; none for no bound

	tag   string
	told  bool // the head of the answer has come, and is the right one
	end   bool // there is nothing behind the rows, on the side that was asked for
	wrong string
	rows  []entry           // oldest first; newest first of a search. Several of one message, if that has several lines
	count int               // messages
	lines int               // of the last
	last  session.MessageID // of the row that has come last, none if that was not taken
}

// ask asks, as soon as what was asked before has been answered. It is not for what has been asked already.
func (ls *lookups) ask(w *window, l *lookup) {
	link := w.session.Link()
	if l.wrong = ls.none(w); l.wrong == "" && len(ls.queue) >= maxLookups {
		l.wrong = "Too much has been asked for already."
	}
	if l.wrong != "" {
		l.done(w, l)
		return
	}
	ls.count++
	l.tag = "lookup " + strconv.Itoa(ls.count)
	ls.queue = append(ls.queue, l)
	ls.next(link)
}

// none says why nothing can be asked for just now, "" where it can.
func (ls *lookups) none(w *window) string {
	switch {
	case w.session.Link() == nil || w.entrance.state != up:
		return "There is no connection to fetch messages by."
	case !w.chat.IDs:
		return hasNone
	}
	return ls.off
}

const hasNone = "This server keeps no messages from before."

func (ls *lookups) next(link *session.Link) {
	if ls.under != nil || len(ls.queue) == 0 || link == nil {
		return
	}
	ls.under, ls.queue = ls.queue[0], ls.queue[1:]
	link.Look(ls.under.line, ls.under.tag)
}

// asked says whether something of that strip is on its way.
func (ls *lookups) asked(s *strip) bool {
	is := func(l *lookup) bool { return l.strip == s }
	return ls.under != nil && is(ls.under) || slices.ContainsFunc(ls.queue, is)
}

// of is the question that what has that tag belongs to, nil for none.
func (ls *lookups) of(tag string) *lookup {
	if ls.under == nil || ls.under.tag != tag {
		return nil
	}
	return ls.under
}

// drop has nothing come of what was asked for a strip, which has other entries now.
func (ls *lookups) drop(s *strip) {
	for _, l := range append(slices.Clone(ls.queue), ls.under) {
		if l != nil && l.strip == s {
			l.done = func(*window, *lookup) {}
		}
	}
}

// lost gives all up: the connection has ended.
func (ls *lookups) lost(w *window) {
	all := ls.queue
	if ls.under != nil {
		all = append([]*lookup{ls.under}, all...)
	}
	ls.under, ls.queue, ls.off = nil, nil, ""
	for _, l := range all {
		l.wrong = "The connection was lost."
		l.done(w, l)
	}
	for _, p := range w.panes.all { // the next server may have more
		if p.head.words == hasNone {
			p.head = head{}
		}
	}
}

// refused notes why there is no answer, and says whether e is about a question.
func (ls *lookups) refused(e *session.Event) bool {
	l := ls.of(e.Tag)
	if l == nil || session.Aside(e.Who) {
		return false
	}
	switch e.Who {
	case "unknown-command", "history-off":
		ls.off, l.wrong = hasNone, hasNone
	default:
		l.wrong = words(e)
	}
	return true
}

// take takes a row. Those that belong elsewhere, or are in no order, would be shown twice, or for ever.
func (l *lookup) take(e *session.Event, row entry) {
	if !e.ID.None() && e.ID == l.last {
		l.goesOn(e, &row)
		return
	}
	l.last = session.MessageID{}
	if !l.told || e.ID.None() || l.count >= l.n {
		return
	}
	if !l.after.None() && !e.ID.After(l.after) || !l.before.None() && !l.before.After(e.ID) {
		return
	}
	if n := len(l.rows); n > 0 && (e.ID.After(l.rows[n-1].id) == (e.Kind == session.Found) || e.ID == l.rows[n-1].id) {
		return
	}
	l.rows = append(l.rows, row)
	l.count, l.lines, l.last = l.count+1, 1, e.ID
}

// maxLines is how many lines of one message are shown.
const maxLines = 100

// goesOn takes one more line of the last message. What was found is told in one line.
func (l *lookup) goesOn(e *session.Event, row *entry) {
	l.lines++
	switch {
	case l.lines > maxLines:
	case e.Kind == session.Found:
		l.rows[len(l.rows)-1].text += " " + row.text
	default:
		l.rows = append(l.rows, *row)
	}
}

func hearHistory(w *window, _ *pane, e *session.Event) tea.Cmd {
	if l := w.lookups.of(e.Tag); l != nil && l.where != "" {
		l.told, l.end = sameName(e.Who, l.where), e.N == 1
		return nil
	}
	w.put(nil, entry{tone: toneAnswer, text: words(e)})
	return nil
}

func hearSearch(w *window, _ *pane, e *session.Event) tea.Cmd {
	if l := w.lookups.of(e.Tag); l != nil && l.where == "" {
		l.told, l.end = true, e.N == 0
		return nil
	}
	w.put(nil, entry{tone: toneAnswer, text: words(e)})
	return nil
}

func hearFound(w *window, _ *pane, e *session.Event) tea.Cmd {
	if l := w.lookups.of(e.Tag); l != nil {
		l.take(e, foundEntry(w, e))
	}
	return nil
}

// hearAnswered does with the rows what they were asked for.
func hearAnswered(w *window, _ *pane, e *session.Event) tea.Cmd {
	l := w.lookups.of(e.Tag)
	if l == nil {
		return nil
	}
	w.lookups.under = nil
	if !l.told && l.wrong == "" {
		l.wrong = "The server has given no answer."
	}
	if slices.Contains(w.panes.all, l.pane) {
		l.done(w, l)
	}
	w.lookups.next(w.session.Link())
	return nil
}

// remembered is a message of an answer as an entry of the room or the conversation where it was said.
func remembered(w *window, e *session.Event, where string) entry {
	told := entry{at: e.When.Local(), tone: toneMessage, who: shown(e.Who), text: shown(e.Text), id: e.ID}
	if e.Action {
		told.tone = toneAction
	}
	// In a conversation one may have had another name then.
	own := e.Who == w.chat.Name || e.Who == w.wish.Name
	if e.Direct {
		own = !sameName(e.Who, where)
	}
	if own {
		told.who = you
	}
	return told
}

// foundEntry is one as a row of what was found.
func foundEntry(w *window, e *session.Event) entry {
	f := remembered(w, e, e.Place)
	f.act, f.tone, f.place = e.Action, toneFound, shown(e.Place)
	switch {
	case e.Direct && f.who == you:
		f.to = e.Place
	case e.Direct:
		f.to = you
	}
	f.hits = w.lookups.search.words
	return f
}

package main

import (
	"slices"

	tea "charm.land/bubbletea/v2"

	"looproom/cmd/loopchat/session"
)

// recall is a list of recent messages that is coming in.
type recall struct {
	left    int64
	entries []entry
	asked   bool // by the person, who sees all of it
	missed  bool // the server knows that the person has been away
}

func hearRecent(w *window, _ *pane, e *session.Event) tea.Cmd {
	w.recall = recall{left: e.Count, asked: e.Own}
	if w.recall.asked {
		w.tell(toneNotice, plural(int(e.Count), "recent message")+":")
	}
	return nil
}

func hearMissed(w *window, _ *pane, e *session.Event) tea.Cmd {
	w.recall = recall{left: e.Count, missed: true}
	return nil
}

// hearRecalled collects the messages. Those that are in the history already aren't shown again.
func hearRecalled(w *window, at *pane, e *session.Event) tea.Cmd {
	if l := w.lookups.of(e.Tag); l != nil {
		l.take(e, remembered(w, e, l.where))
		return nil
	}
	r := &w.recall
	r.entries = append(r.entries, recalled(w, e))
	if r.left--; r.left > 0 {
		return nil
	}
	switch all := r.entries; {
	case at == nil && r.missed:
		missPrivate(w, all)
	case at == nil:
	case r.asked:
		for _, old := range all {
			old.id, old.again = session.MessageID{}, true
			at.add(old)
		}
	default:
		r.join(w, at)
	}
	r.entries = nil
	return nil
}

// recalled is a message of a list as an entry.
func recalled(w *window, e *session.Event) entry {
	told := entry{at: e.When.Local(), tone: toneMessage, who: e.Who, text: shown(e.Text), id: e.ID}
	if told.who != "" && (told.who == w.chat.Name || told.who == w.wish.Name) {
		told.who = you
	}
	switch {
	case e.Direct && e.To != "":
		told.tone, told.who, told.to = tonePrivate, you, e.To
	case e.Direct:
		told.tone, told.to = tonePrivate, you
	case e.Action:
		told.tone = toneAction
	}
	return told
}

// join puts what has come into the history. What the person has missed counts as unread where it is out of sight, and where there may be more in
// between, that is asked for.
func (r *recall) join(w *window, at *pane) {
	last := at.last
	var fresh []entry
	if r.entries[0].id.None() {
		fresh = at.append(r.entries, r.missed)
	} else {
		fresh = at.merge(r.entries, r.missed)
	}
	if r.missed && at != w.shown() {
		at.unread += countMessages(ofOthers(fresh))
	}
	if !r.missed && !last.None() && len(fresh) >= newcomers && r.entries[0].id.After(last) {
		fill(w, at, maxFilled)
	}
}

func ofOthers(entries []entry) []entry {
	return slices.DeleteFunc(slices.Clone(entries), func(e entry) bool { return e.who == you })
}

// countMessages is how many messages these lines are of: those of one message have its id, and stand one behind the other.
func countMessages(entries []entry) (n int) {
	for i := range entries {
		if id := entries[i].id; id.None() || i == 0 || id != entries[i-1].id {
			n++
		}
	}
	return n
}

// missConversation puts a private message into the conversation that it belongs to, where that has a pane.
func missConversation(w *window, e entry) bool {
	p := w.conversation(e.who)
	if p == nil || e.who == you {
		return false
	}
	goesOn := !e.id.None() && p.holds(e.id)
	e.tone, e.to = toneMessage, ""
	if p.insert(e, e.id); p != w.shown() && !goesOn {
		p.unread++
	}
	return true
}

// missPrivate shows private messages that have come while the person was away, but those that are in sight in any room already.
func missPrivate(w *window, all []entry) {
	all = slices.DeleteFunc(all, func(e entry) bool {
		return e.tone != tonePrivate || slices.ContainsFunc(w.panes.all, func(p *pane) bool { return p.holds(e.id) })
	})
	all = slices.DeleteFunc(all, func(e entry) bool { return missConversation(w, e) })
	if len(all) == 0 {
		return
	}
	w.put(nil, awayHead(plural(countMessages(all), "private message")))
	for _, e := range all {
		w.put(nil, e)
		w.reading.note(e.who, e.id)
	}
}

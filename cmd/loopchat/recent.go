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
			old.id = session.MessageID{} // it stands there twice then
			at.add(old)
		}
	case all[0].id.None():
		for _, old := range all[overlap(at.entries, all):] {
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
	fresh := at.merge(r.entries, r.missed)
	if r.missed && at != w.shown() {
		at.unread += len(ofOthers(fresh))
	}
	if !r.missed && !last.None() && len(fresh) >= newcomers && r.entries[0].id.After(last) {
		fill(w, at, maxFilled)
	}
}

func ofOthers(entries []entry) []entry {
	return slices.DeleteFunc(slices.Clone(entries), func(e entry) bool { return e.who == you })
}

// missPrivate shows private messages that have come while the person was away, but those that are in sight in any room already.
func missPrivate(w *window, all []entry) {
	all = slices.DeleteFunc(all, func(e entry) bool {
		return e.tone != tonePrivate || slices.ContainsFunc(w.panes.all, func(p *pane) bool { return p.holds(e.id) })
	})
	if len(all) == 0 {
		return
	}
	w.put(nil, awayHead(plural(len(all), "private message")))
	for _, e := range all {
		w.put(nil, e)
		w.reading.note(e.who, e.id)
	}
}

// overlap returns how many messages at the front of recent are the last ones of the history, but for those at its end that may not have arrived.
func overlap(history, recent []entry) int {
	for {
		if n := overlapEnd(history, recent); n > 0 {
			return n
		}
		last := len(history) - 1
		for last >= 0 && !isMessage(history[last].tone) {
			last--
		}
		if last < 0 || history[last].mark == arrived {
			return 0
		}
		history = history[:last]
	}
}

// overlapEnd is overlap with the end of the history as it is.
func overlapEnd(history, recent []entry) int {
	var last []entry
	for i := len(history) - 1; i >= 0 && len(last) < len(recent); i-- {
		if isMessage(history[i].tone) {
			last = append([]entry{history[i]}, last...)
		}
	}
	for n := len(last); n > 0; n-- {
		if sameMessages(last[len(last)-n:], recent[:n]) {
			return n
		}
	}
	return 0
}

func sameMessages(a, b []entry) bool {
	for i := range a {
		if a[i].tone != b[i].tone || a[i].who != b[i].who || a[i].text != b[i].text {
			return false
		}
	}
	return true
}

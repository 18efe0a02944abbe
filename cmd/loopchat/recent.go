package main

import (
	tea "charm.land/bubbletea/v2"

	"looproom/cmd/loopchat/session"
)

// recall is a list of recent messages that is coming in.
type recall struct {
	left    int64
	entries []entry
	asked   bool // by the person, who sees all of it
}

func hearRecent(w *window, _ *pane, e *session.Event) tea.Cmd {
	w.recall = recall{left: e.Count, asked: e.Own}
	if w.recall.asked {
		w.tell(toneNotice, plural(int(e.Count), "recent message")+":")
	}
	return nil
}

// hearRecalled collects the messages. After a reconnect, those that are in the history already aren't shown again.
func hearRecalled(w *window, at *pane, e *session.Event) tea.Cmd {
	r := &w.recall
	t := toneMessage
	if e.Action {
		t = toneAction
	}
	who := e.Who
	if who != "" && (who == w.chat.Name || who == w.wish.Name) {
		who = you
	}
	r.entries = append(r.entries, entry{at: e.When.Local(), tone: t, who: who, text: shown(e.Text)})
	if r.left--; r.left > 0 || at == nil {
		return nil
	}
	known := 0
	if !r.asked {
		known = overlap(at.entries, r.entries)
	}
	for _, old := range r.entries[known:] {
		at.add(old)
	}
	r.entries = nil
	return nil
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

func isMessage(t tone) bool { return t == toneMessage || t == toneAction }

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

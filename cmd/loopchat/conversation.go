package main

import (
	"slices"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"looproom/cmd/loopchat/session"
)

// converse is /query NAME [words]: what is written with one user has a pane of its own from then on, with what was written before. It says whether there is one.
func converse(w *window, name string) bool {
	if name == "" || strings.HasPrefix(name, "#") {
		w.tell(toneAlarm, "/query NAME opens a conversation with one user.")
		return false
	}
	open(w, name)
	return true
}

// open brings the conversation with a user in sight.
func open(w *window, name string) *pane {
	p := w.find(name)
	if p == nil {
		p = w.pane(name)
		p.add(entry{at: time.Now(), tone: toneNotice, text: "Only you and " + p.room + " read this. /part closes it."})
		older(w, p, pastPage/2)
	}
	w.show(slices.Index(w.panes.all, p))
	return p
}

// shut is /part of what is no room. It says whether that is in sight.
func shut(w *window) bool {
	p := w.shown()
	if !p.isPrivate() && !p.isResults() || len(w.panes.all) == 1 {
		return false
	}
	w.close(w.at)
	w.show(w.at)
	return true
}

// isRoom says whether a room is in sight, and tells who wants to do something with it where none is.
func isRoom(w *window) bool {
	p := w.shown()
	if p.isPrivate() || p.isResults() {
		w.tell(toneAlarm, "That is for rooms; Alt-1 goes back to one.")
		return false
	}
	return true
}

// renameConversation has the conversation go on with who has another name now, not with who may take the one from before.
func renameConversation(w *window, from, to string) {
	if p := w.conversation(from); p != nil && w.find(to) == nil {
		p.room = to
	}
}

// hearTold shows a private message that the person has sent by another connection.
func hearTold(w *window, _ *pane, e *session.Event) tea.Cmd {
	said := entry{tone: tonePrivate, to: e.To, text: e.Text, id: e.ID}
	p := w.conversation(e.To)
	if p != nil {
		if w.lately.knows(p, e.ID) {
			return nil
		}
		said.tone, said.to = toneMessage, ""
	}
	sayToo(w, p, said)
	return nil
}

func hearWhispered(w *window, _ *pane, e *session.Event) tea.Cmd {
	if p := w.conversation(e.Who); p != nil {
		if !w.lately.knows(p, e.ID) {
			w.put(p, entry{tone: toneMessage, who: e.Who, text: e.Text, id: e.ID})
		}
		return nil
	}
	w.put(nil, entry{tone: tonePrivate, who: e.Who, to: you, text: e.Text, id: e.ID})
	if !w.presence.away {
		w.reading.note(e.Who, e.ID)
	}
	return nil
}

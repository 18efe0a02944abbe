package main

import (
	"slices"
	"time"

	tea "charm.land/bubbletea/v2"

	"looproom/cmd/loopchat/session"
)

// What a person's other connections do, as this window hears of it. Session has made sure that it is so.

// sayToo shows what the person has said by another connection.
func sayToo(w *window, at *pane, said entry) {
	said.who = you
	w.put(at, said)
	w.presence.elsewhere(time.Now())
}

// hearEntering opens a room, with the messages that there are.
func hearEntering(w *window, at *pane, e *session.Event) tea.Cmd {
	at.open = true
	w.put(at, entry{tone: toneNotice, text: "You have joined " + e.Who + " by another connection."})
	at.filling = false
	fill(w, at, 0)
	return nil
}

func hearLeaving(w *window, _ *pane, e *session.Event) tea.Cmd {
	closeRoom(w, e.Who, "You have left "+e.Who+" by another connection.")
	return nil
}

// hearOfOneself takes what has become of the person.
func hearOfOneself(w *window, e *session.Event) {
	switch e.Kind {
	case session.Renamed:
		w.wish.Called(e.Text)
		w.tell(toneNotice, "You are "+e.Text+" now.")
	case session.WentAway:
		w.presence.turned(true, time.Now())
	case session.CameBack:
		w.presence.turned(false, time.Now())
	}
}

// refocus makes sure which room is the server's current one. Where a person leaves it, the next one may have been chosen by another connection.
func refocus(w *window) {
	if link, room := w.session.Link(), w.chat.Current(); link != nil && room != nil && w.chat.Person {
		link.Ask("JOIN " + room.Name)
	}
}

// hearIDs shows the answer to who has asked by hand.
func hearIDs(w *window, _ *pane, e *session.Event) tea.Cmd {
	if e.Own {
		w.tell(toneAnswer, words(e))
	}
	return nil
}

// hearRegistered keeps the password, by which the person is to come back.
func hearRegistered(w *window, _ *pane, e *session.Event) tea.Cmd {
	if typed := &w.entrance.password; typed.Password != "" && sameName(typed.Name, e.Who) {
		w.wish.Knows(e.Who, typed.Password)
	}
	w.put(nil, entry{tone: toneAnswer, text: words(e)})
	return nil
}

// closeRoom takes the pane of a room away that the person has left, if there is another.
func closeRoom(w *window, name, why string) {
	if p := w.find(name); p == nil || len(w.panes.all) == 1 {
		why += " /join " + session.Lobby + " goes back to the lobby."
	} else {
		w.close(slices.Index(w.panes.all, p))
		w.show(w.at)
	}
	w.tell(toneNotice, why)
	refocus(w)
}

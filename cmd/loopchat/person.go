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

// called is a room that has just got another name, of which the person hears as of one that it enters, and then as of one that it leaves; the zero value is none.
type called struct {
	words string // that say so
	shown bool   // it was in sight
}

// hearCalling notes that the room which is entered next is the same by another name.
func hearCalling(w *window, at *pane, e *session.Event) tea.Cmd {
	w.called = called{words: e.Text, shown: at == w.shown()}
	return nil
}

// hearEntering opens a room, with the messages that there are.
func hearEntering(w *window, at *pane, e *session.Event) tea.Cmd {
	at.open = true
	why := w.called.words
	if why == "" {
		why = "You have joined " + e.Who + " by another connection."
	}
	w.put(at, entry{tone: toneNotice, text: why})
	at.filling = false
	fill(w, at, 0)
	if w.called.shown {
		w.show(slices.Index(w.panes.all, at))
	}
	return nil
}

func hearLeaving(w *window, _ *pane, e *session.Event) tea.Cmd {
	if p := w.find(e.Who); w.called.words != "" && p != nil && len(w.panes.all) > 1 {
		w.close(slices.Index(w.panes.all, p))
		w.show(w.at)
	} else if w.called.words == "" {
		closeRoom(w, e.Who, "You have left "+e.Who+" by another connection.")
	}
	w.called = called{}
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

package main

import (
	"fmt"
	"slices"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"looproom/cmd/loopchat/session"
)

const (
	// maxListed is how large a room may be whose members are listed at the side: the list of a larger one is nothing that a person reads.
	maxListed = 500
	// listEvery is how often at most the list of up to smallRoom members is asked for again by itself; that of a larger one five times less.
	listEvery = 2 * time.Second
	smallRoom = 50
)

// list is what the client lists by itself, and what it has learned by lists.
type list struct {
	under bool      // a LIST that the person hasn't asked for is under way
	asked time.Time // when the last of these was asked for
	rooms []string  // names, for Tab
}

// ask asks for the members of the room in sight, if they aren't known and can be shown. Only the current room's can be asked for.
func (l *list) ask(w *window, now time.Time) {
	room, link := w.room(), w.session.Link()
	if room == nil || link == nil || room.Known || room.Count > maxListed || l.under || w.leaving {
		return
	}
	every := listEvery
	if room.Count > smallRoom {
		every *= 5
	}
	if now.Sub(l.asked) < every && len(room.Users()) > 0 {
		return
	}
	w.focus(link)
	l.under, l.asked = true, now
	link.Ask("LIST")
}

// show brings a pane in sight.
func (w *window) show(n int) {
	if w.bring(n) {
		w.typing.finding = completion{}
		w.list.ask(w, time.Now())
	}
}

func hearListed(w *window, at *pane, e *session.Event) tea.Cmd {
	if e.Own {
		w.put(at, entry{tone: toneAnswer, text: fmt.Sprintf("%s: %s", plural(int(e.Count), "user"), strings.Join(e.Names, " "))})
	} else if w.chat.Current().Whole() {
		w.list.under = false
	}
	return nil
}

// hearRoomTold shows a room of a list, and keeps its name for Tab.
func hearRoomTold(w *window, _ *pane, e *session.Event) tea.Cmd {
	w.list.know(e.Who)
	w.put(nil, entry{tone: toneAnswer, text: words(e)})
	return nil
}

// maxRooms is how many names of rooms are kept for Tab.
const maxRooms = 10_000

func (l *list) know(room string) {
	if len(l.rooms) < maxRooms && !slices.Contains(l.rooms, room) {
		l.rooms = append(l.rooms, room)
	}
}

// hearInvited keeps the room's name for Tab, too.
func hearInvited(w *window, _ *pane, e *session.Event) tea.Cmd {
	w.list.know(e.Text)
	w.put(nil, entry{tone: toneAnswer, text: e.Who + " invites you to " + e.Text + "; /join " + e.Text + " enters it."})
	return w.bell.ring(time.Now())
}

// hearFileTold shows a file of a list as people read it, without its sum.
func hearFileTold(w *window, _ *pane, e *session.Event) tea.Cmd {
	text := fmt.Sprintf("%s  %9s  %s  from %s", e.When.Local().Format("2006-01-02 15:04"), sizeText(e.Count), quoted(e.Who), e.Text)
	w.put(nil, entry{tone: toneAnswer, text: text})
	return nil
}

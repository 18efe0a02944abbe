package main

import (
	"slices"
	"time"

	tea "charm.land/bubbletea/v2"

	"looproom/cmd/loopchat/session"
)

// heard has what the window does with each kind of event. at is the room that it is about, nil for none or for the one in sight.
var heard = map[session.Kind]func(w *window, at *pane, e *session.Event) tea.Cmd{
	session.Connected:     hearConnected,
	session.Lost:          hearLost,
	session.Welcomed:      hearWelcomed,
	session.Ready:         hearReady,
	session.Delivered:     hearDelivered,
	session.Doubted:       hearDoubted,
	session.Refused:       hearRefused,
	session.Entered:       (*window).hearNotice,
	session.Left:          (*window).hearNotice,
	session.Digest:        (*window).hearNotice,
	session.TopicSet:      (*window).hearNotice,
	session.Renamed:       (*window).hearOfUser,
	session.WentAway:      (*window).hearOfUser,
	session.CameBack:      (*window).hearOfUser,
	session.Said:          (*window).hearSaid,
	session.Acted:         (*window).hearSaid,
	session.Whispered:     hearWhispered,
	session.Named:         hearNamed,
	session.Listed:        hearListed,
	session.Joined:        (*window).hearJoined,
	session.Parted:        (*window).hearParted,
	session.TopicIs:       (*window).hearTopic,
	session.IsAway:        (*window).hearAway,
	session.IsBack:        hearNothing,
	session.RecentFollows: hearRecent,
	session.Recalled:      hearRecalled,
	session.RoomTold:      hearRoomTold,
	session.FileTold:      hearFileTold,
	session.Progress:      hearProgress,
	session.Sent:          hearSent,
	session.Stored:        hearStored,
	session.Failed:        hearFailed,
	session.Bye:           hearNothing,

	session.MissedFollows:  hearMissed,
	session.ReadIs:         hearRead,
	session.IDsAre:         hearIDs,
	session.Registered:     hearRegistered,
	session.Told:           hearTold,
	session.Entering:       hearEntering,
	session.Leaving:        hearLeaving,
	session.Calling:        hearCalling,
	session.Invited:        hearInvited,
	session.KeepIs:         hearKeep,
	session.SessionsFollow: hearSessions,
	session.SessionTold:    hearSession,
	session.SessionOver:    hearSessionOver,
	session.RightsFollow:   hearRights,
	session.RightTold:      hearRight,
	session.RoomSet:        hearRoomSet,

	session.HistoryFollows: hearHistory,
	session.SearchFollows:  hearSearch,
	session.Found:          hearFound,
	session.Answered:       hearAnswered,
	session.Exporting:      hearExporting,
	session.Exported:       hearExported,
	session.Forgotten:      hearForgotten,
}

func (w *window) hearAll(events eventsMsg) tea.Cmd {
	var cmds []tea.Cmd
	for i := range events {
		if cmd := w.hear(&events[i]); cmd != nil {
			cmds = append(cmds, cmd)
		}
	}
	look(w)
	w.list.ask(w, time.Now())
	return tea.Batch(cmds...)
}

func (w *window) hear(e *session.Event) tea.Cmd {
	w.noteTopic(e)
	room := w.chat.Apply(e)
	w.wish.Follow(e)
	w.lately.hears(e.ID)
	var at *pane
	if room != nil {
		at = w.pane(room.Name)
	}
	if do := heard[e.Kind]; do != nil {
		return do(w, at, e)
	}
	w.put(nil, entry{tone: toneAnswer, text: words(e)})
	return nil
}

func (w *window) hearNotice(at *pane, e *session.Event) tea.Cmd {
	w.put(at, entry{tone: toneNotice, text: words(e)})
	return nil
}

// hearOfUser puts what has become of a user into each room where that user is.
func (w *window) hearOfUser(_ *pane, e *session.Event) tea.Cmd {
	name, told := e.Who, false
	if e.Kind == session.Renamed {
		name = e.Text
		renameConversation(w, e.Who, e.Text)
	}
	for _, room := range w.chat.Rooms() {
		if room.Has(name) {
			w.put(w.pane(room.Name), entry{tone: toneNotice, text: words(e)})
			told = true
		}
	}
	if !told {
		w.tell(toneNotice, words(e))
	}
	if name == w.chat.Name && name != "" {
		hearOfOneself(w, e)
	}
	return nil
}

func (w *window) hearSaid(at *pane, e *session.Event) tea.Cmd {
	t := toneMessage
	if e.Action {
		t = toneAction
	}
	said := entry{tone: t, who: e.Who, text: e.Text, id: e.ID}
	if w.lately.knows(at, e.ID) {
		return nil
	}
	if e.Who == w.chat.Name {
		sayToo(w, at, said)
		return nil
	}
	if !calls(e.Text, w.chat.Name) {
		w.put(at, said)
		return nil
	}
	said.called = w.chat.Name
	w.put(at, said)
	return w.bell.ring(time.Now())
}

func (w *window) hearJoined(at *pane, e *session.Event) tea.Cmd {
	if !at.open {
		at.open = true
		w.put(at, entry{tone: toneNotice, text: "You are in " + e.Who + " (" + plural(int(e.Count), "user") + " online)."})
	}
	if w.wanted != "" && sameName(w.wanted, e.Who) {
		w.wanted = ""
		w.show(slices.Index(w.panes.all, at))
	}
	return nil
}

func (w *window) hearParted(_ *pane, e *session.Event) tea.Cmd {
	closeRoom(w, e.Who, "You have left "+e.Who+".")
	return nil
}

// noteTopic marks, before the event is applied, a topic that is told for no other reason than that the room was made current: N becomes 2.
func (w *window) noteTopic(e *session.Event) {
	if e.Kind != session.TopicIs {
		return
	}
	if e.Own {
		return
	}
	if room := w.chat.Room(e.Who); room != nil && room.Topic == e.Text {
		e.N = 2
	}
}

func (w *window) hearTopic(at *pane, e *session.Event) tea.Cmd {
	if e.N != 2 {
		w.put(at, entry{tone: toneNotice, text: "The topic of " + e.Who + ": " + e.Text})
	}
	return nil
}

func (w *window) hearAway(*pane, *session.Event) tea.Cmd {
	if !w.presence.away {
		w.tell(toneNotice, "You are away; what you say next, or /back, ends that.")
	}
	return nil
}

func hearNothing(*window, *pane, *session.Event) tea.Cmd { return nil }

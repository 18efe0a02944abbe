package store

import (
	"slices"
	"strings"
	"testing"

	"looproom/loop/room"
)

// event is what ana does to the lobby, at the millisecond of its id.
func event(id room.MsgID, text string) Message {
	m := line(id, text)
	m.Event = true
	return m
}

// TestRoomEventsAreKept: what was done to a room stands among what was said there, for who asks for it, and for nobody else; and goes along wherever that goes.
func TestRoomEventsAreKept(t *testing.T) {
	s := mustOpen(t, t.TempDir())
	said := []Message{line(1, "hello"), event(2, "topic about hello"), event(3, "+voice bob "), line(4, "hello again"), event(5, "kick bob hello")}
	s.Say(said)
	fence(t, s, nil)
	wants := func(s *Store) {
		t.Helper()
		wantFound(t, s, &room.Look{Verb: room.History, Places: lobby, N: 10, Events: true}, 1, 2, 3, 4, 5)
		wantFound(t, s, &room.Look{Verb: room.History, Places: lobby, N: 2, Events: true}, 4, 5)
		wantFound(t, s, &room.Look{Verb: room.History, Places: lobby, N: 10}, 1, 4)
		wantFound(t, s, &room.Look{Verb: room.History, Places: lobby, N: 10, Before: 4}, 1)
		wantFound(t, s, &room.Look{Verb: room.History, Places: lobby, N: 10, Before: 4, Events: true}, 1, 2, 3)
		wantFound(t, s, &room.Look{Verb: room.Search, Places: lobby, N: 10, Words: "hello"}, 4, 1)
		wantFound(t, s, &room.Look{Verb: room.Export, Account: "ana", Places: lobby, N: 10}, 1, 4)
		if rows, err := s.Recent(room.LobbyPlace, 10, 1000); err != nil || !slices.Equal(idsOf(rows), []room.MsgID{1, 4}) {
			t.Errorf("Recent = %v, %v, want what was said", rows, err)
		}
	}
	wants(s)
	fence(t, s, func(l *ledger) error { _, err := l.index(); return err })
	wants(s)

	imported := mustOpen(t, t.TempDir())
	exported := mustExport(t, s)
	if err := imported.Import(t.Context(), strings.NewReader(exported)); err != nil {
		t.Fatal(err)
	}
	wants(imported)
	if again := mustExport(t, imported); again != exported {
		t.Errorf("exported again:\n%s\nwant\n%s", again, exported)
	}

	after, err := s.MessagesAfter(0, 10)
	if err != nil || !slices.EqualFunc(after, said, func(a, b Message) bool { return a == b }) {
		t.Errorf("MessagesAfter = %+v, %v, want what was said and done: %+v", after, err, said)
	}
	if last, err := s.LastMessage(); err != nil || last != 5 {
		t.Errorf("LastMessage = %v, %v, want 5, which no other message may have", last, err)
	}
	if n, err := s.Forget("ana"); err != nil || n != 5 {
		t.Errorf("Forget = %d, %v, want 5", n, err)
	}
	wantFound(t, s, &room.Look{Verb: room.History, Places: lobby, N: 10, Events: true})
}

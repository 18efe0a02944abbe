package store

import (
	"testing"

	"zombiezen.com/go/sqlite"

	"looproom/loop/room"
)

// asks has a look answered, and returns how many messages were found.
func asks(t *testing.T, s *Store, look *room.Look) (found int) {
	t.Helper()
	rows := make(chan int, 1)
	if !s.Ask("one", look, func(f Found, err error) {
		if err != nil {
			t.Error(err)
		}
		rows <- len(f.Rows)
	}) {
		t.Fatal("the question is not taken")
	}
	return <-rows
}

// TestWhatWasJustSaidIsFound although nothing has been written yet when it is asked for.
func TestWhatWasJustSaidIsFound(t *testing.T) {
	s := mustOpen(t, t.TempDir())
	defer s.Close()
	look := &room.Look{Verb: room.History, Places: lobby, N: 100}
	for n := range 20 {
		s.Say([]Message{line(room.MsgID(n+1), "said just now")})
		if found := asks(t, s, look); found != n+1 {
			t.Fatalf("%d messages are found, want %d", found, n+1)
		}
	}
}

// TestADiskThatHangsDelaysNoLook for longer than patience: what it has not taken is not found, and all else is.
func TestADiskThatHangsDelaysNoLook(t *testing.T) {
	s := mustOpen(t, t.TempDir())
	defer s.Close()
	s.Say(lines(1, 2))
	fence(t, s, nil)
	hangs, goOn := make(chan struct{}), make(chan struct{})
	changed := make(chan error, 1)
	go func() {
		changed <- s.Change(Change{key: "a disk that hangs", do: func(*sqlite.Conn) error {
			close(hangs)
			<-goOn
			return nil
		}})
	}()
	<-hangs
	s.Say(lines(3, 4))
	look := &room.Look{Verb: room.History, Places: lobby, N: 100}
	for n := range 5 {
		if found := asks(t, s, look); found != 2 {
			t.Errorf("look %d finds %d messages, want the 2 that are on the disk", n, found)
		}
	}
	if seq := s.queue.awaited(&room.Look{Before: 3}); seq != 0 {
		t.Errorf("a look further back waits for %d, want 0", seq)
	}
	close(goOn)
	if err := <-changed; err != nil {
		t.Error(err)
	}
	fence(t, s, nil)
	if found := asks(t, s, look); found != 4 {
		t.Errorf("%d messages are found once the disk goes on, want 4", found)
	}
}

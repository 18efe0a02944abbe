//go:build linux

package loop

import (
	"slices"
	"testing"
	"time"

	"looproom/loop/reactor"
	"looproom/loop/room"
)

// TestLettersInPieces: many letters are read in pieces, between which the loop looks at what has come, and in the order of posting, also where one of them goes on
// by itself and others are posted meanwhile.
func TestLettersInPieces(t *testing.T) {
	s, _ := start(t, testConfig(1))
	l := s.homeLoop()
	const posted, long = 300, reactor.MaxPiece / 5
	var read []int
	between := 0
	letter := func(n int) func() {
		return func() {
			read = append(read, n)
			for began := time.Now(); time.Since(began) < long; { // five of them are a piece
			}
		}
	}
	if err := l.reactor.Call(func() {
		l.reactor.AfterInput(func() { between = len(read) })
		for n := range posted {
			l.reactor.Post(letter(n))
		}
	}); err != nil {
		t.Fatal(err)
	}
	commands := make([]room.Command, 10_000)
	for i := range commands {
		commands[i] = l.server.command(room.NoClient, room.Tick)
	}
	l.reactor.Post(func() { l.home.applyAll(commands) })
	applied := false
	l.reactor.Post(func() {
		applied = l.meter.Stats().Apply.Count >= uint64(len(commands))
	})
	if err := l.reactor.Call(func() {}); err != nil {
		t.Fatal(err)
	}
	if want := slices.Collect(func(yield func(int) bool) {
		for n := range posted {
			if !yield(n) {
				return
			}
		}
	}); !slices.Equal(read, want) {
		t.Errorf("letters were read in the order %v, want that of posting", read)
	}
	if between > 5 {
		t.Errorf("%d letters were read before the loop looked at what had come, want at most 5", between)
	}
	if !applied {
		t.Error("a letter was read before the one that goes on before it was at its end")
	}
}

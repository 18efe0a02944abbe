//go:build linux

package reactor

import (
	"fmt"
	"slices"
	"testing"
	"time"
)

// TestLettersInPieces: many letters are read in pieces, between which the loop looks at what has come, and in the order of posting, also where one of them goes on
// by itself and others are posted meanwhile.
func TestLettersInPieces(t *testing.T) {
	f := start(t)
	l := f.loop
	const posted, long = 300, MaxPiece / 5
	var read, want []int
	between := 0
	letter := func(n int) func() {
		return func() {
			read = append(read, n)
			for began := time.Now(); time.Since(began) < long; { // five of them are a piece
			}
		}
	}
	f.do(t, func() {
		l.AfterInput(func() { between = len(read) })
		for n := range posted {
			want = append(want, n)
			l.Post(letter(n))
		}
		for n := range 3 {
			want = append(want, posted+n)
		}
		l.Post(func() {
			letter(posted)()
			l.GoOn(func() {
				letter(posted + 1)()
				l.GoOn(letter(posted + 2))
			})
		})
		l.Post(letter(posted + 3))
		want = append(want, posted+3)
	})
	f.do(t, func() {})
	if !slices.Equal(read, want) {
		t.Errorf("letters were read in the order %v, want that of posting", read)
	}
	if between > 5 {
		t.Errorf("%d letters were read before the loop looked at what had come, want at most 5", between)
	}
}

// TestInputComesBetweenPieces: work that goes on piece by piece lets each client's input in between, however many pieces there are.
func TestInputComesBetweenPieces(t *testing.T) {
	f := start(t)
	_, anns := f.enrol(t, "ann")
	pieces, goOn, ended := 0, true, make(chan struct{})
	var piece func()
	piece = func() {
		if pieces++; goOn {
			f.loop.AfterInput(piece)
			return
		}
		close(ended)
	}
	f.do(t, piece)
	for n := range 20 {
		words := fmt.Sprint("PING ", n)
		say(t, anns, words)
		f.expect(t, "ann said "+words)
	}
	var before, rounds int
	f.do(t, func() { before, rounds, goOn = pieces, f.rounds, false })
	<-ended
	if before < 20 {
		t.Errorf("%d pieces while 20 lines came, want at least as many: the work does not go on", before)
	}
	if rounds < before-1 {
		t.Errorf("%d rounds for %d pieces, want one for each", rounds, before)
	}
}

// TestPiecesInPieces: what is posted while many are looked at comes between two pieces, behind at most one more, and each is looked at once.
func TestPiecesInPieces(t *testing.T) {
	f := start(t)
	const many = 1000
	var looks []int // how many had been looked at each time that another letter came
	var seen []int
	err := f.loop.CallUntil(func(done func()) {
		f.loop.Pieces(func() int { return many }, func(i int) {
			seen = append(seen, i)
			if len(seen)%LooksAPiece == 1 {
				f.loop.Post(func() { looks = append(looks, len(seen)) })
			}
			for began := time.Now(); time.Since(began) < MaxPiece/LooksAPiece; { // a piece is one of LooksAPiece
			}
		}, done)
	})
	if err != nil {
		t.Fatal(err)
	}
	f.do(t, func() {}) // behind the last letter
	if len(seen) != many || !slices.IsSorted(seen) {
		t.Errorf("%d were looked at, in order: %v, want %d, each once", len(seen), slices.IsSorted(seen), many)
	}
	for n, after := range looks {
		if most := (n + 2) * LooksAPiece; after > most { // the next piece may be in the same batch of descriptors as the letter
			t.Fatalf("letter %d came after %d looks, want at most %d", n, after, most)
		}
	}
	if len(looks) < many/LooksAPiece {
		t.Errorf("%d letters came between the pieces, want at least %d", len(looks), many/LooksAPiece)
	}
}

// TestSoon: a task comes at the end of the round at hand, a letter posted behind it after it, and what waits for the input in the next round.
func TestSoon(t *testing.T) {
	f := start(t)
	var order []string
	f.do(t, func() {
		f.soon(func() { order = append(order, "task") })
		f.loop.Post(func() { order = append(order, "letter") })
		f.loop.AfterInput(func() { order = append(order, "behind the input") })
	})
	f.rounds2(t)
	if want := []string{"task", "letter", "behind the input"}; !slices.Equal(order, want) {
		t.Errorf("order = %q, want %q", order, want)
	}
}

// TestAlarms: alarms come in their time, each once and in a step of its own; thousands at once in pieces.
func TestAlarms(t *testing.T) {
	f := start(t)
	const many = 3000
	rung, done := map[uint64]uint8{}, make(chan struct{})
	var at time.Duration
	f.do(t, func() {
		at = f.loop.config.Clock() + 30*time.Millisecond
		f.alarm = func(id uint64, kind uint8) {
			if now := f.loop.config.Clock(); now < at {
				t.Errorf("alarm %d came at %v, want it at %v", id, now, at)
			}
			if _, twice := rung[id]; twice {
				t.Errorf("alarm %d came twice", id)
			}
			if rung[id] = kind; len(rung) == many {
				close(done)
			}
		}
		for id := range uint64(many) {
			f.loop.SetAlarm(30*time.Millisecond, id, uint8(id))
		}
		if n := f.loop.Alarms(); n != many {
			t.Errorf("Alarms = %d, want %d", n, many)
		}
	})
	select {
	case <-done:
	case <-time.After(testPatience):
		t.Fatal("not all alarms have come")
	}
	f.do(t, func() {
		for id, kind := range rung {
			if kind != uint8(id) {
				t.Errorf("alarm %d is of kind %d, want %d", id, kind, uint8(id))
			}
		}
		if f.loop.Alarms() != 0 || len(f.rang) == 0 {
			t.Errorf("Alarms = %d behind all, the timer rang %d times", f.loop.Alarms(), len(f.rang))
		}
	})
	one := make(chan struct{})
	f.do(t, func() {
		f.alarm = func(uint64, uint8) { close(one) }
		f.loop.SetAlarm(0, 1, 1)
	})
	select {
	case <-one:
	case <-time.After(testPatience):
		t.Fatal("an alarm that was set behind them has not come")
	}
}

// TestTimer: a timer rings once for the soonest of the times that it is set to, never before it, and can be set anew from then on.
func TestTimer(t *testing.T) {
	f := start(t)
	clock := f.loop.config.Clock
	rang := make(chan time.Duration, 10)
	var timer *Timer
	for range 2 {
		var soonest time.Duration
		f.do(t, func() {
			if timer == nil {
				timer = f.loop.NewTimer(func(due time.Duration) {
					if now := clock(); now < due {
						t.Errorf("rang at %v, set to %v", now, due)
					}
					rang <- due
				})
			}
			soonest = clock() + 5*time.Millisecond
			timer.Set(soonest + time.Hour)
			timer.Set(soonest)
			timer.Set(soonest + time.Millisecond)
		})
		select {
		case due := <-rang:
			if due != soonest {
				t.Errorf("rang for %v, want the soonest, %v", due, soonest)
			}
		case <-time.After(testPatience):
			t.Fatal("the timer has not rung")
		}
	}
	f.do(t, func() {
		if timer.at != 0 || len(rang) > 0 {
			t.Errorf("set to %v, rang %d times more, want neither", timer.at, len(rang))
		}
	})
}

package session

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"looproom/loop/rate"
)

// TestTurnEnds: a turn ends with its time, at a look at the clock, and its rest waits. Each handles a frame at least.
func TestTurnEnds(t *testing.T) {
	stream := strings.Repeat("line\n", 10*framesALook)
	tests := []struct {
		name string
		step time.Duration // how long framesALook frames take
		busy bool          // others have had a round's time before
		want int           // frames in the first turn
	}{
		{"quick", mostTurn / 20, false, 10 * framesALook},
		{"slow", mostTurn / 2, false, 2*framesALook - 1},
		{"very slow", 2 * mostTurn, false, framesALook - 1},
		{"when busy", mostTurn / 20, true, framesALook - 1},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			b := newBench(lineForm, rate.Rate{})
			b.step = test.step
			if test.busy {
				b.spent = roundMost
			}
			b.feed(stream)
			lines := 0
			for _, heard := range b.heard {
				if heard == `line "line"` {
					lines++
				}
			}
			if lines != test.want {
				t.Errorf("%d frames in a turn, want %d", lines, test.want)
			}
			if over := lines < 10*framesALook; over != (b.s.Hold() == ForTurn) {
				t.Errorf("held for %d behind %d frames", b.s.Hold(), lines)
			}
		})
	}
}

// TestTurnHandlesOne: in a turn that is over before it begins, one frame is handled all the same.
func TestTurnHandlesOne(t *testing.T) {
	b := newBench(lineForm, rate.Rate{})
	b.Saw(b.at + time.Hour)
	b.feed("one\ntwo\nthree\n")
	if got := strings.Join(b.heard, " "); got != `line "one" wait 4` {
		t.Errorf("heard %s, want one line", got)
	}
}

// TestTurnsGoRound: all who wait for a turn get one before anybody gets another, the time of a round at a time, and whose wait is over come before.
func TestTurnsGoRound(t *testing.T) {
	c := &clock{at: time.Hour}
	r := NewReader(c.read, "")
	if !r.AwaitTurn(1) || r.AwaitTurn(2) || r.AwaitTurn(3) {
		t.Error("a call of TakeTurns is asked for other than once")
	}
	var s Session
	s.HoldFor(ForAnswer)
	if r.Resume(&s, 9, ForHome) || s.Hold() != ForAnswer {
		t.Error("a wait for an answer has ended with one for the home loop")
	}
	if r.Resume(&s, 9, ForAnswer) || s.Hold() != Nothing {
		t.Error("a call is asked for twice, or the wait is not over")
	}
	var took []string
	asked := false
	goOn := func(id uint64, why Hold) {
		took = append(took, fmt.Sprint(id, why))
		r.BeginTurn(c.at)
		c.at += roundMost * 2 / 3
		r.EndTurn()
		if id != 9 && r.AwaitTurn(id) {
			if asked {
				t.Error("a call of TakeTurns is asked for twice in a round")
			}
			asked = true
		}
	}
	for range 3 {
		r.NewRound()
		asked = false
		if r.TakeTurns(goOn) == asked {
			t.Errorf("TakeTurns asks for another round, or somebody in it: %v; want one of them", asked)
		}
		took = append(took, "|")
	}
	want := fmt.Sprintf("9%[1]d 1%[2]d 2%[2]d | 3%[2]d 1%[2]d | 2%[2]d 3%[2]d |", Nothing, ForTurn)
	if got := strings.ReplaceAll(strings.Join(took, " "), " 4", "4"); strings.ReplaceAll(got, " ", "") != strings.ReplaceAll(want, " ", "") {
		t.Errorf("turns %s, want %s", got, want)
	}
}

// TestTurnsForAll: of a crowd that waits, each gets its turn, however few a round has time for and whoever comes meanwhile.
func TestTurnsForAll(t *testing.T) {
	c := &clock{at: time.Hour}
	r := NewReader(c.read, "")
	const crowd = 1000
	for id := range uint64(crowd) {
		r.AwaitTurn(id)
	}
	turns, rounds := map[uint64]int{}, 0
	for more := true; more; rounds++ {
		if rounds > crowd {
			t.Fatalf("%d rounds for %d", rounds, crowd)
		}
		r.NewRound()
		asked := false
		more = r.TakeTurns(func(id uint64, _ Hold) {
			r.BeginTurn(c.at)
			c.at += leastTurn
			r.EndTurn()
			if turns[id]++; turns[id] == 1 && id%7 == 0 {
				asked = r.AwaitTurn(id) || asked
			}
		}) || asked
	}
	for id := range uint64(crowd) {
		want := 1
		if id%7 == 0 {
			want = 2
		}
		if turns[id] != want {
			t.Errorf("client %d has had %d turns, want %d", id, turns[id], want)
		}
	}
	if least := crowd * int(leastTurn) / int(roundMost); rounds < least {
		t.Errorf("%d rounds, want at least %d", rounds, least)
	}
}

// TestTurnsAllocateNothing: who waits for turns again and again costs no memory.
func TestTurnsAllocateNothing(t *testing.T) {
	c := &clock{at: time.Hour}
	r := NewReader(c.read, "")
	for id := range uint64(10) {
		r.AwaitTurn(id)
	}
	goOn := func(id uint64, _ Hold) { r.AwaitTurn(id) }
	r.TakeTurns(goOn)
	if allocs := testing.AllocsPerRun(100, func() { r.TakeTurns(goOn) }); allocs != 0 {
		t.Errorf("%v allocations for a round of turns", allocs)
	}
}

// TestRoundIsAskedFor: once input has taken a quarter of a round's time, another look at the descriptors is wanted; what nobody has taken asks for none.
func TestRoundIsAskedFor(t *testing.T) {
	c := &clock{at: time.Hour}
	r := NewReader(c.read, "")
	if r.EndTurn() {
		t.Error("no turn asks for a round")
	}
	for i, want := range []bool{false, false, false, true, true} {
		r.BeginTurn(c.at)
		c.at += roundMost / 16
		r.BeginTurn(c.at) // of the same turn
		if got := r.EndTurn(); got != (want && i >= 3) {
			t.Errorf("turn %d asks: %v, want %v", i, got, want)
		}
	}
	r.NewRound()
	r.BeginTurn(c.at)
	if r.EndTurn() || r.Busy() {
		t.Error("a new round is asked for one")
	}
}

// TestResumeInTheMiddle: whoever waits for something that comes at once goes on at once, and not once more.
func TestResumeInTheMiddle(t *testing.T) {
	b := newBench(lineForm, rate.Rate{})
	asked := false
	b.obey = func(Frame) {
		b.s.HoldFor(ForAnswer)
		asked = asked || b.Resume(&b.s, 1, ForAnswer)
	}
	b.feed("one\ntwo\n")
	if got := strings.Join(b.heard, " "); got != `line "one" line "two"` || asked {
		t.Errorf("heard %s, asked %v; want both lines", got, asked)
	}
}

// TestSuspendedTurns: nobody has a turn until it goes on; what comes is kept, and then handled in order.
func TestSuspendedTurns(t *testing.T) {
	b := newBench(lineForm, rate.Rate{})
	b.feed("one\n")
	b.Suspend()
	b.feed("two\nthr")
	b.feed("ee\n")
	if b.AwaitTurn(7) || b.TakeTurns(func(uint64, Hold) { t.Error("somebody has a turn") }) {
		t.Error("a call of TakeTurns is asked for")
	}
	if got := strings.Join(b.heard, " "); got != `line "one" wait 4` {
		t.Errorf("heard %s, want one line", got)
	}
	if !b.Proceed() {
		t.Error("no call of TakeTurns is asked for, and one waits")
	}
	turns := 0
	b.TakeTurns(func(id uint64, why Hold) {
		turns++
		if b.s.Release(why); id == 7 {
			b.feed("")
		}
	})
	if got := strings.Join(b.heard, " "); got != `line "one" wait 4 line "two" line "three"` || turns != 1 {
		t.Errorf("heard %s in %d turns, want all three lines", got, turns)
	}
	if b.Suspend(); b.Proceed() {
		t.Error("a call of TakeTurns is asked for, and nobody waits")
	}
}

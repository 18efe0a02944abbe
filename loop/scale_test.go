//go:build linux

package loop

import (
	"slices"
	"testing"
	"time"

	"looproom/loop/budget"
	"looproom/loop/delivery"
	"looproom/loop/room"
	"looproom/loop/session"
)

// TestShedding: who holds most goes first, nobody goes for little, nobody once there is enough for the others, some at a time, and the loop doesn't look again at once.
func TestShedding(t *testing.T) {
	const clients = 50
	var (
		b      budget.Budget
		ps     peers
		shed   []int // by slot
		pauses []time.Duration
	)
	w := delivery.New(sink{}, delivery.Limits{})
	s := newScale(&b, w, &ps)
	s.again = func(after time.Duration) { pauses = append(pauses, after) }
	s.drop = func(p *peer, input bool) {
		if !input {
			t.Errorf("client %d is dropped for what it is sent, want for its input", p.id().Slot())
		}
		shed = append(shed, int(p.id().Slot()))
		ps[p.id().Slot()] = nil
		p.session.End()
		s.weighInput(p)
	}
	hold := func(p *peer, bytes int) bool {
		p.session.Put(make([]byte, bytes))
		return s.weighInput(p)
	}
	for slot := range clients {
		p := &peer{out: delivery.Unopened(uint64(room.NewClientID(uint32(slot), 1))), session: session.New(session.Form{Framing: session.Lines, MaxLine: 1 << 20})}
		ps.put(p)
		if hold(p, slot*greedy/4) { // as much as is greedy from slot 4 on
			t.Fatal("there is too little memory without a ceiling")
		}
	}
	check := func(what string, wantShed []int, wantPauses ...time.Duration) {
		t.Helper()
		if !slices.Equal(shed, wantShed) || !slices.Equal(pauses, wantPauses) {
			t.Errorf("%s: shed %v with pauses %v, want %v, %v", what, shed, pauses, wantShed, wantPauses)
		}
		shed, pauses = nil, nil
	}
	down := func(from, to int) (slots []int) {
		for slot := from; slot >= to; slot-- {
			slots = append(slots, slot)
		}
		return slots
	}
	s.weighOutput()
	check("enough memory", nil)

	b.SetMost(b.Total() * 16 / 15) // what is above the mark is none
	s.weighOutput()
	check("just enough", nil)
	if !hold(ps[0], 10) && !b.Over() {
		t.Fatal("one more holds nothing")
	}
	s.weighOutput()
	check("a little too much", []int{49}, shedPause)

	b.SetMost(1)
	s.weighOutput()
	check("before the pause is over", nil)
	s.mayShedAgain()
	check("much too much", down(48, 33), shedPause)
	s.mayShedAgain()
	s.mayShedAgain()
	check("and twice more", down(32, 4), shedPause, shedPause)
	s.mayShedAgain()
	check("who holds little", nil, time.Second)
	if held := b.Held(budget.RecvQ); held <= 0 || held > 10*greedy {
		t.Errorf("%d bytes are held, want those of the few who hold little", held)
	}
}

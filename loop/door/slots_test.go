//go:build linux

package door

import (
	"testing"

	"looproom/loop/room"
)

func TestSlotsAreUsedAgainUnderAnotherName(t *testing.T) {
	s := newSlots(MaxLoops)
	s.setMost(2)
	a, _ := s.take()
	b, _ := s.take()
	if _, ok := s.take(); ok {
		t.Fatal("take gave a third name, want none over the limit of 2")
	}
	if LoopOf(a) != 0 || LoopOf(b) != 1 {
		t.Errorf("LoopOf = %d and %d, want 0 and 1", LoopOf(a), LoopOf(b))
	}
	s.give(a)
	c, ok := s.take()
	if !ok || c.Slot() != a.Slot() || c == a {
		t.Errorf("take after give = %x, %v; want slot %d under another name than %x", c, ok, a.Slot(), a)
	}
}

// TestSlotsOfLoops: who comes goes to the loop that has the fewest.
func TestSlotsOfLoops(t *testing.T) {
	s := newSlots(3)
	s.setMost(100)
	var first [3]room.ClientID
	for n := range 9 {
		id, _ := s.take()
		if LoopOf(id) != n%3 {
			t.Fatalf("connection %d is of loop %d, want %d", n, LoopOf(id), n%3)
		}
		first[n%3] = id
	}
	s.give(first[1])
	if id, _ := s.take(); LoopOf(id) != 1 {
		t.Errorf("the next one is of loop %d, want 1, which one has left", LoopOf(id))
	}
	if count, peak := s.swing(); count != 9 || peak != 9 {
		t.Errorf("swing = %d, %d; want 9, 9", count, peak)
	}
}

// TestSlotsOfANode: the names are those of the node, and tell else what they do without one.
func TestSlotsOfANode(t *testing.T) {
	s, alone := newSlots(2), newSlots(2)
	s.setMost(100)
	alone.setMost(100)
	s.node.Store(200)
	for range 3 {
		id, _ := s.take()
		want, _ := alone.take()
		if id.Node() != 200 || id != want.On(200) || LoopOf(id) != LoopOf(want) || want.Node() != 0 {
			t.Errorf("take = %x, want %x on node 200", id, want)
		}
		s.give(id)
		alone.give(want)
	}
	if s.setMost(1 << 30); s.most != room.MaxSlots {
		t.Errorf("there may be %d connections, and %d slots", s.most, room.MaxSlots)
	}
}

//go:build linux

package loop

import "testing"

func TestSlotsAreUsedAgainUnderAnotherName(t *testing.T) {
	s := newSlots(2)
	a, _ := s.take(1)
	b, _ := s.take(255)
	if _, ok := s.take(0); ok {
		t.Fatal("take gave a third name, want none over the limit of 2")
	}
	if loopOf(a) != 1 || loopOf(b) != 255 {
		t.Errorf("loopOf = %d and %d, want 1 and 255", loopOf(a), loopOf(b))
	}
	s.give(a)
	c, ok := s.take(1)
	if !ok || c.Slot() != a.Slot() || c == a {
		t.Errorf("take after give = %x, %v; want slot %d under another name than %x", c, ok, a.Slot(), a)
	}
}

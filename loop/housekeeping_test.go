//go:build linux

package loop

import (
	"testing"

	"looproom/loop/room"
)

// TestCrowd: memory is given back once a crowd has come, and not before it is quiet.
func TestCrowd(t *testing.T) {
	s := newSlots(10 * crowd)
	look := func(h *housekeeping) bool { return h.due(s.swing()) }
	var h housekeeping
	if look(&h) {
		t.Error("due with nobody there, want not due")
	}
	for range 2 * crowd {
		id, _ := s.take(0)
		defer s.give(id)
	}
	if look(&h) {
		t.Error("due while a crowd comes, want not due before it is quiet")
	}
	if !look(&h) {
		t.Error("not due once the crowd is in, want due")
	}
	one, _ := s.take(0)
	s.give(one)
	for range 2 {
		if look(&h) {
			t.Error("due after one visitor, want not due")
		}
	}
	for range crowd {
		id, _ := s.take(0)
		defer s.give(id)
	}
	look(&h)
	if !look(&h) {
		t.Error("not due after another crowd, want due")
	}
}

// TestVisitBetweenTwoLooks: who comes and goes between two looks counts.
func TestVisitBetweenTwoLooks(t *testing.T) {
	s, h := newSlots(10*crowd), housekeeping{}
	h.due(s.swing())
	ids := make([]room.ClientID, crowd)
	for i := range ids {
		ids[i], _ = s.take(0)
	}
	for _, id := range ids {
		s.give(id)
	}
	if !h.due(s.swing()) {
		t.Error("not due after a crowd that came and went between two looks, want due")
	}
	if h.due(s.swing()) {
		t.Error("due once more, want not due")
	}
}

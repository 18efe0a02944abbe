//go:build linux

package loop

import "testing"

// TestCrowd: memory is given back once a crowd has come, and not before it is quiet.
func TestCrowd(t *testing.T) {
	var s swing
	look := func(h *housekeeping) bool { return h.due(s.look()) }
	var h housekeeping
	if look(&h) {
		t.Error("due with nobody there, want not due")
	}
	for range 2 * crowd {
		s.come()
	}
	if look(&h) {
		t.Error("due while a crowd comes, want not due before it is quiet")
	}
	if !look(&h) {
		t.Error("not due once the crowd is in, want due")
	}
	s.come()
	s.leave()
	for range 2 {
		if look(&h) {
			t.Error("due after one visitor, want not due")
		}
	}
	for range crowd {
		s.come()
	}
	look(&h)
	if !look(&h) {
		t.Error("not due after another crowd, want due")
	}
}

// TestVisitBetweenTwoLooks: who comes and goes between two looks counts.
func TestVisitBetweenTwoLooks(t *testing.T) {
	var (
		s swing
		h housekeeping
	)
	h.due(s.look())
	for range crowd {
		s.come()
	}
	for range crowd {
		s.leave()
	}
	if !h.due(s.look()) {
		t.Error("not due after a crowd that came and went between two looks, want due")
	}
	if h.due(s.look()) {
		t.Error("due once more, want not due")
	}
}

// swing counts connections as the doors do.
type swing struct{ count, peak int }

func (s *swing) come() {
	s.count++
	s.peak = max(s.peak, s.count)
}

func (s *swing) leave() { s.count-- }

func (s *swing) look() (count, peak int) {
	count, peak = s.count, s.peak
	s.peak = s.count
	return count, peak
}

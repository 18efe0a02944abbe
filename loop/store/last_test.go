package store

import "testing"

func TestLastMessage(t *testing.T) {
	s := mustOpen(t, t.TempDir())
	if last, err := s.LastMessage(); last != 0 || err != nil {
		t.Errorf("an empty store has %d, %v as the last message, want 0", last, err)
	}
	s.Say(lines(3, 9))
	s.Say([]Message{letter(11, "ann", "bob", "psst")})
	mustChange(t, s)
	if last, err := s.LastMessage(); last != 11 || err != nil {
		t.Errorf("the last message is %d, %v; want 11", last, err)
	}
}

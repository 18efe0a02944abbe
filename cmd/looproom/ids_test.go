//go:build linux

package main_test

import (
	"cmp"
	"fmt"
	"regexp"
	"strconv"
	"testing"

	"looproom/loop/store"
)

// messageID is the id of a message, as two numbers.
type messageID [2]int

func (id messageID) compare(other messageID) int {
	return cmp.Or(cmp.Compare(id[0], other[0]), cmp.Compare(id[1], other[1]))
}

// saysForID says a numbered line, and returns the id that it is told of it.
func (c *talker) saysForID(t *testing.T, n int) (id messageID) {
	t.Helper()
	c.say("TEXT ID=annsphone:" + strconv.Itoa(n) + " hello")
	line, _ := c.until("= SAID annsphone:")
	found := regexp.MustCompile(`^= SAID annsphone:\d+ @(\d+)-(\d+)$`).FindStringSubmatch(line)
	if found == nil {
		t.Fatalf("answer = %q, want the id of the message", line)
	}
	for i, digits := range found[1:] {
		id[i], _ = strconv.Atoi(digits)
	}
	return id
}

// TestIDsGoOnAfterARestart: a message has a greater id than all before, also of earlier starts, and also if the clock says less than at an earlier one.
func TestIDsGoOnAfterARestart(t *testing.T) {
	state := t.TempDir()
	var last messageID
	for round := range 4 {
		if round == 2 { // as if there had been a start in the year 2056
			withState(t, state, func(s *store.Store) {
				if err := s.Change(store.PutStart(1_000_000_000)); err != nil {
					t.Fatal(err)
				}
			})
		}
		s := startServer(t, "--state", state)
		ann, bob := namedFrom(t, s, "127.0.0.2", "ann"), namedFrom(t, s, "127.0.0.3", "bob")
		ann.say("IDS ON")
		ann.until("= IDS ON")
		bob.say("IDS ON")
		bob.until("= IDS ON")
		for n := 1; n <= 3; n++ {
			id := ann.saysForID(t, n)
			if id.compare(last) <= 0 {
				t.Errorf("start %d: message %d has the id %v, want one behind %v", round+1, n, id, last)
			}
			bob.until(fmt.Sprintf("@%d-%d [ann] hello", id[0], id[1]))
			last = id
		}
		s.stop()
	}
	if want := (messageID{1000000002, 3}); last != want {
		t.Errorf("the last id is %v, want %v", last, want)
	}
}

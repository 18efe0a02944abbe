package session

import (
	"fmt"
	"testing"
	"time"
)

func addressesOf(n int) (all []Address) {
	for i := range n {
		all = append(all, Address{Network: "tcp", Target: fmt.Sprint("n", i)})
	}
	return all
}

// TestServersTakeTurns: the first one comes first, then each of the others once, and not in the same order for all clients.
func TestServersTakeTurns(t *testing.T) {
	const count = 5
	second := map[string]bool{}
	for range 200 {
		s, seen := newServers(addressesOf(count)), map[string]bool{}
		if got := s.now().Target; got != "n0" {
			t.Fatalf("the first server is %q, want n0", got)
		}
		for turn := range count {
			seen[s.now().Target] = true
			if s.next(); turn == 0 {
				second[s.now().Target] = true
			}
		}
		if len(seen) != count || s.now().Target != "n0" {
			t.Fatalf("%d turns came to %v and then to %q, want all servers and then n0", count, seen, s.now().Target)
		}
	}
	if len(second) != count-1 {
		t.Errorf("200 clients go to %v when n0 is gone, want to all others", second)
	}
}

// TestServersWait: clients are spread while there are servers that weren't tried, and wait longer in each round.
func TestServersWait(t *testing.T) {
	rows := []struct {
		servers, failures int
		least, most       time.Duration
	}{
		{1, 1, firstWait / 2, firstWait}, {1, 3, 2 * firstWait, 4 * firstWait}, {1, 100, maxWait / 2, maxWait},
		{3, 1, 0, spread}, {3, 3, 0, spread}, {3, 4, firstWait, 2 * firstWait}, {3, 6, firstWait, 2 * firstWait}, {3, 7, 2 * firstWait, 4 * firstWait}, {3, 300, maxWait / 2, maxWait},
	}
	for _, row := range rows {
		s, least, most := newServers(addressesOf(row.servers)), time.Hour, time.Duration(0)
		for range 1000 {
			wait := s.wait(row.failures, nil)
			least, most = min(least, wait), max(most, wait)
		}
		if least < row.least || most > row.most || most-least < (row.most-row.least)/2 {
			t.Errorf("%d servers, %d failures: waits from %v to %v, want from %v to %v, spread", row.servers, row.failures, least, most, row.least, row.most)
		}
	}
}

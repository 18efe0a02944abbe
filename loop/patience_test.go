//go:build linux

package loop

import (
	"testing"
	"time"
)

// TestPatienceIsGivenUpWhereItBringsNothing plays flushes that more messages never reach, and then some that they do.
func TestPatienceIsGivenUpWhereItBringsNothing(t *testing.T) {
	var p patience
	const members, cost = 1000, 8 * time.Millisecond
	flush := func(more int) (waited time.Duration) {
		if waited = p.wait(1, members); waited > 0 {
			p.over(1 + more)
		}
		p.flushed(cost, members)
		return waited
	}
	if d := flush(0); d != 0 {
		t.Errorf("the first flush waits for %v, want not at all: nothing is known of its cost", d)
	}
	waits := 0
	for range 1000 {
		if d := flush(0); d > 0 {
			waits++
			if d != cost/patienceShare {
				t.Fatalf("a flush of %v waits for %v, want %v", cost, d, cost/patienceShare)
			}
		}
	}
	if waits > 25 {
		t.Errorf("%d of 1000 flushes wait for nothing, want at most 25", waits)
	}
	waits = 0
	for range 1000 {
		if flush(1) > 0 {
			waits++
		}
	}
	if waits < 900 {
		t.Errorf("%d of 1000 flushes wait for messages that come, want 900 at least", waits)
	}
	if d := p.wait(1, patientFrom-1); d != 0 {
		t.Errorf("a flush to a small room waits for %v, want not at all", d)
	}
}

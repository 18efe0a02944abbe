//go:build linux

package delivery

import (
	"testing"
	"time"
)

// Waiting is kept up where it brings more messages into a write, and given up, but for a trial now and then, where it brings none.
func TestWaitsWhereItIsWorthIt(t *testing.T) {
	const members, laps = 1000, 10_000
	for _, test := range []struct {
		name          string
		free, waiting int // messages a lap
		least, most   int // laps that wait
	}{
		{"people who talk by themselves", 4, 6, laps * 3 / 4, laps},
		{"the next comes when the last is heard", 64, 64, 0, laps / 4},
		{"a little more", 100, 110, 0, laps / 4},
	} {
		t.Run(test.name, func(t *testing.T) {
			p, waited := pace{}, 0
			for lap := range laps {
				said := test.free
				if p.waits {
					said = test.waiting
					waited++
				}
				p.messages += uint64(said)
				p.visits = members
				p.finish(time.Duration(lap)*time.Millisecond, members)
			}
			if waited < test.least || waited > test.most {
				t.Errorf("%d of %d laps waited, want from %d to %d", waited, laps, test.least, test.most)
			}
		})
	}
}

// A room in which it is quiet never waits, however well waiting has done.
func TestAQuietGroupDoesNotWait(t *testing.T) {
	limits := roomy
	limits.MergeWait = 5 * time.Millisecond
	h := newHouse(t, limits)
	now := time.Second
	h.clock = func() time.Duration { return now }
	g, all := h.crowd(patientFrom)
	g.pace = pace{waits: true, took: 20 * time.Millisecond, ended: now - 5*time.Millisecond, perVisit: [2]float64{1, 2}}
	h.w.Publish(g, nil, text("hello"))
	h.w.Sweep()
	if h.read(all[0], 100); string(all[0].got) != "hello\n" {
		t.Errorf("a message after a pause brought %q at once", all[0].got)
	}
	g.pace.took = 20 * time.Millisecond // as if the lap had taken so long
	h.w.Publish(g, nil, text("again"))
	if g.state != paused || h.wakeAt != now+5*time.Millisecond {
		t.Errorf("state %d until %v, want a wait of 5 ms for the next lap", g.state, h.wakeAt-now)
	}
}

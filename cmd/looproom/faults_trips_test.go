//go:build linux

package main_test

import (
	"fmt"
	"slices"
	"strconv"
	"testing"
	"time"
)

// spread is how long answers took.
type spread struct {
	count          int
	p50, p99, most time.Duration
}

func (s spread) String() string {
	return fmt.Sprintf("p50 %v p99 %v max %v (%d)", s.p50.Round(time.Microsecond), s.p99.Round(time.Microsecond), s.most.Round(time.Microsecond), s.count)
}

func spreadOf(trips []time.Duration) spread {
	if len(trips) == 0 {
		return spread{}
	}
	slices.Sort(trips)
	at := func(percent int) time.Duration { return trips[(len(trips)-1)*percent/100] }
	return spread{len(trips), at(50), at(99), at(100)}
}

// roundTrips measures n PINGs, one after the other.
func roundTrips(t *testing.T, c *talker, n int) spread {
	t.Helper()
	trips := make([]time.Duration, n)
	for i := range trips {
		took, err := c.roundTrip(i)
		if err != nil {
			t.Fatalf("%s: PING %d: %v", c.name, i, err)
		}
		trips[i] = took
	}
	return spreadOf(trips)
}

// measureTrips measures PINGs, one every few milliseconds, until quit is closed. It runs beside the test, so it never ends it.
func measureTrips(c *talker, quit <-chan struct{}) spread {
	var trips []time.Duration
	pause := time.NewTicker(2 * time.Millisecond)
	defer pause.Stop()
	for n := 0; ; n++ {
		took, err := c.roundTrip(n)
		if err != nil {
			c.t.Errorf("%s: PING %d: %v", c.name, n, err)
			return spreadOf(trips)
		}
		trips = append(trips, took)
		select {
		case <-quit:
			return spreadOf(trips)
		case <-pause.C:
		}
	}
}

// roundTrip returns how long the answer to a PING took, other lines aside. It runs beside the test, so it never ends it.
func (c *talker) roundTrip(n int) (time.Duration, error) {
	began, token := time.Now(), "trip"+strconv.Itoa(n)
	if _, err := fmt.Fprintf(c.input, "PING %s\n", token); err != nil {
		return 0, err
	}
	for {
		line, err := c.line()
		if err != nil {
			return 0, err
		}
		if line == "PONG "+token {
			return time.Since(began), nil
		}
	}
}

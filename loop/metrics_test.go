//go:build linux

package loop

import (
	"fmt"
	"net"
	"testing"
	"time"
)

// TestHistogramBuckets: everything is counted in the first bucket that is not too small for it, and what is longer than all in none.
func TestHistogramBuckets(t *testing.T) {
	const longest = histogramFrom << (histogramBuckets - 1)
	for _, c := range []struct {
		name string
		took time.Duration
		want time.Duration // the smallest bucket that counts it, 0: none
	}{
		{"a clock that went back", -1, histogramFrom},
		{"nothing", 0, histogramFrom},
		{"just the first", histogramFrom, histogramFrom},
		{"just over the first", histogramFrom + 1, 2 * histogramFrom},
		{"a bound", 1024 * histogramFrom, 1024 * histogramFrom},
		{"behind a bound", 1024*histogramFrom + 1, 2048 * histogramFrom},
		{"just the last", longest, longest},
		{"longer than all", longest + 1, 0},
		{"an hour", time.Hour, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			var h histogram
			h.observe(c.took)
			s := h.stats()
			var got time.Duration
			for _, b := range s.Buckets {
				if b.Count > 0 {
					got = b.AtMost
					break
				}
			}
			if got != c.want || s.Count != 1 {
				t.Errorf("observe(%v): smallest bucket %v, count %d; want %v, 1", c.took, got, s.Count, c.want)
			}
			if want := max(c.took, 0); s.Sum != want || s.Longest != want {
				t.Errorf("observe(%v): sum %v, longest %v; want %v", c.took, s.Sum, s.Longest, want)
			}
		})
	}
}

// TestCountingDoesNotAllocate: it is done for each line and each batch.
func TestCountingDoesNotAllocate(t *testing.T) {
	var m meters
	got := testing.AllocsPerRun(100, func() {
		batch := tally{lines: 1, deliveries: 1000, writes: 1, bytesOut: 64}
		m.take(&batch)
		m.lag.observe(time.Millisecond)
	})
	if got != 0 {
		t.Errorf("allocations = %v, want 0", got)
	}
}

// TestNobodyIsCountedWhoHasGone signs clients in that are gone before they get the answer.
func TestNobodyIsCountedWhoHasGone(t *testing.T) {
	eachLoopCount(t, func(t *testing.T, cfg Config) {
		s, address := start(t, cfg)
		for n := range 200 {
			c, err := net.Dial("tcp", address)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := fmt.Fprintf(c, "ADD gone%d\nhello\n", n); err != nil {
				t.Fatal(err)
			}
			if err := c.(*net.TCPConn).SetLinger(0); err != nil {
				t.Fatal(err)
			}
			c.Close()
		}
		eventually(t, "the last client to go", func() bool { return s.Clients() == 0 })
		for i := range s.doors.open[0].census {
			if n := s.doors.open[0].census[i].Load(); n != 0 {
				t.Errorf("clients of standing %d = %d, want none", i, n)
			}
		}
	})
}

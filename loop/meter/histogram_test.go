package meter

import (
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

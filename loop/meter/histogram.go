package meter

import (
	"math/bits"
	"sync/atomic"
	"time"
)

// The buckets of a histogram: the first holds what took at most histogramFrom, each further one up to twice as much, the last
// one all that took longer than 8.6 s.
const (
	histogramFrom    = 256 * time.Nanosecond
	histogramBuckets = 26
)

// histogram counts how long things took. One goroutine observes, anyone reads.
type histogram struct {
	counts  [histogramBuckets + 1]atomic.Uint64
	sum     atomic.Uint64 // nanoseconds
	longest atomic.Int64
}

func (h *histogram) observe(took time.Duration) {
	above := uint64(max(took-1, 0)) / uint64(histogramFrom)
	h.counts[min(bits.Len64(above), histogramBuckets)].Add(1)
	h.sum.Add(uint64(max(took, 0)))
	if int64(took) > h.longest.Load() {
		h.longest.Store(int64(took))
	}
}

func (h *histogram) stats() Histogram {
	s := Histogram{Sum: time.Duration(h.sum.Load()), Longest: time.Duration(h.longest.Load())}
	for i := range histogramBuckets {
		s.Count += h.counts[i].Load()
		s.Buckets = append(s.Buckets, Bucket{AtMost: histogramFrom << i, Count: s.Count})
	}
	s.Count += h.counts[histogramBuckets].Load()
	return s
}

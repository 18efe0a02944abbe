package status

import "time"

// Lag is how long the batches of a second took, in microseconds. A percentile is the upper end of the bucket that it falls into, as is
// the longest, unless it is the longest of all.
type Lag struct {
	P50     float64 `json:"p50"`
	P99     float64 `json:"p99"`
	Longest float64 `json:"longest"`
}

// lagBetween returns nil where there was no batch. What took longer than the last bucket counts as the longest of all.
func lagBetween(before, now *Reading) *Lag {
	counts := make([]uint64, len(now.Lag))
	var all, below uint64
	for i, bucket := range now.Lag {
		total := bucket.Count
		if i < len(before.Lag) {
			total -= before.Lag[i].Count
		}
		counts[i], below = total-below, total
		all = total
	}
	if all == 0 {
		return nil
	}
	lag := &Lag{P50: atMost(now.Lag, counts, (all+1)/2), P99: atMost(now.Lag, counts, all-all/100), Longest: atMost(now.Lag, counts, all)}
	if now.Longest > before.Longest {
		lag.Longest = micros(now.Longest)
	}
	lag.P50, lag.P99 = min(lag.P50, lag.Longest), min(lag.P99, lag.Longest)
	return lag
}

// atMost is the upper end of the bucket that has the n-th.
func atMost(buckets []Bucket, counts []uint64, n uint64) float64 {
	for i, count := range counts {
		if n <= count {
			return micros(buckets[i].AtMost)
		}
		n -= count
	}
	return 0
}

func micros(d time.Duration) float64 {
	return float64(d) / float64(time.Microsecond)
}

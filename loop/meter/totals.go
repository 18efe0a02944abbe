package meter

// totals are Stats of the server as a whole.
type totals struct {
	// LoopStats are the sums over the loops, and of the times the longest. Only what STATS and the status page tell is added up.
	LoopStats
	connections, signedIn int64
	refused, stalls       uint64
}

// totals adds up.
func (s *Stats) totals() (t totals) {
	for i := range s.Loops {
		t.add(&s.Loops[i])
	}
	for _, door := range s.Doors {
		t.connections += door.Locked + door.Guests + door.SignedIn + door.Lingering
		t.signedIn += door.SignedIn
	}
	for _, n := range s.Refused {
		t.refused += n
	}
	return t
}

func (t *totals) add(l *LoopStats) {
	t.Lines += l.Lines
	t.Deliveries += l.Deliveries
	t.Writes += l.Writes
	t.LogBytes += l.LogBytes
	t.SlowDrops += l.SlowDrops
	t.Skipped += l.Skipped
	t.FloodsDropped += l.FloodsDropped
	t.PasswordsWrong += l.PasswordsWrong
	t.Panics += l.Panics
	for _, n := range l.Stalls {
		t.stalls += n
	}
	t.Lag.Longest = max(t.Lag.Longest, l.Lag.Longest)
	for i, bucket := range l.Lag.Buckets {
		if i == len(t.Lag.Buckets) {
			t.Lag.Buckets = append(t.Lag.Buckets, Bucket{AtMost: bucket.AtMost})
		}
		t.Lag.Buckets[i].Count += bucket.Count
	}
}

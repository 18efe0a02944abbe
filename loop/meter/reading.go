package meter

import "looproom/loop/web/status"

// Reading returns what the status page draws, with the memory of the process at this moment. It says nothing of single clients.
func (s *Stats) Reading() status.Reading {
	t := s.totals()
	r := status.Reading{
		Connections: t.connections, SignedIn: t.signedIn,
		Lines: t.Lines, Deliveries: t.Deliveries, Writes: t.Writes, Waiting: t.LogBytes,
		SlowDrops: t.SlowDrops, Skipped: t.Skipped, Floods: t.FloodsDropped, Panics: t.Panics, Stalls: t.stalls,
		Refused: t.refused, AcceptErrors: s.AcceptErrors,
		Longest: t.Lag.Longest, RSS: residentBytes(), Heap: heapBytes(),
	}
	if c := s.Cluster; c != nil {
		r.Nodes, r.NodesHere, r.LogAway = len(c.Nodes), c.Here(), !c.Answers
	}
	for _, bucket := range t.Lag.Buckets {
		r.Lag = append(r.Lag, status.Bucket{AtMost: bucket.AtMost, Count: bucket.Count})
	}
	return r
}

package meter

import (
	"runtime"
	"time"
)

// Figure is a number with the name by which an operator knows it.
type Figure struct {
	Name  string
	Value int64
}

// Figures returns what an operator looks at first, and two of the process at this moment; /metrics has all of the Stats. Programs know the names and their order.
func (s *Stats) Figures() []Figure {
	total := s.totals()
	figures := []Figure{
		{"uptime-seconds", int64(s.Uptime / time.Second)},
		{"clients", int64(s.Clients)},
		{"signed-in", total.signedIn},
		{"lines", int64(total.Lines)},
		{"deliveries", int64(total.Deliveries)},
		{"writes", int64(total.Writes)},
		{"waiting-bytes", total.LogBytes},
		{"longest-lag-us", total.Lag.Longest.Microseconds()},
		{"slow-drops", int64(total.SlowDrops)},
		{"floods-disconnected", int64(total.FloodsDropped)},
		{"refused", int64(total.refused)},
		{"wrong-passwords", int64(total.PasswordsWrong)},
		{"panics", int64(total.Panics)},
		{"log-dropped", int64(s.LogDropped)},
		{"bans", int64(s.Bans)},
		{"registered-names", int64(s.Names)},
		{"stored", s.Store.Stored},
		{"lost", s.Store.Lost},
		{"store-waiting-bytes", s.Store.Waiting},
		{"heap-bytes", heapBytes()},
		{"goroutines", int64(runtime.NumGoroutine())},
	}
	return append(figures, s.Cluster.figures()...)
}

// figures are those of a node, none of a server alone.
func (c *ClusterStats) figures() []Figure {
	if c == nil {
		return nil
	}
	return []Figure{
		{"nodes", int64(len(c.Nodes))},
		{"nodes-here", int64(c.Here())},
		{"log-position", int64(c.Position)},
		{"log-lag", int64(c.Lag)},
		{"log-waits-ms", c.Waits.Milliseconds()},
		{"log-commit-p50-us", c.Commit.Quantile(0.5).Microseconds()},
		{"log-commit-p99-us", c.Commit.Quantile(0.99).Microseconds()},
		{"log-elections", int64(c.Elections)},
		{"hash-checks", int64(c.HashChecks)},
	}
}

//go:build linux

package loop

import (
	"context"
	"fmt"

	"looproom/loop/meter"
)

// Stats returns what the server has counted. It waits for no loop, and is safe for any goroutine. What a loop counts appears when
// it is done with a batch.
func (s *Server) Stats() meter.Stats {
	stats := meter.Stats{
		Uptime: s.clock(), Clients: s.Clients(), Bans: s.registry.Bans().Len(), Names: s.registry.CountNames(),
		AcceptErrors: s.doors.AcceptErrors(), Refused: s.refused.All(), Prefaces: s.doors.Prefaces(), Memory: s.memoryStats(),
	}
	if s.cfg.LogDropped != nil {
		stats.LogDropped = s.cfg.LogDropped()
	}
	if s.cfg.Store != nil {
		now := s.cfg.Store.Counts()
		stats.Store = meter.StoreStats{Stored: now.Stored, Lost: now.Lost, Waiting: now.Waiting, Looks: now.Looks}
	}
	stats.Cluster = s.cluster.stats()
	for _, l := range s.loops {
		stats.Loops = append(stats.Loops, l.meter.Stats())
	}
	for _, d := range s.doors.All() {
		stats.Doors = append(stats.Doors, d.Census.Stats(d.Shown()))
	}
	return stats
}

// become counts p anew. On p's loop only.
func (s *Server) become(p *peer, now meter.Standing) {
	s.doorOf(p).Census.Move(p.standing, now)
	p.standing = now
}

// Alive returns nil once all event loops have answered, or an error that names one that has not when ctx ends. Safe for any
// goroutine but those of the loops.
func (s *Server) Alive(ctx context.Context) error {
	answers := make([]<-chan struct{}, len(s.loops))
	for i, l := range s.loops {
		answers[i] = l.reactor.Alive()
	}
	for i, answer := range answers {
		select {
		case <-answer:
		case <-ctx.Done():
			return fmt.Errorf("event loop %d does not answer", i)
		}
	}
	return nil
}

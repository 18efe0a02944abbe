//go:build linux

package loop

import "looproom/loop/web/status"

// startStatus has the server sampled for its status page, if there is to be one.
func (s *Server) startStatus() {
	if s.cfg.Status {
		s.status = status.Start(func() status.Reading {
			stats := s.Stats()
			return stats.Reading()
		})
	}
}

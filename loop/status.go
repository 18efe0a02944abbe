//go:build linux

package loop

import (
	"net/http"
	"strings"

	"looproom/loop/web/status"
)

// startStatus has the server sampled for its status page, if there is to be one.
func (s *Server) startStatus() {
	if s.cfg.Status {
		s.status = status.Start(func() status.Reading {
			stats := s.Stats()
			return stats.Reading()
		})
	}
}

// withStatus is what an http door serves: its own pages and, if there is one, the status page.
func (s *Server) withStatus(pages http.Handler) http.Handler {
	if s.status == nil {
		return pages
	}
	drawn := s.status.Pages()
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/status" || strings.HasPrefix(r.URL.Path, "/status/") {
			drawn.ServeHTTP(w, r)
			return
		}
		pages.ServeHTTP(w, r)
	})
}

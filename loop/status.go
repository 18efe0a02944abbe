//go:build linux

package loop

import (
	"bytes"
	"net/http"
	"os"
	"runtime/metrics"
	"strconv"
	"strings"

	"looproom/loop/web/status"
)

// startStatus has the server sampled for its status page, if there is to be one.
func (s *Server) startStatus() {
	if s.cfg.Status {
		s.status = status.Start(s.reading)
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

// reading is what the status page draws. It says nothing of single clients.
func (s *Server) reading() status.Reading {
	stats := s.Stats()
	t := stats.totals()
	r := status.Reading{
		Connections: t.connections, SignedIn: t.signedIn,
		Lines: t.Lines, Deliveries: t.Deliveries, Writes: t.Writes, Waiting: t.LogBytes,
		SlowDrops: t.SlowDrops, Skipped: t.Skipped, Floods: t.FloodsDropped, Panics: t.Panics, Stalls: t.stalls,
		Refused: t.refused, AcceptErrors: stats.AcceptErrors,
		Longest: t.Lag.Longest, RSS: residentBytes(), Heap: heapBytes(),
	}
	for _, bucket := range t.Lag.Buckets {
		r.Lag = append(r.Lag, status.Bucket{AtMost: bucket.AtMost, Count: bucket.Count})
	}
	return r
}

// heapMetric is the bytes of the heap that are in use, or were when it was last collected.
const heapMetric = "/memory/classes/heap/objects:bytes"

// heapBytes is Go's heap in use.
func heapBytes() int64 {
	heap := []metrics.Sample{{Name: heapMetric}}
	metrics.Read(heap)
	return int64(heap[0].Value.Uint64())
}

// residentBytes is the process's memory, 0 where the kernel doesn't tell.
func residentBytes() int64 {
	told, err := os.ReadFile("/proc/self/statm")
	if err != nil {
		return 0
	}
	fields := bytes.Fields(told)
	if len(fields) < 2 {
		return 0
	}
	pages, err := strconv.ParseInt(string(fields[1]), 10, 64)
	if err != nil {
		return 0
	}
	return pages * int64(os.Getpagesize())
}

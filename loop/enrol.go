//go:build linux

package loop

import (
	"net/http"
	"strings"
	"syscall"
	"time"

	"looproom/loop/delivery"
	"looproom/loop/door"
	"looproom/loop/ending"
	"looproom/loop/remote"
	"looproom/loop/room"
	"looproom/loop/session"
)

// Listen opens a door. Port 0 takes a free one: the Door tells which.
func (s *Server) Listen(u door.URL) (*door.Door, error) {
	d, err := s.doors.Listen(u)
	if err == nil {
		s.SetMOTD(motd(s)) // it may be one of those that tell of each other
	}
	return d, err
}

// ReloadCertificates reads the certificates of all TLS doors again: see door.Doors. Safe for any goroutine.
func (s *Server) ReloadCertificates() error { return s.doors.Reload() }

// doorHost is the server as its doors see it.
type doorHost struct{ *Server }

// Now implements door.Host.
func (h doorHost) Now() time.Duration { return h.clock() }

// Banned implements door.Host.
func (h doorHost) Banned(from remote.Remote) (room.Refusal, bool) {
	e, banned := h.accounts.Banned(from)
	return room.Refusal{Why: room.AddressBanned, N: e.Until, Text: e.Words}, banned
}

// Panicked implements door.Host.
func (h doorHost) Panicked(value any) { h.homeLoop().logPanic(value) }

// Pages implements door.Host: there is the status page besides, if there is to be one.
func (h doorHost) Pages(pages http.Handler) http.Handler {
	if h.status == nil {
		return pages
	}
	drawn := h.status.Pages()
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/status" || strings.HasPrefix(r.URL.Path, "/status/") {
			drawn.ServeHTTP(w, r)
			return
		}
		pages.ServeHTTP(w, r)
	})
}

// Enrol implements door.Host.
func (h doorHost) Enrol(a *door.Arrival) error {
	return h.loops[door.LoopOf(a.ID)].reactor.Enrol(a.Conn, newPeer(a, h.cfg.MaxLine))
}

// Attend implements door.Host: the loops do so by turns.
func (h doorHost) Attend(listener syscall.RawConn, knocks func(again bool)) (leave func(), err error) {
	turn := int(h.attended.Add(1)-1) % len(h.loops)
	return h.loops[turn].reactor.Attend(listener, knocks)
}

func newPeer(a *door.Arrival, maxLine int) *peer {
	d := a.Door()
	p := &peer{
		out: delivery.Unopened(uint64(a.ID)), address: a.Name(), session: session.New(a.Input(maxLine)),
		door: d.Number(),
	}
	p.readAs(a.Voice(), false)
	p.end = ending.New(ending.Kind{Frames: d.Pages(), Sealed: a.TLS != nil, Apart: d.Echo()})
	p.session.Put(a.Early)
	if len(a.Unsent) > 0 {
		p.more().hello = string(a.Unsent)
	}
	if a.TLS != nil {
		p.more().secure = a.TLS
	}
	return p
}

//go:build linux

package loop

import (
	"io"
	"net"
	"sync"
	"time"

	"github.com/rs/zerolog"

	"looproom/loop/room"
)

// refusal is why a connection is not served.
type refusal struct {
	code  room.Code
	words string
}

// refusePatience bounds the writing of a refusal; the buffer of a new connection is empty, so it doesn't wait.
const refusePatience = 100 * time.Millisecond

// partFor is how long a refused client may take to close its side, so that what it has sent doesn't turn the close into a reset.
const partFor = time.Second

// Bounds of how many refused clients linger at once; a share of the descriptors. The others are closed at once.
const (
	partingShare = 64
	maxParting   = 256
)

// refusedLines is how many refusals a second are logged one by one.
const refusedLines = 10

// refusals see refused clients off and log them. Safe for any goroutine.
type refusals struct {
	parting chan struct{} // one entry for each client that lingers

	mu       sync.Mutex
	since    time.Duration // the second that is counted
	logged   int
	unlogged int
}

func newRefusals(parting int) *refusals {
	return &refusals{parting: make(chan struct{}, parting)}
}

// refuse tells the client why it isn't served, and closes its connection.
func (d *Door) refuse(c net.Conn, why refusal) {
	d.server.refused.add(string(why.code))
	d.server.logRefusal(d, c, why)
	w := d.url.wire()
	out := w.append(nil, []byte("! "+string(why.code)+" "+why.words))
	_ = c.SetWriteDeadline(time.Now().Add(refusePatience))
	_, _ = c.Write(out[w.lead():]) // it is refused all the same
	d.server.refusals.part(c)
}

// part closes c once the client has closed its side, or soon, or at once if too many linger.
func (r *refusals) part(c net.Conn) {
	half, ok := c.(interface{ CloseWrite() error })
	if !ok || half.CloseWrite() != nil {
		c.Close()
		return
	}
	select {
	case r.parting <- struct{}{}:
		go func() {
			defer func() { <-r.parting }()
			defer c.Close()
			_ = c.SetReadDeadline(time.Now().Add(partFor))
			_, _ = io.Copy(io.Discard, c) // whatever ends it
		}()
	default:
		c.Close()
	}
}

// logRefusal logs the first refusals of each second.
func (s *Server) logRefusal(d *Door, c net.Conn, why refusal) {
	if s.refusals.mayLog(s.clock()) {
		s.log.Info().Str("client", c.RemoteAddr().String()).Str("door", d.URL()).Str("code", string(why.code)).
			Str("reason", why.words).Msg("refused")
	}
}

func (r *refusals) mayLog(now time.Duration) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if now-r.since >= time.Second {
		r.since, r.logged = now, 0
	}
	if r.logged >= refusedLines {
		r.unlogged++
		return false
	}
	r.logged++
	return true
}

// logUnlogged says how many refusals were not logged since the last time, if there were any.
func (r *refusals) logUnlogged(log *zerolog.Logger) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.unlogged > 0 {
		log.Info().Int("clients", r.unlogged).Msg("refused, too many to log each")
		r.unlogged = 0
	}
}

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

// inWords is what a door says to who is refused there.
func inWords(why room.Refusal) *refusal { return &refusal{why.Why.Code(), native.Words(&why)} }

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

// refusedHandshakes is how many TLS handshakes a second are made only to tell the client inside of TLS that it is refused. Each costs about
// a millisecond of a processor; beyond that, connections are closed without a word.
const refusedHandshakes = 50

// refusals see refused clients off and log them. Safe for any goroutine.
type refusals struct {
	parting chan struct{} // one entry for each client that lingers

	mu       sync.Mutex
	since    time.Duration // the second that is counted
	logged   int
	unlogged int
	shaking  struct {
		since time.Duration // the second that is counted
		count int
	}
}

func newRefusals(parting int) *refusals {
	return &refusals{parting: make(chan struct{}, parting)}
}

// turnAway tells the client why it isn't served, and closes its connection.
func (a *arrival) turnAway(why refusal) {
	a.noteRefusal(why)
	out := a.door.url.refusal(why)
	if a.door.url.secure && why.code != room.NeedTLS && why.code != room.NotAProxy {
		a.sayInside(out)
		return
	}
	_ = a.conn.SetWriteDeadline(time.Now().Add(refusePatience))
	_, _ = a.conn.Write(out) // it is refused all the same
	a.door.server.refusals.part(a.conn)
}

// refusal is what a client of the door is told that is not let in.
func (d DoorURL) refusal(why refusal) []byte {
	line := []byte("! " + string(why.code) + " " + why.words)
	if d.framing == messages {
		return refusedRequest(why.code, line)
	}
	if d.framing == bursts {
		return line // nothing goes before it
	}
	return appendLine(nil, line, d.layout())
}

// noteRefusal counts and logs it.
func (a *arrival) noteRefusal(why refusal) {
	a.door.server.refused.Add(string(why.code))
	a.logRefusal(why)
}

// part closes c once the client has closed its side, or soon, or at once if too many linger.
func (r *refusals) part(c net.Conn) {
	if !r.beginParting() {
		c.Close()
		return
	}
	go r.endParting(c)
}

// beginParting says whether one more client may linger.
func (r *refusals) beginParting() bool {
	select {
	case r.parting <- struct{}{}:
		return true
	default:
		return false
	}
}

// endParting waits for a client that lingers.
func (r *refusals) endParting(c net.Conn) {
	defer func() { <-r.parting }()
	defer c.Close()
	half, ok := c.(interface{ CloseWrite() error })
	if !ok || half.CloseWrite() != nil {
		return
	}
	_ = c.SetReadDeadline(time.Now().Add(partFor))
	_, _ = io.Copy(io.Discard, c) // whatever ends it
}

// logRefusal logs the first refusals of each second.
func (a *arrival) logRefusal(why refusal) {
	s := a.door.server
	if !s.refusals.mayLog(s.clock()) {
		return
	}
	e := s.log.Info().Str("client", a.from())
	if a.proxy.IsValid() {
		e = e.Stringer("proxy", a.proxy)
	}
	e.Str("door", a.door.URL()).Str("code", string(why.code)).Str("reason", why.words).Err(a.cause).Msg("refused")
}

// from is where the connection comes from, for the log.
func (a *arrival) from() string {
	if a.address.IsValid() {
		return a.address.String()
	}
	return a.conn.RemoteAddr().String()
}

// mayShake says whether one more handshake may be made for a client that is refused.
func (r *refusals) mayShake(now time.Duration) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if now-r.shaking.since >= time.Second {
		r.shaking.since, r.shaking.count = now, 0
	}
	r.shaking.count++
	return r.shaking.count <= refusedHandshakes
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

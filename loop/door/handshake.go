//go:build linux

package door

import (
	"cmp"
	"errors"
	"net"
	"os"
	"runtime"
	"time"

	"looproom/loop/room"
	"looproom/loop/transport"
)

// handshakeTimeout is how long a client may take for its TLS handshake, from the moment it is let in by the door. A client at the far end
// of a bad line needs two round trips of a second each; the rest is for a server at which very many knock at once.
const handshakeTimeout = 10 * time.Second

// refusedHandshakeTimeout is handshakeTimeout for a client that is to be told inside of TLS why it isn't served.
const refusedHandshakeTimeout = 5 * time.Second

// recordHandshake is the first byte that each TLS client sends, by RFC 8446 section 5.1.
const recordHandshake = 22

var errNotTLS = errors.New("what it says is no TLS")

// newTurns returns as many turns as handshakes may compute at once: what the loops leave of the processors, and at least one. Without
// that, a loop would wait behind each of a thousand that come at the same time.
func newTurns(loops int) chan struct{} {
	return make(chan struct{}, max(runtime.GOMAXPROCS(0)-loops, 1))
}

// handshakeConn is a connection during its handshake. Whoever reads from it has a turn, and lets others have it as long as it waits.
type handshakeConn struct {
	net.Conn
	prefix []byte        // comes before what the connection has
	heard  bool          // something has come
	turns  chan struct{} // nil: the handshake is over
}

func (h *handshakeConn) Read(b []byte) (int, error) {
	n, err := h.next(b)
	if n > 0 && !h.heard {
		h.heard = true
		if b[0] != recordHandshake {
			return 0, errNotTLS
		}
	}
	return n, err
}

func (h *handshakeConn) next(b []byte) (int, error) {
	if len(h.prefix) > 0 {
		n := copy(b, h.prefix)
		h.prefix = h.prefix[n:]
		return n, nil
	}
	if h.turns == nil {
		return h.Conn.Read(b)
	}
	<-h.turns
	defer func() { h.turns <- struct{}{} }()
	return h.Conn.Read(b)
}

// handshake does that of TLS, where the door has it. It returns false when it has refused the connection.
func (a *Arrival) handshake() bool {
	if !a.door.secure {
		return true
	}
	t, heard, err := a.shake(cmp.Or(a.door.doors.cfg.Handshake, handshakeTimeout))
	if err != nil {
		a.notSecure(heard, err)
		return false
	}
	a.TLS, a.Early = t, nil
	return true
}

// shake does the handshake, and leaves the connection's TLS in memory. heard says whether the client has said anything.
func (a *Arrival) shake(within time.Duration) (t *transport.TLS, heard bool, err error) {
	turns := a.door.doors.turns
	live := &handshakeConn{Conn: a.Conn, prefix: a.Early, turns: turns}
	if err := a.Conn.SetDeadline(time.Now().Add(within)); err != nil {
		return nil, false, err
	}
	t = transport.NewTLS(live, a.door.keys.Load())
	turns <- struct{}{}
	defer func() { <-turns }()
	err = t.Handshake()
	return t, live.heard, err
}

// notSecure is when the handshake has failed. Who doesn't speak TLS, or has said nothing in all that time, is told so in clear.
func (a *Arrival) notSecure(heard bool, err error) {
	switch {
	case errors.Is(err, net.ErrClosed): // the server ends
		a.giveUp()
	case errors.Is(err, errNotTLS), errors.Is(err, os.ErrDeadlineExceeded) && !heard:
		a.refuse(room.Refusal{Why: room.SpeaksClear, Text: a.door.hint()})
	default:
		a.giveUp()
		a.cause = err
		a.noteRefusal(because(room.NoHandshake)) // TLS itself tells the client
		a.door.doors.part(a.Conn)
	}
}

// sayInside tells the client a last line inside of TLS, if there aren't too many of its kind, and closes the connection in any case. Until
// it is closed it counts among those that part.
func (a *Arrival) sayInside(line []byte) {
	ds := a.door.doors
	if !ds.shaking.Pass(ds.host.Now()) || !ds.beginParting() {
		a.Conn.Close()
		return
	}
	go ds.guarded(func() {
		defer ds.endParting(a.Conn)
		if t, _, err := a.shake(refusedHandshakeTimeout); err == nil {
			_, _ = t.Write(line)          // into memory
			t.CloseWrite()                // the same
			_, _ = a.Conn.Write(t.Take()) // it is refused all the same
		}
	})
}

//go:build linux

package rival

import (
	"sync"
	"sync/atomic"
	"time"

	"github.com/gorilla/websocket"
)

// letter is lines for one client or many, without the last one's end.
type letter struct {
	text     []byte
	once     sync.Once
	prepared *websocket.PreparedMessage // of the text; nil: not made yet, or not possible
}

// frame is the text as it goes over the wire, made for the first client that needs it. Any goroutine may call it.
func (l *letter) frame() *websocket.PreparedMessage {
	l.once.Do(func() { l.prepared, _ = websocket.NewPreparedMessage(websocket.TextMessage, l.text) }) // text can always be framed
	return l.prepared
}

// letterFor returns the letter with these lines, the same one as long as b is. The hub's lock is held. A letter keeps its bytes, so what begins
// where it does is the same.
func (s *gorilla) letterFor(b []byte) *letter {
	if s.last == nil || &s.last.text[0] != &b[0] || len(s.last.text) != len(b)-1 {
		s.last = &letter{text: b[:len(b)-1]}
	}
	return s.last
}

// letterbox is what one client is still to get, a receiver: mailbox with another wire.
type letterbox struct {
	server  *gorilla
	conn    *websocket.Conn
	letters chan *letter
	since   atomic.Int64 // when the write at hand began, in nanoseconds of wall clock; 0: none is
	broken  bool         // guarded by the hub's lock
}

// send is for the hub.
func (c *letterbox) send(b []byte) {
	if c.broken || len(b) < 2 {
		return
	}
	l := c.server.letterFor(b)
	select {
	case c.letters <- l:
	default:
		c.sendSlowly(l)
	}
}

// sendSlowly waits for room in the channel, but for no client that is stuck.
func (c *letterbox) sendSlowly(l *letter) {
	patience := stuckAfter
	if since := c.since.Load(); since != 0 {
		patience -= time.Since(time.Unix(0, since))
	}
	timer := time.NewTimer(patience)
	defer timer.Stop()
	select {
	case c.letters <- l:
	case <-timer.C:
		c.broken = true
		c.conn.Close()
	}
}

// finish is for the hub.
func (c *letterbox) finish() { close(c.letters) }

// writeAll is the writing goroutine. After an error it goes on taking letters, until the reading goroutine has noticed. No write takes longer than
// sendPatience.
func (c *letterbox) writeAll() {
	var merged []byte
	for l := range c.letters {
		now := time.Now()
		c.since.Store(now.UnixNano())
		_ = c.conn.SetWriteDeadline(now.Add(sendPatience)) // never fails
		var err error
		if len(c.letters) > 0 {
			merged = c.merge(append(merged[:0], l.text...))
			err = c.conn.WriteMessage(websocket.TextMessage, merged)
		} else {
			err = c.conn.WritePreparedMessage(l.frame())
		}
		c.since.Store(0)
		if err != nil {
			c.conn.Close()
		}
	}
	bye := websocket.FormatCloseMessage(websocket.CloseNormalClosure, "")
	_ = c.conn.WriteControl(websocket.CloseMessage, bye, time.Now().Add(sendPatience)) // it may be closed already
}

// merge appends to b what is waiting, a line each, up to maxMerge.
func (c *letterbox) merge(b []byte) []byte {
	for len(b) < maxMerge {
		select {
		case next, ok := <-c.letters:
			if !ok {
				return b
			}
			b = append(append(b, '\n'), next.text...)
		default:
			return b
		}
	}
	return b
}

var _ receiver = (*letterbox)(nil)

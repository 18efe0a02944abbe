//go:build linux

package rival

import (
	"time"

	"golang.org/x/sys/unix"
)

// selectClient is one client, a receiver.
type selectClient struct {
	server    *selecting
	fd        int
	talk      *session  // nil: an echo
	out       []byte    // to be sent
	dirty     bool      // is in server.dirty
	inputOver bool      // nothing more comes
	ended     bool      // nothing more goes out, once out is empty
	broken    bool      // nothing more can be sent
	deadline  time.Time // when an ended one is closed for good
}

var _ receiver = (*selectClient)(nil)

// pauseEcho leaves an echo's client waiting when it sends and doesn't read.
func (c *selectClient) pauseEcho() {
	if len(c.out) > echoRoom {
		c.server.readers.Clear(c.fd)
	}
}

func (c *selectClient) endOfInput() {
	c.inputOver = true
	c.server.readers.Clear(c.fd)
	c.server.soil(c)
	if c.talk == nil {
		c.finish()
	} else {
		c.talk.end()
	}
}

// send is for the hub, and for echoes.
func (c *selectClient) send(b []byte) {
	if c.broken || c.ended {
		return
	}
	if len(c.out)+len(b) > maxPending {
		c.breakOff()
		return
	}
	c.out = append(c.out, b...)
	c.server.soil(c)
}

// finish is for the hub, and for echoes.
func (c *selectClient) finish() {
	c.ended = true
	c.deadline = time.Now().Add(sendPatience)
	c.server.soil(c)
}

// breakOff has c closed by the next flush. The hub may be in the middle of a command.
func (c *selectClient) breakOff() {
	c.broken, c.out = true, nil
	c.server.soil(c)
}

// flush writes, and closes c where that is due.
func (c *selectClient) flush() {
	if s := c.server; s.clients[c.fd] != c {
		return // closed since
	}
	if !c.broken && !c.write() {
		c.broken = true
	}
	switch {
	case c.broken:
		c.close()
	case len(c.out) > 0:
		c.server.writers.Set(c.fd)
	default:
		c.server.writers.Clear(c.fd)
		c.drained()
	}
}

// write sends what it can with one call, and returns false when the connection is of no use any more.
func (c *selectClient) write() bool {
	if len(c.out) == 0 {
		return true
	}
	n, err := unix.Write(c.fd, c.out)
	if err != nil {
		return err == unix.EAGAIN || err == unix.EINTR
	}
	if n < len(c.out) {
		c.out = c.out[n:]
		if c.ended {
			c.deadline = time.Now().Add(sendPatience)
		}
		return true
	}
	if c.out = c.out[:0]; cap(c.out) > maxRead {
		c.out = nil // one burst should not cost memory for good
	}
	return true
}

// drained is when all has been sent.
func (c *selectClient) drained() {
	switch {
	case !c.ended:
		if !c.inputOver {
			c.server.readers.Set(c.fd)
		}
	case c.inputOver || unix.Shutdown(c.fd, unix.SHUT_WR) != nil:
		c.close()
	default:
		// The client has left and may have said more: see lingerFor. What it says is read and dropped.
		c.deadline = time.Now().Add(lingerFor)
	}
}

// close gives the descriptor back, and lets the others know.
func (c *selectClient) close() {
	s := c.server
	s.clients[c.fd] = nil
	s.readers.Clear(c.fd)
	s.writers.Clear(c.fd)
	_ = unix.Close(c.fd)
	c.broken = true
	if c.talk != nil {
		c.talk.drop()
	}
}

//go:build linux

package rival

import (
	"context"
	"errors"
	"io"
	"net"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/sys/unix"
)

// goroutines is the chat as Go programs are usually written: a goroutine for each client reads and does what the client says under
// the hub's lock, which hands the bytes for each receiver to a channel; a second one takes all that is waiting there and writes it in
// one call.
//
// A full channel makes the sender wait, as long as its receiver gets on. One that has taken nothing for stuckAfter is dropped, so nobody else
// ever waits longer than that.
type goroutines struct {
	hub     *hub
	o       Options
	running sync.WaitGroup

	came int // clients; of the accepting goroutine

	mu    sync.Mutex
	conns map[net.Conn]struct{}
}

const (
	// mailboxSize is how many messages wait in a client's channel. It is allocated for each client, talkative or not.
	mailboxSize = 256
	// stuckAfter is how long a write to a client may take while its channel is full.
	stuckAfter = time.Second
	// maxMerge is the most bytes that are merged into one write.
	maxMerge = 64 << 10
)

func serveGoroutines(ctx context.Context, o Options) error {
	l, err := net.Listen(o.Network, o.Address)
	if err != nil {
		return err
	}
	s := &goroutines{hub: newHub(o), o: o, conns: map[net.Conn]struct{}{}}
	o.ready(l.Addr())
	context.AfterFunc(ctx, s.hub.close)
	stop := context.AfterFunc(ctx, func() { l.Close() })
	defer stop()
	if !o.Echo {
		s.running.Go(func() { tickUntil(ctx.Done(), s.hub.tick) })
	}
	err = s.acceptAll(ctx, l)
	s.end()
	return err
}

func (s *goroutines) acceptAll(ctx context.Context, l net.Listener) error {
	for {
		conn, err := l.Accept()
		switch {
		case err == nil:
			s.add(conn)
		case ctx.Err() != nil:
			return nil
		case exhausted(err) || errors.Is(err, unix.ECONNABORTED):
			rest(ctx, acceptPause)
		default:
			l.Close()
			return err
		}
	}
}

// add begins to serve a client.
func (s *goroutines) add(conn net.Conn) {
	s.mu.Lock()
	s.conns[conn] = struct{}{}
	s.mu.Unlock()
	s.came++
	name := conn.RemoteAddr().String()
	if s.o.Network == "unix" {
		name = "local:" + strconv.Itoa(s.came)
	}
	s.running.Go(func() {
		defer s.remove(conn)
		if s.o.Echo {
			echo(conn)
		} else {
			s.talk(conn, name)
		}
	})
}

func (s *goroutines) remove(conn net.Conn) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.conns, conn)
	conn.Close()
}

// end closes all connections and waits for their goroutines.
func (s *goroutines) end() {
	s.mu.Lock()
	for conn := range s.conns {
		conn.Close()
	}
	s.mu.Unlock()
	s.running.Wait()
}

// echo gives back what comes.
func echo(conn net.Conn) {
	buf := make([]byte, minRead)
	for {
		n, err := conn.Read(buf)
		if _, failed := conn.Write(buf[:n]); failed != nil || err != nil {
			return
		}
		buf = grown(buf, n)
	}
}

// grown returns a larger buffer where a read has filled buf.
func grown(buf []byte, n int) []byte {
	if n == len(buf) && n < maxRead {
		return make([]byte, 2*n)
	}
	return buf
}

// talk serves a client in its reading goroutine.
func (s *goroutines) talk(conn net.Conn, name string) {
	c := &mailbox{conn: conn, letters: make(chan []byte, mailboxSize)}
	written := make(chan struct{})
	go func() {
		defer close(written)
		c.writeAll()
	}()
	s.hub.mu.Lock()
	m := s.hub.admit(c)
	s.hub.mu.Unlock()
	talk := newSession(m, s.hub.do, s.o.maxLine())
	talk.connect(name)
	left := readAll(conn, talk)
	if !talk.over() {
		c.finish() // the hub has been closed, and will not say it
	}
	<-written
	if left {
		linger(conn)
	}
}

// readAll does what the client says until it leaves (true) or its stream ends.
func readAll(conn net.Conn, talk *session) (left bool) {
	buf := make([]byte, minRead)
	for !talk.over() {
		n, err := conn.Read(buf)
		talk.read(buf[:n])
		switch {
		case errors.Is(err, io.EOF):
			talk.end()
			return false
		case err != nil:
			talk.drop()
			return false
		}
		buf = grown(buf, n)
	}
	return true
}

// linger says to the client that nothing more comes, and waits for a moment until it has closed its side.
func linger(conn net.Conn) {
	half, ok := conn.(interface{ CloseWrite() error })
	if !ok || half.CloseWrite() != nil || conn.SetReadDeadline(time.Now().Add(lingerFor)) != nil {
		return
	}
	_, _ = io.Copy(io.Discard, conn) // ends with the deadline
}

// mailbox is what one client is still to get, a receiver.
type mailbox struct {
	conn    net.Conn
	letters chan []byte
	since   atomic.Int64 // when the write at hand began, in nanoseconds of wall clock; 0: none is
	ended   atomic.Bool  // nothing more comes
	broken  bool         // guarded by the hub's lock
}

// send is for the hub.
func (c *mailbox) send(b []byte) {
	if c.broken {
		return
	}
	select {
	case c.letters <- b:
	default:
		c.sendSlowly(b)
	}
}

// sendSlowly waits for room in the channel, but for no client that is stuck.
func (c *mailbox) sendSlowly(b []byte) {
	patience := stuckAfter
	if since := c.since.Load(); since != 0 {
		patience -= time.Since(time.Unix(0, since))
	}
	timer := time.NewTimer(patience)
	defer timer.Stop()
	select {
	case c.letters <- b:
	case <-timer.C:
		c.broken = true
		c.conn.Close()
	}
}

// finish is for the hub.
func (c *mailbox) finish() {
	c.ended.Store(true)
	c.limitWrite()
	close(c.letters)
}

// limitWrite gives the write at hand, or the next one, an end: nobody but the writing goroutine has to do with the client any more.
func (c *mailbox) limitWrite() { _ = c.conn.SetWriteDeadline(time.Now().Add(sendPatience)) }

// writeAll is the writing goroutine. After an error it goes on taking letters, until the reading goroutine has noticed.
func (c *mailbox) writeAll() {
	var merged []byte
	for b := range c.letters {
		if len(c.letters) > 0 {
			merged = c.merge(append(merged[:0], b...))
			b = merged
		}
		if c.ended.Load() {
			c.limitWrite()
		}
		c.since.Store(time.Now().UnixNano())
		_, err := c.conn.Write(b)
		c.since.Store(0)
		if err != nil {
			c.conn.Close()
		}
	}
}

// merge appends to b what is waiting, up to maxMerge.
func (c *mailbox) merge(b []byte) []byte {
	for len(b) < maxMerge {
		select {
		case next, ok := <-c.letters:
			if !ok {
				return b
			}
			b = append(b, next...)
		default:
			return b
		}
	}
	return b
}

var _ receiver = (*mailbox)(nil)

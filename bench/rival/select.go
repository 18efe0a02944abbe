//go:build linux

package rival

import (
	"context"
	"fmt"
	"math/bits"
	"os"
	"runtime"
	"time"

	"golang.org/x/sys/unix"
)

// selecting is the chat and the echo on one thread with select(2), which names descriptors by the bits of a set of 1,024. In each turn it
// reads from all that have something, and then writes to each client, with one call, all that came up for it.
// Everything belongs to the thread of run.
type selecting struct {
	o        Options
	l        *listener
	done     int // readable when the server is to end
	hub      *hub
	clients  [unix.FD_SETSIZE]*selectClient // by descriptor
	readers  unix.FdSet                     // who is to be read from
	writers  unix.FdSet                     // who could not be sent all
	highest  int                            // no descriptor above it is in use
	dirty    []*selectClient                // have something to be sent or ended in this turn
	refused  []int                          // descriptors past the set, closed at the next tick
	full     bool                           // the system has no descriptor for the next client; asked again at the next tick
	buf      []byte
	tickedAt time.Time
}

func serveSelect(ctx context.Context, o Options) error {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	l, err := listen(o)
	if err != nil {
		return err
	}
	defer l.close()
	if err := unix.SetNonblock(l.fd, true); err != nil {
		return os.NewSyscallError("fcntl", err)
	}
	done, release, err := doneFD(ctx)
	if err != nil {
		return err
	}
	defer release()
	if most := max(l.fd, done); most >= unix.FD_SETSIZE {
		return fmt.Errorf("listen %s: descriptor %d is past the %d of select(2)", o.Address, most, unix.FD_SETSIZE)
	}
	s := &selecting{o: o, l: l, done: done, hub: newHub(o), buf: make([]byte, maxRead), highest: max(l.fd, done)}
	s.readers.Set(l.fd)
	s.readers.Set(done)
	o.ready(l.addr)
	defer s.closeAll()
	return s.run()
}

// run is the loop.
func (s *selecting) run() error {
	for {
		readable, writable := s.readers, s.writers
		wait := unix.NsecToTimeval(max(0, int64(tickEvery-time.Since(s.tickedAt))))
		if _, err := unix.Select(s.highest+1, &readable, &writable, nil, &wait); err == unix.EINTR {
			continue
		} else if err != nil {
			return os.NewSyscallError("select", err)
		}
		if readable.IsSet(s.done) {
			return nil
		}
		each(&writable, func(fd int) { s.soil(s.clients[fd]) })
		each(&readable, s.readFrom)
		if time.Since(s.tickedAt) >= tickEvery {
			s.tick()
		}
		s.flush()
		// Last, because a new client may have the descriptor of one that was closed in this turn.
		if readable.IsSet(s.l.fd) {
			if err := s.accept(); err != nil {
				return err
			}
			s.flush()
		}
	}
}

// each calls f for each descriptor in set.
func each(set *unix.FdSet, f func(fd int)) {
	for i, word := range set.Bits {
		for rest := uint64(word); rest != 0; rest &= rest - 1 {
			f(64*i + bits.TrailingZeros64(rest))
		}
	}
}

// acceptsPerTurn is how many clients are taken in before those that are there are looked at again.
const acceptsPerTurn = 64

func (s *selecting) accept() error {
	for range acceptsPerTurn {
		fd, name, err := s.l.accept(unix.SOCK_NONBLOCK)
		switch {
		case err == unix.EAGAIN:
			return nil
		case exhausted(err):
			s.full = true
			s.readers.Clear(s.l.fd) // or select would return at once, again and again
			return nil
		case err != nil:
			return fmt.Errorf("accept on %s: %w", s.l.addr, err)
		case fd >= unix.FD_SETSIZE:
			s.refuse(fd)
		default:
			s.add(fd, name)
		}
	}
	return nil
}

// refusal is what a client hears whose descriptor has no bit in the set.
const refusal = "! server-full select(2) takes descriptors up to 1023\n"

// maxRefused is how many refused clients at once are given the time to read why.
const maxRefused = 256

// refuse says why, and closes a little later: a socket closed with input unread is reset, and the refusal lost.
func (s *selecting) refuse(fd int) {
	_, _ = unix.Write(fd, []byte(refusal))
	_ = unix.Shutdown(fd, unix.SHUT_WR)
	if len(s.refused) == maxRefused {
		_ = unix.Close(s.refused[0])
		s.refused = append(s.refused[:0], s.refused[1:]...)
	}
	s.refused = append(s.refused, fd)
}

func (s *selecting) add(fd int, name string) {
	c := &selectClient{server: s, fd: fd}
	s.clients[fd] = c
	s.readers.Set(fd)
	s.highest = max(s.highest, fd)
	if s.o.Echo {
		return
	}
	c.talk = newSession(s.hub.admit(c), s.hub.do, s.o.maxLine())
	c.talk.connect(name)
}

// readFrom takes what has come.
func (s *selecting) readFrom(fd int) {
	c := s.clients[fd]
	if c == nil {
		return
	}
	n, err := unix.Read(fd, s.buf)
	switch {
	case err == unix.EAGAIN || err == unix.EINTR:
	case err != nil:
		c.breakOff()
	case n == 0:
		c.endOfInput()
	case c.talk == nil:
		c.send(s.buf[:n])
		c.pauseEcho()
	default:
		c.talk.read(s.buf[:n]) // nothing comes of it once the client has left
	}
}

// soil has c looked at by the next flush.
func (s *selecting) soil(c *selectClient) {
	if c != nil && !c.dirty {
		c.dirty = true
		s.dirty = append(s.dirty, c)
	}
}

// flush writes to all that have something, and to those that hear of the ends of others meanwhile.
func (s *selecting) flush() {
	for i := 0; i < len(s.dirty); i++ {
		c := s.dirty[i]
		c.dirty = false
		c.flush()
		s.dirty[i] = nil
	}
	s.dirty = s.dirty[:0]
}

// tick does what is to be done once a second.
func (s *selecting) tick() {
	s.tickedAt = time.Now()
	for _, fd := range s.refused {
		_ = unix.Close(fd)
	}
	s.refused = s.refused[:0]
	if s.full {
		s.full = false
		s.readers.Set(s.l.fd)
	}
	for _, c := range s.clients {
		if c != nil && c.ended && s.tickedAt.After(c.deadline) {
			c.breakOff()
		}
	}
	if !s.o.Echo {
		s.hub.tick()
	}
}

func (s *selecting) closeAll() {
	s.hub.close()
	for _, fd := range s.refused {
		_ = unix.Close(fd)
	}
	for _, c := range s.clients {
		if c != nil {
			c.close()
		}
	}
}

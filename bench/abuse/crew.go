//go:build linux

package abuse

import (
	"errors"
	"fmt"
	"runtime"
	"sync"
	"time"

	"golang.org/x/sys/unix"
)

// crew is all connections of an attack, served by one thread. Its methods belong to one goroutine, fields below mail to the thread.
type crew struct {
	epoll int
	wake  int // an eventfd, to end a wait
	mail  chan func()
	done  sync.WaitGroup

	members []*member
	pace    pace
	buf     []byte // what is read and thrown away
	sent    int64  // bytes
	dropped int    // connections that the server has ended
	ended   bool
}

// member is one connection.
type member struct {
	fd      int // -1: it is over
	index   int
	reads   bool
	watched uint32 // the events that epoll waits for
	out     []byte // to be sent; shared with others, and not to be changed
	again   []byte // to be sent again and again when out is empty; may be nil
}

// pace is when members say their piece, one after the other.
type pace struct {
	members []*member
	pieces  [][]byte // by turns of each member, who begin with different ones
	gap     time.Duration
	next    time.Time
	turn    int
}

const (
	// readSize is how much is thrown away at once, in bytes.
	readSize = 256 << 10
	// floodTurn is how often one member's piece is written before the others have their turn.
	floodTurn = 4
)

func newCrew() (*crew, error) {
	epoll, err := unix.EpollCreate1(unix.EPOLL_CLOEXEC)
	if err != nil {
		return nil, fmt.Errorf("epoll_create1: %w", err)
	}
	wake, err := unix.Eventfd(0, unix.EFD_NONBLOCK|unix.EFD_CLOEXEC)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("eventfd: %w", err), unix.Close(epoll))
	}
	c := &crew{epoll: epoll, wake: wake, mail: make(chan func(), 1), buf: make([]byte, readSize)}
	event := unix.EpollEvent{Events: unix.EPOLLIN, Fd: -1}
	if err := unix.EpollCtl(epoll, unix.EPOLL_CTL_ADD, wake, &event); err != nil {
		return nil, fmt.Errorf("epoll_ctl: %w", err)
	}
	c.done.Go(c.run)
	return c, nil
}

// do has f run on the thread and waits for it.
func (c *crew) do(f func()) {
	done := make(chan struct{})
	c.mail <- func() { f(); close(done) }
	_, _ = unix.Write(c.wake, []byte{1, 0, 0, 0, 0, 0, 0, 0}) // fails only when it is awake already
	<-done
}

// add takes a connection over; whether it reads stays so.
func (c *crew) add(fd int, reads bool) (m *member, err error) {
	c.do(func() {
		m = &member{fd: fd, index: len(c.members), reads: reads}
		c.members = append(c.members, m)
		m.watched = m.wants()
		event := unix.EpollEvent{Events: m.watched, Fd: int32(m.index)}
		if err = unix.EpollCtl(c.epoll, unix.EPOLL_CTL_ADD, fd, &event); err != nil {
			err = fmt.Errorf("epoll_ctl: %w", err)
		}
	})
	return m, err
}

// send has each member send the bytes for its number.
func (c *crew) send(members []*member, bytes func(i int) []byte) {
	c.do(func() {
		for i, m := range members {
			m.out = bytes(i)
			c.write(m)
		}
	})
}

// flood has each member send the bytes again and again, behind what it has to send already, until calm is called.
func (c *crew) flood(members []*member, bytes []byte) {
	c.do(func() {
		for _, m := range members {
			m.again = bytes
			if len(m.out) == 0 {
				m.out = bytes
			}
			c.write(m)
		}
	})
}

// keepPace has the members say the pieces by turns, each that many times a second. Two who are next to each other say different ones, so that the
// pieces are mixed at every time.
func (c *crew) keepPace(members []*member, each float64, pieces ...[]byte) {
	c.do(func() {
		gap := time.Duration(float64(time.Second) / each / float64(len(members)))
		c.pace = pace{members: members, pieces: pieces, gap: gap, next: time.Now()}
	})
}

// calm lets nobody send anything more, and returns the bytes that were sent since the last time, and how many connections the server has ended.
func (c *crew) calm() (sent int64, dropped int) {
	c.do(func() {
		c.pace = pace{}
		for _, m := range c.members {
			m.out, m.again = nil, nil
			c.watch(m)
		}
		sent, dropped = c.sent, c.dropped
		c.sent = 0
	})
	return sent, dropped
}

// close ends all connections and the thread.
func (c *crew) close() {
	c.do(func() { c.ended = true })
	c.done.Wait()
	_ = unix.Close(c.wake)
	_ = unix.Close(c.epoll)
}

// run is the thread's life.
func (c *crew) run() {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	events := make([]unix.EpollEvent, 1024)
	for !c.ended {
		n, err := unix.EpollWait(c.epoll, events, c.timeout())
		if err != nil && !errors.Is(err, unix.EINTR) {
			panic(fmt.Sprintf("epoll_wait: %v", err)) // only a wrong argument can be the cause
		}
		for _, e := range events[:max(n, 0)] {
			if e.Fd < 0 {
				c.readMail()
			} else {
				c.handle(c.members[e.Fd], e.Events)
			}
		}
		c.sayDue()
	}
	for _, m := range c.members {
		c.cut(m)
	}
}

func (c *crew) timeout() int {
	if len(c.pace.members) == 0 {
		return -1
	}
	// Up to a millisecond late: to wait without sleeping would take the CPU from those who read.
	return max(0, int((time.Until(c.pace.next)+time.Millisecond-1)/time.Millisecond))
}

func (c *crew) readMail() {
	var b [8]byte
	_, _ = unix.Read(c.wake, b[:]) // only empties it
	select {
	case f := <-c.mail:
		f()
	default:
	}
}

func (c *crew) handle(m *member, events uint32) {
	if m.fd < 0 {
		return
	}
	if events&unix.EPOLLOUT != 0 {
		c.write(m)
	}
	ended := events&(unix.EPOLLRDHUP|unix.EPOLLHUP|unix.EPOLLERR) != 0
	if m.fd >= 0 && m.reads && events&unix.EPOLLIN != 0 {
		n, err := unix.Read(m.fd, c.buf)
		ended = (n == 0 && err == nil) || (err != nil && !errors.Is(err, unix.EAGAIN) && !errors.Is(err, unix.EINTR))
	}
	if ended && m.fd >= 0 {
		c.drop(m)
	}
}

// write sends what m has to send.
func (c *crew) write(m *member) {
	for turns := 0; m.fd >= 0 && len(m.out) > 0 && turns < floodTurn; turns++ {
		n, err := unix.Write(m.fd, m.out)
		if errors.Is(err, unix.EAGAIN) {
			break
		}
		if err != nil {
			c.drop(m)
			return
		}
		c.sent += int64(n)
		if m.out = m.out[n:]; len(m.out) == 0 {
			m.out = m.again
		}
	}
	c.watch(m)
}

func (m *member) wants() uint32 {
	events := uint32(unix.EPOLLRDHUP)
	if m.reads {
		events |= unix.EPOLLIN
	}
	if len(m.out) > 0 {
		events |= unix.EPOLLOUT
	}
	return events
}

func (c *crew) watch(m *member) {
	if m.fd < 0 || m.wants() == m.watched {
		return
	}
	m.watched = m.wants()
	event := unix.EpollEvent{Events: m.watched, Fd: int32(m.index)}
	_ = unix.EpollCtl(c.epoll, unix.EPOLL_CTL_MOD, m.fd, &event) // it is watched already
}

// sayDue has those talk whose turn it is. One whose socket is full misses its turn: the server takes no more of it.
func (c *crew) sayDue() {
	p := &c.pace
	for len(p.members) > 0 && !time.Now().Before(p.next) {
		m := p.members[p.turn%len(p.members)]
		if m.fd >= 0 && len(m.out) == 0 {
			m.out = p.pieces[(p.turn/len(p.members)+p.turn%len(p.members))%len(p.pieces)]
			c.write(m)
		}
		p.turn++
		p.next = p.next.Add(p.gap)
	}
}

// drop is when the server has ended a connection.
func (c *crew) drop(m *member) {
	c.dropped++
	c.cut(m)
}

// cut closes by a reset, which leaves no port in TIME_WAIT behind.
func (c *crew) cut(m *member) {
	if m.fd < 0 {
		return
	}
	_ = unix.SetsockoptLinger(m.fd, unix.SOL_SOCKET, unix.SO_LINGER, &unix.Linger{Onoff: 1}) // else the port is only free later
	_ = unix.Close(m.fd)
	m.fd = -1
}

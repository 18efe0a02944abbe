//go:build linux

package generator

import (
	"errors"
	"fmt"
	"runtime"
	"sync/atomic"
	"time"

	"golang.org/x/sys/unix"
)

// worker is one thread with a part of the clients. All fields belong to it but for those that say otherwise.
type worker struct {
	fleet   *fleet
	number  int
	targets [][]target // by way and node; the worker's own: x/sys writes to them
	epoll   int
	wake    int // an eventfd; safe for any goroutine

	clients []*client
	senders []*sender
	toDial  []*client
	dialing int // clients that are not in yet and not given up

	buf      []byte // headroom for a tail, then one read
	scratch  []byte
	words    []byte
	slots    [][]slot // by sender: a ring over the sequence
	gaps     map[gap]struct{}
	counts   counts
	schedule schedule
	turn     int // whose turn it is to talk

	mail  chan func()  // what others want done here
	in    atomic.Int64 // clients that are in
	heard atomic.Int64 // deliveries of this phase
	await atomic.Int64 // deliveries of this phase that are expected and have not come
	lost  map[string]int
}

// Sizes of a worker's buffers in bytes.
const (
	tailRoom = 64
	readSize = 256 << 10
	// maxOut is how much may wait for a sender's socket before its messages are skipped.
	maxOut = 1 << 20
)

func newWorker(f *fleet, number int) (*worker, error) {
	targets := make([][]target, len(f.ways))
	for i, way := range f.ways {
		for _, address := range f.options.addresses(way) {
			at, err := resolve(address)
			if err != nil {
				return nil, err
			}
			targets[i] = append(targets[i], at)
		}
	}
	epoll, err := unix.EpollCreate1(unix.EPOLL_CLOEXEC)
	if err != nil {
		return nil, fmt.Errorf("epoll_create1: %w", err)
	}
	wake, err := unix.Eventfd(0, unix.EFD_NONBLOCK|unix.EFD_CLOEXEC)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("eventfd: %w", err), unix.Close(epoll))
	}
	w := &worker{
		fleet: f, number: number, targets: targets, epoll: epoll, wake: wake,
		buf: make([]byte, tailRoom+readSize), gaps: map[gap]struct{}{}, lost: map[string]int{},
		mail: make(chan func(), 16), schedule: schedule{stopped: true},
	}
	event := unix.EpollEvent{Events: unix.EPOLLIN, Fd: -1}
	if err := unix.EpollCtl(epoll, unix.EPOLL_CTL_ADD, wake, &event); err != nil {
		return nil, fmt.Errorf("epoll_ctl: %w", err)
	}
	return w, nil
}

// do has f run on the worker and waits for it. Not to be called on a worker.
func (w *worker) do(f func()) {
	done := make(chan struct{})
	w.mail <- func() { f(); close(done) }
	w.ring()
	<-done
}

// ring wakes the worker. Safe for any goroutine.
func (w *worker) ring() {
	_, _ = unix.Write(w.wake, []byte{1, 0, 0, 0, 0, 0, 0, 0}) // fails only when it is awake already
}

// run is the worker's life; it ends when the fleet is closed.
func (w *worker) run() {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	if w.fleet.options.Pin != nil {
		var set unix.CPUSet
		for _, cpu := range w.fleet.options.Pin {
			set.Set(cpu)
		}
		_ = unix.SchedSetaffinity(0, &set) // the report says what was asked for; a CPU that isn't there was refused before
	}
	events := make([]unix.EpollEvent, 1024)
	for !w.fleet.closed.Load() {
		n, err := unix.EpollWait(w.epoll, events, w.timeout())
		if err != nil && !errors.Is(err, unix.EINTR) {
			panic(fmt.Sprintf("epoll_wait: %v", err)) // only a wrong argument can be the cause
		}
		for i := range max(n, 0) {
			w.handle(&events[i])
		}
		w.dialMore()
		w.sendDue()
	}
	w.closeAll()
}

// timeout is how long to wait for events, in milliseconds. Near the next send that is due the worker doesn't sleep: epoll can't wait
// for less than a millisecond.
func (w *worker) timeout() int {
	if w.schedule.stopped {
		return -1
	}
	return max(0, int((w.schedule.next-w.fleet.now())/time.Millisecond)-1)
}

func (w *worker) handle(e *unix.EpollEvent) {
	if e.Fd < 0 {
		w.readMail()
		return
	}
	c := w.clients[e.Fd]
	broken := e.Events&(unix.EPOLLERR|unix.EPOLLHUP) != 0
	if c.stage != closed && (e.Events&unix.EPOLLOUT != 0 || (broken && c.stage == connecting)) {
		w.writable(c)
	}
	switch {
	case c.stage == closed || c.stage == connecting:
	case broken && c.slow && c.stage == ready:
		w.end(c, errDropped)
	case e.Events&unix.EPOLLIN != 0 || broken:
		w.readable(c)
	}
	w.poll(c)
}

func (w *worker) readMail() {
	var b [8]byte
	_, _ = unix.Read(w.wake, b[:]) // only empties it
	for {
		select {
		case f := <-w.mail:
			f()
		default:
			w.refill()
			return
		}
	}
}

// poll tells epoll what c waits for, if that has changed.
func (w *worker) poll(c *client) {
	if c.stage == closed || c.wants() == c.polled {
		return
	}
	c.polled = c.wants()
	event := unix.EpollEvent{Events: c.polled, Fd: int32(w.indexOf(c))}
	if err := unix.EpollCtl(w.epoll, unix.EPOLL_CTL_MOD, c.fd, &event); err != nil {
		w.end(c, err)
	}
}

// indexOf is the client's index among the worker's: clients are dealt out in turn.
func (w *worker) indexOf(c *client) int { return c.index / len(w.fleet.workers) }

func (w *worker) closeAll() {
	for _, c := range w.clients {
		if c.stage != closed && c.stage != idle {
			c.cut()
		}
	}
	unix.Close(w.wake)
	unix.Close(w.epoll)
}

// cut closes the connection by a reset, which leaves no port in TIME_WAIT behind.
func (c *client) cut() {
	_ = unix.SetsockoptLinger(c.fd, unix.SOL_SOCKET, unix.SO_LINGER, &unix.Linger{Onoff: 1}) // else the port is only free later
	unix.Close(c.fd)
	c.stage = closed
}

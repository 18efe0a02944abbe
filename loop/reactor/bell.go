//go:build linux

package reactor

import (
	"errors"
	"fmt"
	"runtime"
	"sync"
	"syscall"

	"golang.org/x/sys/unix"
)

// bell is how the loop hears of descriptors that others read. A goroutine that waits for one by Go's poller is not told while the loop sleeps in gnet's epoll with a
// processor of Go's: that is taken from it some tens of microseconds later, at the earliest. So gnet's epoll watches the descriptor as well, under the number of a
// connection of gnet's from which nothing is wanted, and in which a byte always waits: gnet reads that, and calls back.
type bell struct {
	near int // the number, gnet's descriptor
	far  int // where the byte comes from

	mu      sync.Mutex
	rings   map[*func(again bool)]struct{}
	stopped bool
}

// bellContext marks the connection of the bell.
type bellContext struct{}

var errNoBell = errors.New("the event loop hears of nothing any more")

// hangBell makes the bell, if gnet's epoll has been found. fall comes behind it in any case.
func (l *Loop) hangBell() error {
	l.bell.rings, l.bell.near, l.bell.far = map[*func(bool)]struct{}{}, -1, -1
	if l.epoll < 0 {
		return nil
	}
	c, far, err := ownPair(l.engine, bellContext{})
	if err != nil {
		return err
	}
	l.bell.near, l.bell.far = c.Fd(), far
	if err := want(l.epoll, l.bell.near, 0); err != nil {
		return fmt.Errorf("epoll_ctl: %w", err)
	}
	return l.bell.wind()
}

// wind has a byte wait.
func (b *bell) wind() error {
	_, err := unix.Write(b.far, []byte{0})
	return err
}

// Attend has rings called on the loop when something has come by a descriptor that somebody else reads, as a listener: once for all that has come since the last time, and
// sometimes when nothing has. rings takes no time, and calls no method of the Loop. It is called with false when it will not be again: the loop stops, or can hear nothing more. leave
// must come before the descriptor is closed; when it has returned, rings isn't called any more. It can be called again. Attend and leave are safe for any goroutine.
func (l *Loop) Attend(descriptor syscall.RawConn, rings func(again bool)) (leave func(), err error) {
	b := &l.bell
	b.mu.Lock()
	defer b.mu.Unlock()
	switch {
	case l.epoll < 0:
		return nil, l.noPause
	case b.stopped:
		return nil, errNoBell
	}
	event := unix.EpollEvent{Events: unix.EPOLLIN | unix.EPOLLET&(1<<32-1), Fd: int32(b.near)}
	if err := l.control(unix.EPOLL_CTL_ADD, descriptor, &event); err != nil {
		return nil, err
	}
	b.rings[&rings] = struct{}{}
	return func() { l.disregard(descriptor, &rings) }, nil
}

func (l *Loop) disregard(descriptor syscall.RawConn, rings *func(bool)) {
	b := &l.bell
	b.mu.Lock()
	defer b.mu.Unlock()
	if _, is := b.rings[rings]; is {
		delete(b.rings, rings)
		_ = l.control(unix.EPOLL_CTL_DEL, descriptor, nil) // fails only if it has been closed, with which it left
	}
}

func (l *Loop) control(op int, descriptor syscall.RawConn, event *unix.EpollEvent) (err error) {
	closed := descriptor.Control(func(fd uintptr) { err = unix.EpollCtl(l.epoll, op, int(fd), event) })
	if err != nil {
		return fmt.Errorf("epoll_ctl: %w", err)
	}
	return closed
}

// quiet is how many callbacks there may have been since the bell last rang, its own among them, if the loop is not to be busy.
const quiet = 4

// rung is gnet's word that the byte has been read. Whom that is for goes first where the loop isn't busy: it has something for the loop soon, which otherwise would go to
// sleep in between. A busy loop does first what it has to do.
func (l *Loop) rung() {
	wanted := l.wanted
	l.wanted = 0
	if l.bell.rung(); wanted <= quiet {
		runtime.Gosched()
	}
}

func (b *bell) rung() {
	b.mu.Lock()
	defer b.mu.Unlock()
	if err := b.wind(); err != nil {
		b.breaks()
		return
	}
	for rings := range b.rings {
		(*rings)(true)
	}
}

// stop has nobody attended to any more.
func (b *bell) stop() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.breaks()
}

func (b *bell) breaks() {
	for rings := range b.rings {
		(*rings)(false)
	}
	b.rings, b.stopped = nil, true
}

// fall lets go of what the bell has, when gnet has stopped.
func (b *bell) fall() {
	if b.far >= 0 {
		unix.Close(b.far)
	}
}

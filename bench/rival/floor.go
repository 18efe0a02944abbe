//go:build linux

package rival

import (
	"context"
	"fmt"
	"os"
	"runtime"
	"slices"

	"golang.org/x/sys/unix"
)

// floor is what the kernel charges. One thread waits on one epoll; what a read brings from a member is written to all others (or, as
// an echo, back) as it is, with one call each. No lines, no rules, no copies, no state but who is there. So nobody who writes the
// same bytes to the same sockets one by one can use less.
//
// It loses nothing: what a full socket doesn't take is kept and tried again, up to maxPending bytes; then the member is dropped.
// Everything belongs to the thread of run.
type floor struct {
	echo    bool
	l       *listener
	done    int // readable when the server is to end
	epoll   int
	members []*floorMember
	byFD    []*floorMember // nil: no member
	resting bool           // the system has no descriptor for the next member; asked again when one leaves
	buf     []byte
}

// floorMember is one connection.
type floorMember struct {
	fd      int
	index   int    // in floor.members
	pending []byte // what the socket did not take
	over    bool   // nothing more comes; closed when nothing is pending
}

func serveFloor(ctx context.Context, o Options) error {
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
	epoll, err := unix.EpollCreate1(unix.EPOLL_CLOEXEC)
	if err != nil {
		return os.NewSyscallError("epoll_create", err)
	}
	defer unix.Close(epoll)
	f := &floor{echo: o.Echo, l: l, done: done, epoll: epoll, buf: make([]byte, maxRead)}
	defer f.closeAll()
	if err := f.watch(unix.EPOLL_CTL_ADD, l.fd, unix.EPOLLIN); err != nil {
		return err
	}
	if err := f.watch(unix.EPOLL_CTL_ADD, done, unix.EPOLLIN); err != nil {
		return err
	}
	o.ready(l.addr)
	return f.run()
}

func (f *floor) watch(operation, fd int, events uint32) error {
	event := unix.EpollEvent{Events: events, Fd: int32(fd)}
	return os.NewSyscallError("epoll_ctl", unix.EpollCtl(f.epoll, operation, fd, &event))
}

// run is the loop.
func (f *floor) run() error {
	events := make([]unix.EpollEvent, 256)
	for {
		n, err := unix.EpollWait(f.epoll, events, -1)
		if err != nil && err != unix.EINTR {
			return os.NewSyscallError("epoll_wait", err)
		}
		arrivals := false
		for _, e := range events[:max(n, 0)] {
			switch fd := int(e.Fd); fd {
			case f.done:
				return nil
			case f.l.fd:
				arrivals = true
			default:
				f.handle(fd, e.Events)
			}
		}
		// Last, because a new member may have the descriptor of one that was closed among these events.
		if arrivals {
			if err := f.accept(); err != nil {
				return err
			}
		}
	}
}

func (f *floor) handle(fd int, events uint32) {
	m := f.byFD[fd]
	if m != nil && events&unix.EPOLLOUT != 0 {
		f.retry(m)
		m = f.byFD[fd]
	}
	if m != nil && !m.over && events&(unix.EPOLLIN|unix.EPOLLHUP|unix.EPOLLERR) != 0 {
		f.read(m)
	} else if m != nil && events&(unix.EPOLLHUP|unix.EPOLLERR) != 0 {
		f.remove(m)
	}
}

func (f *floor) accept() error {
	for range acceptsPerTurn {
		fd, _, err := f.l.accept(unix.SOCK_NONBLOCK)
		switch {
		case err == unix.EAGAIN:
			return nil
		case exhausted(err):
			f.resting = true
			return f.watch(unix.EPOLL_CTL_MOD, f.l.fd, 0)
		case err != nil:
			return fmt.Errorf("accept on %s: %w", f.l.addr, err)
		}
		if err := f.add(fd); err != nil {
			return err
		}
	}
	return nil
}

func (f *floor) add(fd int) error {
	m := &floorMember{fd: fd, index: len(f.members)}
	f.members = append(f.members, m)
	if grow := fd + 1 - len(f.byFD); grow > 0 {
		f.byFD = append(f.byFD, make([]*floorMember, grow)...)
	}
	f.byFD[fd] = m
	return f.watch(unix.EPOLL_CTL_ADD, fd, unix.EPOLLIN)
}

// read takes what has come from m and hands it on.
func (f *floor) read(m *floorMember) {
	n, err := rawRead(m.fd, f.buf)
	switch {
	case err == unix.EAGAIN || err == unix.EINTR:
	case err != 0:
		f.remove(m)
	case n == 0:
		f.endOfInput(m)
	case f.echo:
		f.write(m, f.buf[:n])
	default:
		// Backwards, because a member that is dropped gives its place to the last one.
		for i := len(f.members) - 1; i >= 0; i-- {
			if to := f.members[i]; to != m {
				f.write(to, f.buf[:n])
			}
		}
	}
}

func (f *floor) endOfInput(m *floorMember) {
	m.over = true
	if len(m.pending) == 0 {
		f.remove(m)
		return
	}
	f.wait(m)
}

// write sends b to m, behind what is pending.
func (f *floor) write(m *floorMember, b []byte) {
	if len(m.pending) == 0 {
		n, err := rawWrite(m.fd, b)
		switch {
		case n == len(b):
			return
		case err != 0 && err != unix.EAGAIN && err != unix.EINTR:
			f.remove(m)
			return
		}
		b = b[max(n, 0):]
	}
	if len(m.pending)+len(b) > maxPending {
		f.remove(m)
		return
	}
	first := len(m.pending) == 0
	m.pending = append(m.pending, b...)
	if first || f.echo {
		f.wait(m)
	}
}

// wait has the kernel tell when m can be written to again. An echo's member that sends and doesn't read is left waiting itself.
func (f *floor) wait(m *floorMember) {
	events := uint32(0)
	if len(m.pending) > 0 {
		events |= unix.EPOLLOUT
	}
	if !m.over && (!f.echo || len(m.pending) <= echoRoom) {
		events |= unix.EPOLLIN
	}
	if f.watch(unix.EPOLL_CTL_MOD, m.fd, events) != nil {
		f.remove(m) // it would never be heard of again
	}
}

// retry sends what is pending.
func (f *floor) retry(m *floorMember) {
	n, err := rawWrite(m.fd, m.pending)
	switch {
	case err == unix.EAGAIN || err == unix.EINTR:
		return
	case err != 0:
		f.remove(m)
		return
	}
	m.pending = m.pending[n:]
	if len(m.pending) > 0 {
		return
	}
	m.pending = nil
	if m.over {
		f.remove(m)
		return
	}
	f.wait(m)
}

// remove closes m. The last member gets its place.
func (f *floor) remove(m *floorMember) {
	if f.byFD[m.fd] != m {
		return
	}
	f.byFD[m.fd] = nil
	last := len(f.members) - 1
	f.members[m.index] = f.members[last]
	f.members[m.index].index = m.index
	f.members = slices.Delete(f.members, last, last+1)
	_ = unix.Close(m.fd)
	if f.resting {
		f.resting = f.watch(unix.EPOLL_CTL_MOD, f.l.fd, unix.EPOLLIN) != nil
	}
}

func (f *floor) closeAll() {
	for _, m := range f.members {
		_ = unix.Close(m.fd)
	}
}

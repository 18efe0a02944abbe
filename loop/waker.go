//go:build linux

package loop

import (
	"errors"
	"fmt"

	"golang.org/x/sys/unix"

	"looproom/loop/room"
)

// waker tells a loop which of its full sockets can take bytes again; gnet gives no word of it. It is an epoll of its own
// with one goroutine, which posts the names of the clients to the loop. A descriptor is watched for one event at a time.
type waker struct {
	loop *eventLoop
	fd   int
	quit int // an eventfd; readable: stop
	done chan struct{}
}

func startWaker(l *eventLoop) (*waker, error) {
	fd, err := unix.EpollCreate1(unix.EPOLL_CLOEXEC)
	if err != nil {
		return nil, fmt.Errorf("epoll_create1: %w", err)
	}
	quit, err := unix.Eventfd(0, unix.EFD_CLOEXEC|unix.EFD_NONBLOCK)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("eventfd: %w", err), unix.Close(fd))
	}
	w := &waker{loop: l, fd: fd, quit: quit, done: make(chan struct{})}
	event := eventFor(room.NoClient, unix.EPOLLIN)
	if err := unix.EpollCtl(fd, unix.EPOLL_CTL_ADD, quit, &event); err != nil {
		return nil, errors.Join(fmt.Errorf("epoll_ctl: %w", err), unix.Close(quit), unix.Close(fd))
	}
	go w.run()
	return w, nil
}

// eventFor packs a client's name into the 64 bits of user data that an epoll event has.
func eventFor(id room.ClientID, events uint32) unix.EpollEvent {
	return unix.EpollEvent{Events: events, Fd: int32(id.Slot()), Pad: int32(id.Tag())}
}

func clientOf(e *unix.EpollEvent) room.ClientID {
	return room.NewClientID(uint32(e.Fd), uint32(e.Pad))
}

func (w *waker) run() {
	defer close(w.done)
	events := make([]unix.EpollEvent, 256)
	for {
		n, err := unix.EpollWait(w.fd, events, -1)
		if err != nil && err != unix.EINTR {
			w.loop.server.log.Error().Err(err).Msg("waiting for writable sockets")
			return
		}
		writable := make([]room.ClientID, 0, max(n, 0))
		for i := range max(n, 0) {
			id := clientOf(&events[i])
			if id == room.NoClient {
				return
			}
			writable = append(writable, id)
		}
		if len(writable) > 0 {
			w.loop.post(func() { w.loop.writable(writable) })
		}
	}
}

// watch asks for word when the peer's socket can take bytes. Loop only.
func (w *waker) watch(p *peer) error {
	event := eventFor(p.id, unix.EPOLLOUT|unix.EPOLLONESHOT)
	op := unix.EPOLL_CTL_ADD
	if p.armed {
		op = unix.EPOLL_CTL_MOD
	}
	if err := unix.EpollCtl(w.fd, op, p.out.Descriptor(), &event); err != nil {
		return fmt.Errorf("watch descriptor %d: %w", p.out.Descriptor(), err)
	}
	p.armed = true
	return nil
}

// forget must come before the peer's descriptor is closed or replaced: a duplicate of it would keep the entry alive. Loop only.
func (w *waker) forget(p *peer) {
	if p.armed {
		p.armed = false
		_ = unix.EpollCtl(w.fd, unix.EPOLL_CTL_DEL, p.out.Descriptor(), nil) // fails only if it is not there, which is what we want
	}
}

func (w *waker) stop() {
	if w == nil {
		return
	}
	if _, err := unix.Write(w.quit, []byte{1, 0, 0, 0, 0, 0, 0, 0}); err != nil {
		w.loop.server.log.Error().Err(err).Msg("stopping the waker")
		return
	}
	<-w.done
	unix.Close(w.quit)
	unix.Close(w.fd)
}

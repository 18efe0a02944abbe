//go:build linux

package reactor

import (
	"errors"
	"fmt"

	"golang.org/x/sys/unix"
)

// waker tells a loop which of its full sockets can take bytes again; gnet gives no word of it. It is an epoll of its own
// with one goroutine, which posts the numbers of the clients to the loop. A descriptor is watched for one event at a time.
type waker struct {
	loop  *Loop
	fd    int
	quit  int // an eventfd; readable: stop
	done  chan struct{}
	armed map[*Conn]int // the descriptors that its epoll knows, of few at a time. Loop only
}

func startWaker(l *Loop) (*waker, error) {
	fd, err := unix.EpollCreate1(unix.EPOLL_CLOEXEC)
	if err != nil {
		return nil, fmt.Errorf("epoll_create1: %w", err)
	}
	quit, err := unix.Eventfd(0, unix.EFD_CLOEXEC|unix.EFD_NONBLOCK)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("eventfd: %w", err), unix.Close(fd))
	}
	w := &waker{loop: l, fd: fd, quit: quit, done: make(chan struct{}), armed: map[*Conn]int{}}
	event := eventFor(nobody, unix.EPOLLIN)
	if err := unix.EpollCtl(fd, unix.EPOLL_CTL_ADD, quit, &event); err != nil {
		return nil, errors.Join(fmt.Errorf("epoll_ctl: %w", err), unix.Close(quit), unix.Close(fd))
	}
	go w.run()
	return w, nil
}

// nobody is the number of quit.
const nobody = ^uint64(0)

// eventFor packs a client's number into the 64 bits of user data that an epoll event has.
func eventFor(id uint64, events uint32) unix.EpollEvent {
	return unix.EpollEvent{Events: events, Fd: int32(id), Pad: int32(id >> 32)}
}

func clientOf(e *unix.EpollEvent) uint64 { return uint64(uint32(e.Pad))<<32 | uint64(uint32(e.Fd)) }

func (w *waker) run() {
	defer close(w.done)
	events := make([]unix.EpollEvent, 256)
	for {
		n, err := unix.EpollWait(w.fd, events, -1)
		if err != nil && err != unix.EINTR {
			w.loop.config.Log.Error().Err(err).Msg("waiting for writable sockets")
			return
		}
		writable := make([]uint64, 0, max(n, 0))
		for i := range max(n, 0) {
			id := clientOf(&events[i])
			if id == nobody {
				return
			}
			writable = append(writable, id)
		}
		if len(writable) > 0 {
			w.loop.Post(func() { w.loop.handler.Writable(writable) })
		}
	}
}

// Watch has Handler.Writable called, once, with id when c's socket can take bytes. descriptor is that by which c is written to: gnet's, or one of its own. id is not that of all ones. Loop only.
func (l *Loop) Watch(c Client, id uint64, descriptor int) error {
	return l.waker.watch(c.connection(), id, descriptor)
}

func (w *waker) watch(k *Conn, id uint64, descriptor int) error {
	event := eventFor(id, unix.EPOLLOUT|unix.EPOLLONESHOT)
	op := unix.EPOLL_CTL_ADD
	if _, armed := w.armed[k]; armed {
		op = unix.EPOLL_CTL_MOD
	}
	if err := unix.EpollCtl(w.fd, op, descriptor, &event); err != nil {
		return fmt.Errorf("watch descriptor %d: %w", descriptor, err)
	}
	w.armed[k] = descriptor
	return nil
}

// forget must come before the descriptor is closed or replaced: a duplicate of it would keep the entry alive.
func (w *waker) forget(k *Conn) {
	descriptor, armed := w.armed[k]
	if !armed {
		return
	}
	_ = unix.EpollCtl(w.fd, unix.EPOLL_CTL_DEL, descriptor, nil) // fails only if it is not there, which is what we want
	if delete(w.armed, k); len(w.armed) == 0 {
		w.armed = map[*Conn]int{} // one that was large stays large
	}
}

func (w *waker) stop() {
	if w == nil {
		return
	}
	if _, err := unix.Write(w.quit, []byte{1, 0, 0, 0, 0, 0, 0, 0}); err != nil {
		w.loop.config.Log.Error().Err(err).Msg("stopping the waker")
		return
	}
	<-w.done
	unix.Close(w.quit)
	unix.Close(w.fd)
}

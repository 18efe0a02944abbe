//go:build linux

package rival

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"os"
	"strconv"
	"time"

	"golang.org/x/sys/unix"
)

// listener is a listening socket outside of Go's own epoll, for models that wait in system calls of their own.
type listener struct {
	fd   int
	addr net.Addr
	path string // of a Unix socket, to be removed
	came int    // clients
}

// listen opens a listener whose accept blocks.
func listen(o Options) (*listener, error) {
	l, err := net.Listen(o.Network, o.Address)
	if err != nil {
		return nil, err
	}
	defer l.Close()
	own := &listener{addr: l.Addr()}
	if u, ok := l.(*net.UnixListener); ok {
		u.SetUnlinkOnClose(false)
		own.path = u.Addr().String()
	}
	own.fd, err = blockingCopy(l)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("listen %s: %w", o.Address, err), own.removePath())
	}
	return own, nil
}

// blockingCopy returns a descriptor of l that Go's epoll knows nothing of.
func blockingCopy(l net.Listener) (int, error) {
	source, ok := l.(interface{ File() (*os.File, error) })
	if !ok {
		return -1, errors.New("not a socket of the system")
	}
	file, err := source.File()
	if err != nil {
		return -1, err
	}
	defer file.Close()
	fd, err := unix.FcntlInt(file.Fd(), unix.F_DUPFD_CLOEXEC, 0)
	if err != nil {
		return -1, os.NewSyscallError("fcntl", err)
	}
	return fd, os.NewSyscallError("fcntl", unix.SetNonblock(fd, false))
}

// accept waits for a client; flags are those of accept4. name is what the client is called as a guest. One thread at a time may call it.
func (l *listener) accept(flags int) (fd int, name string, err error) {
	for {
		fd, from, err := unix.Accept4(l.fd, flags|unix.SOCK_CLOEXEC)
		switch {
		case err == unix.EINTR || err == unix.ECONNABORTED:
			continue
		case err != nil:
			return -1, "", err
		}
		l.came++
		if l.path == "" {
			_ = unix.SetsockoptInt(fd, unix.IPPROTO_TCP, unix.TCP_NODELAY, 1) // only speed is lost without
		}
		return fd, l.clientName(from), nil
	}
}

func (l *listener) clientName(from unix.Sockaddr) string {
	switch a := from.(type) {
	case *unix.SockaddrInet4:
		return netip.AddrPortFrom(netip.AddrFrom4(a.Addr), uint16(a.Port)).String()
	case *unix.SockaddrInet6:
		return netip.AddrPortFrom(netip.AddrFrom16(a.Addr).Unmap(), uint16(a.Port)).String()
	}
	return "local:" + strconv.Itoa(l.came)
}

// interrupt ends an accept that waits and all later ones. Any thread may call it before close.
func (l *listener) interrupt() { _ = unix.Shutdown(l.fd, unix.SHUT_RDWR) }

func (l *listener) close() error {
	return errors.Join(os.NewSyscallError("close", unix.Close(l.fd)), l.removePath())
}

func (l *listener) removePath() error {
	if l.path == "" {
		return nil
	}
	return os.Remove(l.path)
}

// acceptPause is how long a listener rests when the system has no more descriptors or memory for clients.
const acceptPause = 10 * time.Millisecond

// exhausted says whether accept failed for want of something that others may give back.
func exhausted(err error) bool {
	return errors.Is(err, unix.EMFILE) || errors.Is(err, unix.ENFILE) || errors.Is(err, unix.ENOBUFS) || errors.Is(err, unix.ENOMEM)
}

// acceptAll hands each client to serve, until ctx is done. serve must not block. The calling goroutine is blocked in accept.
func (l *listener) acceptAll(ctx context.Context, serve func(fd int, name string)) error {
	stop := context.AfterFunc(ctx, l.interrupt)
	defer stop()
	for ctx.Err() == nil {
		fd, name, err := l.accept(0)
		switch {
		case err == nil:
			serve(fd, name)
		case ctx.Err() != nil:
		case exhausted(err):
			rest(ctx, acceptPause)
		default:
			return fmt.Errorf("accept on %s: %w", l.addr, err)
		}
	}
	return nil
}

// rest waits for d, or until ctx is done.
func rest(ctx context.Context, d time.Duration) {
	select {
	case <-ctx.Done():
	case <-time.After(d):
	}
}

//go:build linux

package rival

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"runtime"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// servePrefork is the echo with processes that are started beforehand. Each has a listener of its own on the same port
// (SO_REUSEPORT), between which the kernel divides the clients, and in each a client has a thread. The parent serves nobody: it keeps the
// port, starts workers again that have died, and ends them. A worker's clients die with it, and nobody else's.
func servePrefork(ctx context.Context, o Options) error {
	// Children end with the thread that started them.
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	if o.Network != "tcp" {
		return fmt.Errorf("prefork: %s sockets can't share an address; give it a TCP port", o.Network)
	}
	fd, addr, err := keepPort(ctx, o.Address)
	if err != nil {
		return err
	}
	defer unix.Close(fd)
	family, err := newChildren()
	if err != nil {
		return err
	}
	workers := o.Workers
	if workers <= 0 {
		workers = runtime.NumCPU()
	}
	dead := make(chan int, workers) // never full: only superviseWorkers brings a new one
	err = withReaping(ctx, family, func(pid int) { dead <- pid }, func() error {
		for range workers {
			if err := startWorker(family, addr); err != nil {
				return err
			}
		}
		o.ready(addr)
		return superviseWorkers(ctx, family, addr, dead)
	})
	return errors.Join(err, family.end())
}

// superviseWorkers starts a new worker for each that has died, until ctx is done.
func superviseWorkers(ctx context.Context, family *children, addr net.Addr, dead <-chan int) error {
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-dead:
			if err := startWorker(family, addr); err != nil && ctx.Err() == nil {
				return err
			}
		}
	}
}

// workerPatience is how long a worker may take until it listens.
const workerPatience = 10 * time.Second

// startWorker starts a worker and waits until it listens.
func startWorker(family *children, addr net.Addr) error {
	hear, tell, err := os.Pipe()
	if err != nil {
		return err
	}
	defer hear.Close()
	_, err = family.start("prefork", int(tell.Fd()), addressVar+"="+addr.String())
	tell.Close()
	if err != nil {
		return err
	}
	if err := hear.SetReadDeadline(time.Now().Add(workerPatience)); err != nil {
		return err
	}
	if _, err := hear.Read(make([]byte, 1)); err != nil {
		return fmt.Errorf("prefork: a worker does not listen on %s: %w", addr, err)
	}
	return nil
}

// keepPort binds a socket to the address without listening: no client gets there, and the port stays ours while workers die.
func keepPort(ctx context.Context, address string) (fd int, addr net.Addr, err error) {
	// Only the net package can read every form of an address; and a port that somebody else listens on is refused here.
	probe, err := net.Listen("tcp", address)
	if err != nil {
		return -1, nil, err
	}
	at := *probe.Addr().(*net.TCPAddr)
	if err := probe.Close(); err != nil {
		return -1, nil, err
	}
	if _, port, err := net.SplitHostPort(address); err == nil && port == "0" {
		at.Port = 0 // another one: that of the probe may be somebody else's by now
	}
	to, family := sockaddr(&at)
	fd, err = unix.Socket(family, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return -1, nil, os.NewSyscallError("socket", err)
	}
	err = errors.Join(
		os.NewSyscallError("setsockopt", unix.SetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_REUSEADDR, 1)),
		os.NewSyscallError("setsockopt", unix.SetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_REUSEPORT, 1)),
		os.NewSyscallError("bind", unix.Bind(fd, to)))
	if err == nil {
		at.Port, err = boundPort(fd)
	}
	if err != nil {
		return -1, nil, errors.Join(fmt.Errorf("listen %s: %w", address, err), unix.Close(fd))
	}
	return fd, &at, nil
}

// boundPort is the port that a socket is bound to.
func boundPort(fd int) (port int, err error) {
	is, err := unix.Getsockname(fd)
	switch is := is.(type) {
	case *unix.SockaddrInet4:
		port = is.Port
	case *unix.SockaddrInet6:
		port = is.Port
	}
	return port, os.NewSyscallError("getsockname", err)
}

func sockaddr(a *net.TCPAddr) (to unix.Sockaddr, family int) {
	if ip := a.IP.To4(); ip != nil {
		return &unix.SockaddrInet4{Port: a.Port, Addr: [4]byte(ip)}, unix.AF_INET
	}
	return &unix.SockaddrInet6{Port: a.Port, Addr: [16]byte(a.IP.To16())}, unix.AF_INET6
}

// work is a worker: it listens, says so on childFD, and serves until it is killed.
func work(address string) error {
	shared := net.ListenConfig{Control: func(_, _ string, raw syscall.RawConn) error {
		var failed error
		err := raw.Control(func(fd uintptr) {
			failed = os.NewSyscallError("setsockopt", unix.SetsockoptInt(int(fd), unix.SOL_SOCKET, unix.SO_REUSEPORT, 1))
		})
		return errors.Join(err, failed)
	}}
	first, err := shared.Listen(context.Background(), "tcp", address)
	if err != nil {
		return err
	}
	l := &listener{addr: first.Addr()}
	if l.fd, err = blockingCopy(first); err != nil {
		return err
	}
	if err := first.Close(); err != nil {
		return err
	}
	if _, err := unix.Write(childFD, []byte{1}); err != nil {
		return os.NewSyscallError("write", err)
	}
	if err := unix.Close(childFD); err != nil {
		return os.NewSyscallError("close", err)
	}
	return newCrew(1, (*blockingConn).echo).serve(context.Background(), l)
}

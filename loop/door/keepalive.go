//go:build linux

package door

import (
	"errors"
	"fmt"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// keepAliveProbes is how many of TCP's keep-alive probes go without an answer within ping-timeout.
const keepAliveProbes = 4

// setKeepAlive has the kernel find out that a client is gone at most every and timeout together after its last sign of life: by
// probes where all is quiet, by TCP_USER_TIMEOUT where something is being sent to it. every 0 turns both off.
func setKeepAlive(c syscall.RawConn, every, timeout time.Duration) error {
	var err error
	controlErr := c.Control(func(fd uintptr) { err = setKeepAliveOf(int(fd), every, timeout) })
	return errors.Join(controlErr, err)
}

func setKeepAliveOf(fd int, every, timeout time.Duration) error {
	if every == 0 {
		return errors.Join(
			unix.SetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_KEEPALIVE, 0),
			unix.SetsockoptInt(fd, unix.IPPROTO_TCP, unix.TCP_USER_TIMEOUT, 0),
		)
	}
	interval := max(int((timeout / keepAliveProbes).Seconds()), 1)
	return errors.Join(
		unix.SetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_KEEPALIVE, 1),
		unix.SetsockoptInt(fd, unix.IPPROTO_TCP, unix.TCP_KEEPIDLE, int(every.Seconds())),
		unix.SetsockoptInt(fd, unix.IPPROTO_TCP, unix.TCP_KEEPINTVL, interval),
		unix.SetsockoptInt(fd, unix.IPPROTO_TCP, unix.TCP_KEEPCNT, keepAliveProbes),
		unix.SetsockoptInt(fd, unix.IPPROTO_TCP, unix.TCP_USER_TIMEOUT, int((every+timeout).Milliseconds())),
	)
}

// keepAlive sets that of all doors, for the clients to come.
func (ds *Doors) keepAlive(every, timeout time.Duration) error {
	var errs []error
	for _, d := range ds.All() {
		if err := d.keepAlive(every, timeout); err != nil {
			errs = append(errs, fmt.Errorf("set the keep-alive of %s: %w", d.Shown(), err))
		}
	}
	return errors.Join(errs...)
}

func (d *Door) keepAlive(every, timeout time.Duration) error {
	listener, ok := d.listener.(syscall.Conn)
	if d.network == "unix" || !ok || d.closing.Load() != nil {
		return nil
	}
	c, err := listener.SyscallConn()
	if err != nil {
		return err
	}
	return setKeepAlive(c, every, timeout)
}

//go:build linux

package transfer

import (
	"errors"
	"net"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// Bounds of the wait for a descriptor: somebody outside has lowered the limit, or something else in the process has taken what is kept.
const (
	descriptorLook  = 10 * time.Millisecond
	descriptorLooks = 1000
)

// awaitDescriptor returns when the connection could be duplicated, which is what it takes to put it into a loop and fails for good there if it can't; or when
// that has been impossible for long.
func awaitDescriptor(conn net.Conn) {
	raw, err := conn.(syscall.Conn).SyscallConn()
	for range descriptorLooks {
		spare := -1
		if err == nil {
			_ = raw.Control(func(fd uintptr) { spare, err = unix.FcntlInt(fd, unix.F_DUPFD_CLOEXEC, 0) })
		}
		if !errors.Is(err, unix.EMFILE) && !errors.Is(err, unix.ENFILE) {
			if spare >= 0 {
				unix.Close(spare)
			}
			return
		}
		err = nil
		time.Sleep(descriptorLook)
	}
}

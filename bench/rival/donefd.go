//go:build linux

package rival

import (
	"context"
	"fmt"

	"golang.org/x/sys/unix"
)

// doneFD returns a descriptor that is readable as soon as ctx is done, for threads that wait in select(2) or epoll. release closes it.
func doneFD(ctx context.Context) (fd int, release func(), err error) {
	fd, err = unix.Eventfd(0, unix.EFD_CLOEXEC|unix.EFD_NONBLOCK)
	if err != nil {
		return -1, nil, fmt.Errorf("eventfd: %w", err)
	}
	rung := make(chan struct{})
	stop := context.AfterFunc(ctx, func() {
		defer close(rung)
		_, _ = unix.Write(fd, []byte{1, 0, 0, 0, 0, 0, 0, 0}) // an eventfd takes any number of 64 bits but the highest
	})
	return fd, func() {
		if !stop() {
			<-rung
		}
		_ = unix.Close(fd)
	}, nil
}

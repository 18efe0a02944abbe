//go:build linux

package rival

import (
	"context"
	"errors"
	"runtime"
	"sync"

	"golang.org/x/sys/unix"
)

// serveProcesses is the echo with a process for each connection. The parent accepts, starts this program again with the connection as
// childFD, and reaps. A chat needs a state that all share, so there is none here.
//
// A C program would only fork. A Go program has to execute itself again as well, since its runtime doesn't survive a fork: what that costs is in
// the figures.
func serveProcesses(ctx context.Context, o Options) error {
	// Children end with the thread that started them.
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	l, err := listen(o)
	if err != nil {
		return err
	}
	defer l.close()
	family, err := newChildren()
	if err != nil {
		return err
	}
	o.ready(l.addr)
	err = withReaping(ctx, family, func(int) {}, func() error {
		return l.acceptAll(ctx, func(fd int, _ string) {
			// Where no process can be had, the client sees its connection closed.
			_, _ = family.start("processes", fd, "GOMAXPROCS=1")
			_ = unix.Close(fd)
		})
	})
	return errors.Join(err, family.end())
}

// withReaping runs f while another thread reaps. Children may be left when it returns.
func withReaping(ctx context.Context, family *children, died func(pid int), f func() error) error {
	ended, cancel := context.WithCancel(ctx)
	defer cancel()
	done, release, err := doneFD(ended)
	if err != nil {
		return err
	}
	defer release()
	var reaping sync.WaitGroup
	var failed error
	reaping.Go(func() { failed = family.reapAll(done, died) })
	err = f()
	cancel()
	reaping.Wait()
	return errors.Join(err, failed)
}

//go:build linux

package rival

import (
	"errors"
	"fmt"
	"os"
	"sync"
	"syscall"

	"golang.org/x/sys/unix"
)

// children starts processes and reaps them. Each has a pidfd, and one epoll knows when any of them ends: no signal handler, no thread
// for each, and no child of anyone else is taken away.
type children struct {
	executable string
	null       *os.File
	epoll      int

	mu   sync.Mutex
	pids map[int]int // of the living, by pidfd
}

func newChildren() (*children, error) {
	executable, err := os.Executable()
	if err != nil {
		return nil, fmt.Errorf("find the program to start again: %w", err)
	}
	null, err := os.OpenFile(os.DevNull, os.O_RDWR, 0)
	if err != nil {
		return nil, err
	}
	epoll, err := unix.EpollCreate1(unix.EPOLL_CLOEXEC)
	if err != nil {
		return nil, errors.Join(os.NewSyscallError("epoll_create", err), null.Close())
	}
	return &children{executable: executable, null: null, epoll: epoll, pids: map[int]int{}}, nil
}

// start starts a child that has fd as childFD, and returns its pid. The child is killed when the calling thread ends, so the caller's
// goroutine has to be locked to a thread that lives as long as the server.
func (c *children) start(model string, fd int, environment ...string) (pid int, err error) {
	pidfd := -1
	// Under the lock, so that the child isn't reaped before it is known.
	c.mu.Lock()
	defer c.mu.Unlock()
	pid, _, err = syscall.StartProcess(c.executable, []string{os.Args[0], model, "child"}, &syscall.ProcAttr{
		Env:   append(append(os.Environ(), childVar+"="+model), environment...),
		Files: []uintptr{c.null.Fd(), c.null.Fd(), os.Stderr.Fd(), uintptr(fd)},
		// A group of its own: Ctrl-C is for the parent, which ends its children in order.
		Sys: &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL, Setpgid: true, PidFD: &pidfd},
	})
	if err != nil {
		return 0, fmt.Errorf("start a process of %s: %w", c.executable, err)
	}
	if pidfd < 0 {
		return 0, errors.Join(errors.New("this kernel has no pidfd; Linux 5.4 has"), endProcess(pid))
	}
	event := unix.EpollEvent{Events: unix.EPOLLIN, Fd: int32(pidfd)}
	if err := unix.EpollCtl(c.epoll, unix.EPOLL_CTL_ADD, pidfd, &event); err != nil {
		return 0, errors.Join(os.NewSyscallError("epoll_ctl", err), endProcess(pid), unix.Close(pidfd))
	}
	c.pids[pidfd] = pid
	return pid, nil
}

// endProcess kills a child and reaps it.
func endProcess(pid int) error {
	return errors.Join(os.NewSyscallError("kill", unix.Kill(pid, unix.SIGKILL)), reap(pid))
}

// reap takes a child's status, waiting for its end if need be.
func reap(pid int) error {
	for {
		if _, err := unix.Wait4(pid, nil, 0, nil); err != unix.EINTR {
			return os.NewSyscallError("wait4", err)
		}
	}
}

// reapAll reaps children as they end, and tells died of each, until done is readable. It blocks its thread.
func (c *children) reapAll(done int, died func(pid int)) error {
	event := unix.EpollEvent{Events: unix.EPOLLIN, Fd: int32(done)}
	if err := unix.EpollCtl(c.epoll, unix.EPOLL_CTL_ADD, done, &event); err != nil {
		return os.NewSyscallError("epoll_ctl", err)
	}
	events := make([]unix.EpollEvent, 64)
	for {
		n, err := unix.EpollWait(c.epoll, events, -1)
		if err != nil && err != unix.EINTR {
			return os.NewSyscallError("epoll_wait", err)
		}
		for _, e := range events[:max(n, 0)] {
			if int(e.Fd) == done {
				return nil
			}
			if pid, ok := c.bury(int(e.Fd)); ok {
				died(pid)
			}
		}
	}
}

// bury reaps the child of the pidfd.
func (c *children) bury(pidfd int) (pid int, ok bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if pid, ok = c.pids[pidfd]; !ok {
		return 0, false
	}
	delete(c.pids, pidfd)
	_ = reap(pid)         // it has ended: nothing to wait for
	_ = unix.Close(pidfd) // also takes it out of the epoll
	return pid, true
}

// end kills all children, waits for them and gives all back.
func (c *children) end() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, pid := range c.pids {
		_ = unix.Kill(pid, unix.SIGKILL) // may have ended by itself; it isn't reaped, so the pid is still its own
	}
	var failed []error
	for pidfd, pid := range c.pids {
		failed = append(failed, reap(pid), os.NewSyscallError("close", unix.Close(pidfd)))
	}
	clear(c.pids)
	return errors.Join(append(failed, unix.Close(c.epoll), c.null.Close())...)
}

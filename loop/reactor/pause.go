//go:build linux

package reactor

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"
)

// gnet reads whatever comes and has no word to stop it. So the loop tells epoll itself that nothing is wanted of a connection for a while: then what its client
// sends waits in the kernel, and at last with the client. A reset is told all the same.

// readEvents are those that gnet asks for.
const readEvents = unix.EPOLLIN | unix.EPOLLPRI

// Pause has nothing more read of c, if it is attached. Loop only.
func (l *Loop) Pause(c Client) {
	if k := c.connection(); !l.isPaused(k) && l.setEvents(k, 0) {
		l.paused[k] = struct{}{}
	}
}

// Resume has c read again. Loop only.
func (l *Loop) Resume(c Client) {
	if k := c.connection(); l.isPaused(k) && l.setEvents(k, readEvents) {
		delete(l.paused, k)
	}
}

// Paused says whether nothing is read of c. Loop only.
func (l *Loop) Paused(c Client) bool { return l.isPaused(c.connection()) }

func (l *Loop) isPaused(k *Conn) bool {
	_, is := l.paused[k]
	return is
}

// CanPause returns an error if Pause does nothing: gnet's epoll has to be found for it. Safe for any goroutine.
func (l *Loop) CanPause() error { return l.noPause }

func (l *Loop) setEvents(k *Conn, events uint32) bool {
	return k.conn != nil && l.epoll >= 0 && want(l.epoll, k.conn.Fd(), events) == nil
}

// want has an epoll that watches fd tell of these events of it, and of no others.
func want(epoll, fd int, events uint32) error {
	return unix.EpollCtl(epoll, unix.EPOLL_CTL_MOD, fd, &unix.EpollEvent{Events: events, Fd: int32(fd)})
}

// epollOf finds the process's epoll that watches fd, which gnet keeps to itself. It watches nothing else with that number: descriptors are the process's.
func epollOf(fd int) (epoll int, err error) {
	infos, err := filepath.Glob("/proc/self/fdinfo/*")
	if err != nil {
		return -1, err
	}
	watched := "tfd:" + fmt.Sprintf("%9d", fd) + " "
	for _, path := range infos {
		info, err := os.ReadFile(path)
		if err != nil || !strings.Contains(string(info), watched) {
			continue
		}
		return strconv.Atoi(filepath.Base(path))
	}
	return -1, fmt.Errorf("no epoll in /proc/self/fdinfo watches descriptor %d", fd)
}

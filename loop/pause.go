//go:build linux

package loop

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

// pauseAt is from how many bytes of waiting input on nothing more is read of who must wait for its answers. What one read brings comes on top.
const pauseAt = 32 << 10

// pauseReading has nothing more read from p.
func (l *eventLoop) pauseReading(p *peer) {
	if !p.paused && l.setEvents(p, 0) {
		p.paused = true
	}
}

// resumeReading has p read again.
func (l *eventLoop) resumeReading(p *peer) {
	if p.paused && l.setEvents(p, readEvents) {
		p.paused = false
	}
}

func (l *eventLoop) setEvents(p *peer, events uint32) bool {
	if p.conn == nil || l.epoll < 0 {
		return false
	}
	fd := p.conn.Fd()
	return unix.EpollCtl(l.epoll, unix.EPOLL_CTL_MOD, fd, &unix.EpollEvent{Events: events, Fd: int32(fd)}) == nil
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

//go:build linux

package door

import (
	"errors"
	"net"
	"sync"
	"syscall"

	"golang.org/x/sys/unix"
)

// knocks are how the acceptors of a door hear that somebody has come: from the host, or without it from Go's poller. Safe for any goroutine.
type knocks struct {
	listener net.Listener
	raw      syscall.RawConn
	one      chan struct{} // somebody may be there
	unheard  chan struct{} // closed: nobody says so any more
	leaving  chan struct{} // Doors.leaving
	once     sync.Once     // closes unheard
	away     func()        // of the host
	mu       sync.Mutex    // held by who looks and accepts: if another one came in between, Accept would wait where no host calls
}

// attend has the host attend to the door. Without it the acceptors wait for Go's poller: where it can't, and where those who come have a preface, for which they wait there
// anyway. To hasten only the first step of those made all of them slower where many came.
func (d *Door) attend() *knocks {
	k := &knocks{listener: d.listener, one: make(chan struct{}, 1), unheard: make(chan struct{}), leaving: d.doors.leaving, away: func() {}}
	k.raw, _ = d.listener.(syscall.Conn).SyscallConn() // fails only on a closed listener
	if d.hasPreface() || !k.attended(d) {
		k.hearNoMore()
	}
	return k
}

func (k *knocks) attended(d *Door) bool {
	away, err := d.doors.host.Attend(k.raw, k.heard)
	if err == nil {
		k.away = away
		return true
	}
	d.doors.cfg.Log.Debug().Str("door", d.Shown()).Err(err).Msg("the event loop does not attend to the door")
	return false
}

// heard is the host's word that somebody may be there.
func (k *knocks) heard(again bool) {
	if !again {
		k.hearNoMore()
		return
	}
	select {
	case k.one <- struct{}{}:
	default: // some acceptor is about to look
	}
}

// leave has the acceptors wait for Go's poller from now on.
func (k *knocks) leave() {
	k.away()
	k.hearNoMore()
}

func (k *knocks) hearNoMore() { k.once.Do(func() { close(k.unheard) }) }

// accept waits for the next one who comes: by Go's poller also while somebody who was refused lingers, for it is Go's poller that tells of their leaving, and the next one must not be told of
// before that.
func (k *knocks) accept() (net.Conn, error) {
	for {
		if k.isUnheard() || len(k.leaving) > 0 {
			return k.listener.Accept()
		}
		if c, err := k.acceptWaiting(); err != errNobody {
			k.heard(true) // another acceptor looks for the next one, while this one lets c in
			return c, err
		}
		select {
		case <-k.one:
		case <-k.unheard:
		}
	}
}

func (k *knocks) isUnheard() bool {
	select {
	case <-k.unheard:
		return true
	default:
		return false
	}
}

var errNobody = errors.New("nobody is there")

// acceptWaiting accepts who is there already.
func (k *knocks) acceptWaiting() (net.Conn, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if !k.waits() {
		return nil, errNobody
	}
	return k.listener.Accept()
}

// waits says whether Accept would return at once.
func (k *knocks) waits() (is bool) {
	err := k.raw.Control(func(fd uintptr) {
		fds := []unix.PollFd{{Fd: int32(fd), Events: unix.POLLIN}}
		n, err := unix.Poll(fds, 0)
		for err == unix.EINTR {
			n, err = unix.Poll(fds, 0)
		}
		is = n != 0
	})
	return is || err != nil
}

//go:build linux

package door

import (
	"errors"
	"net"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"
)

// attention is a host's that knocks when the test does.
type attention struct {
	listener syscall.RawConn
	knocks   func(again bool)
	mu       sync.Mutex
	left     []error // whether the listener was still open, each time
}

func (f *fake) attendsByHand() *attention {
	a := &attention{}
	f.attends = func(listener syscall.RawConn, knocks func(bool)) (leave func(), err error) {
		a.listener, a.knocks = listener, knocks
		return func() {
			a.mu.Lock()
			defer a.mu.Unlock()
			a.left = append(a.left, listener.Control(func(uintptr) {}))
		}, nil
	}
	return a
}

// TestKnock: one knock is enough for all who have come by then, also when there are more than acceptors, and none is lost while they are at work.
func TestKnock(t *testing.T) {
	for _, url := range []string{"line://127.0.0.1:0", "line+unix://" + filepath.Join(t.TempDir(), "s")} {
		f := start(t, few)
		a := f.attendsByHand()
		d := f.listen(url)
		for range 3 {
			a.knocks(true) // nobody is there
			for range 3 * acceptors {
				f.dial(d, "")
			}
			a.knocks(true)
			for range 3 * acceptors {
				f.next()
			}
		}
		f.doors.Close()
		if len(a.left) == 0 || a.left[0] != nil {
			t.Errorf("%s: the host was told to leave %v, want once at least and while the listener was open", url, a.left)
		}
	}
}

// TestKnockedNoMore: without a host that attends to them doors let in whoever comes.
func TestKnockedNoMore(t *testing.T) {
	t.Run("never", func(t *testing.T) {
		f := start(t, few)
		f.attends = func(syscall.RawConn, func(bool)) (func(), error) { return nil, errors.New("no epoll") }
		d := f.listen("line://127.0.0.1:0")
		for range 3 {
			f.dial(d, "")
			f.next()
		}
	})
	t.Run("no longer", func(t *testing.T) {
		f := start(t, few)
		a := f.attendsByHand()
		d := f.listen("line://127.0.0.1:0")
		f.dial(d, "")
		a.knocks(true)
		f.next()
		a.knocks(false)
		a.knocks(false)
		for range 3 {
			f.dial(d, "")
			f.next()
		}
	})
	t.Run("prefaces", func(t *testing.T) {
		f := start(t, few)
		f.attends = func(syscall.RawConn, func(bool)) (func(), error) {
			t.Error("the host is asked to attend to a door with prefaces")
			return nil, errors.New("no")
		}
		f.dial(f.listen("line://127.0.0.1:0?proxy=127.0.0.1"), "PROXY TCP4 10.1.2.3 10.0.0.1 51234 7777\r\n")
		f.next()
	})
}

// TestAcceptFails: while there are no descriptors nobody comes in, and all do behind that, though nobody knocks any more.
func TestAcceptFails(t *testing.T) {
	f := start(t, few)
	a := f.attendsByHand()
	d := f.listen("line://127.0.0.1:0")
	clients := make([]int, 5)
	for i := range clients {
		var err error
		if clients[i], err = unix.Socket(unix.AF_INET, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0); err != nil {
			t.Fatal(err)
		}
		defer unix.Close(clients[i])
	}
	var had unix.Rlimit
	if err := unix.Getrlimit(unix.RLIMIT_NOFILE, &had); err != nil {
		t.Fatal(err)
	}
	none := had
	none.Cur = 3
	if err := unix.Setrlimit(unix.RLIMIT_NOFILE, &none); err != nil {
		t.Fatal(err)
	}
	for _, fd := range clients {
		if err := unix.Connect(fd, &unix.SockaddrInet4{Port: d.listener.Addr().(*net.TCPAddr).Port, Addr: [4]byte{127, 0, 0, 1}}); err != nil {
			t.Error(err)
		}
	}
	a.knocks(true)
	f.eventually("an accept that fails", func() bool { return f.doors.AcceptErrors() > 0 })
	if err := unix.Setrlimit(unix.RLIMIT_NOFILE, &had); err != nil {
		t.Fatal(err)
	}
	for range clients {
		f.next()
	}
}

// TestNobodyKnocksForLingerers: while somebody who was refused lingers, the next one is heard of as its leaving is, and needs no knock.
func TestNobodyKnocksForLingerers(t *testing.T) {
	f := start(t, Limits{Most: 1})
	a := f.attendsByHand()
	d := f.listen("line://127.0.0.1:0")
	f.dial(d, "")
	a.knocks(true)
	f.next()
	first := f.dial(d, "")
	a.knocks(true)
	if said := told(first); !strings.HasPrefix(said, "! server-full no room") {
		t.Fatalf("the first was told %q, want that the server is full", said)
	}
	for range 3 {
		c := f.dial(d, "")
		if said := told(c); !strings.HasPrefix(said, "! server-full no room") {
			t.Fatalf("told %q, want that the server is full", said)
		}
	}
}

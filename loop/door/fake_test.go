//go:build linux

package door

import (
	"bufio"
	"cmp"
	"errors"
	"net"
	"net/http"
	"runtime"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/rs/zerolog"
	"golang.org/x/sys/unix"

	"looproom/loop/budget"
	"looproom/loop/dialect/line"
	"looproom/loop/logtext"
	"looproom/loop/meter"
	"looproom/loop/rate"
	"looproom/loop/remote"
	"looproom/loop/room"
	"looproom/loop/web/hosts"
)

const patience = 10 * time.Second

// fake is a Host that enrols nobody in anything: who has come in stays open until the test ends.
type fake struct {
	t       testing.TB
	doors   *Doors
	budget  budget.Budget
	refused meter.Reasons
	log     logtext.Text
	came    chan *Arrival

	mu       sync.Mutex
	enrol    func(*Arrival) error                                                        // nil: it is good
	attends  func(listener syscall.RawConn, knocks func(bool)) (leave func(), err error) // nil: by an epoll of its own
	why      string                                                                      // of bans; "": go away
	bans     map[string]bool                                                             // by remote
	panicked []any
}

// start returns doors of a fake host, with these limits.
func start(t testing.TB, l Limits) *fake {
	t.Helper()
	return startWith(t, patience, l)
}

// startWith is start with how long a client may take for its handshake.
func startWith(t testing.TB, handshake time.Duration, l Limits) *fake {
	t.Helper()
	f := &fake{t: t, came: make(chan *Arrival, 100), bans: map[string]bool{}}
	names, err := hosts.New()
	if err != nil {
		t.Fatal(err)
	}
	f.doors = New(Config{
		Loops: 2, Parting: 4, Handshake: handshake, Say: line.Dialect{}.AppendRefusal, Head: line.Dialect{}.Head, Hosts: names, PasswordMin: func() int { return 8 },
		Budget: &f.budget, Refused: &f.refused, Loud: rate.NewCap(1000), Log: zerolog.New(&f.log),
	}, f, l)
	t.Cleanup(f.doors.Close)
	return f
}

func (f *fake) Now() time.Duration { return time.Since(began) }

var began = time.Now()

func (f *fake) Banned(from remote.Remote) (room.Refusal, bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	return room.Refusal{Why: room.AddressBanned, Text: cmp.Or(f.why, "go away")}, f.bans[from.String()]
}

func (f *fake) Enrol(a *Arrival) error {
	f.mu.Lock()
	enrol := f.enrol
	f.mu.Unlock()
	if enrol != nil {
		if err := enrol(a); err != nil {
			a.Conn.Close()
			return err
		}
	}
	var err error
	if a.TLS != nil {
		_, _ = a.TLS.Write(a.Unsent) // into memory
		_, err = a.Conn.Write(a.TLS.Take())
	} else {
		_, err = a.Conn.Write(a.Unsent)
	}
	kept := *a // it is borrowed
	f.came <- &kept
	return err
}

// Attend implements Host.
func (f *fake) Attend(listener syscall.RawConn, knocks func(bool)) (leave func(), err error) {
	if f.attends != nil {
		return f.attends(listener, knocks)
	}
	epoll, err := unix.EpollCreate1(unix.EPOLL_CLOEXEC)
	if err != nil {
		f.t.Fatal(err)
	}
	var over, left atomic.Bool
	var watches sync.WaitGroup
	f.t.Cleanup(func() { over.Store(true); watches.Wait(); unix.Close(epoll) })
	control := func(op int) {
		_ = listener.Control(func(fd uintptr) {
			_ = unix.EpollCtl(epoll, op, int(fd), &unix.EpollEvent{Events: unix.EPOLLIN | unix.EPOLLET&(1<<32-1)})
		})
	}
	control(unix.EPOLL_CTL_ADD)
	watches.Go(func() {
		for events := make([]unix.EpollEvent, 1); !over.Load(); {
			if n, _ := unix.EpollWait(epoll, events, 20); n > 0 && !left.Load() {
				knocks(true)
			}
		}
	})
	return func() { left.Store(true); control(unix.EPOLL_CTL_DEL) }, nil
}

func (f *fake) Pages(pages http.Handler) http.Handler { return pages }

func (f *fake) Panicked(value any) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.panicked = append(f.panicked, value)
}

func (f *fake) listen(url string) *Door {
	f.t.Helper()
	u, err := Parse(url)
	if err != nil {
		f.t.Fatal(err)
	}
	d, err := f.doors.Listen(u)
	if err != nil {
		f.t.Fatal(err)
	}
	return d
}

// next is who has come in.
func (f *fake) next() *Arrival {
	f.t.Helper()
	select {
	case a := <-f.came:
		f.t.Cleanup(func() { a.Conn.Close() })
		return a
	case <-time.After(patience):
		f.t.Fatal("nobody has come in")
	}
	return nil
}

// dial connects to a door, and says something.
func (f *fake) dial(d *Door, said string) net.Conn {
	f.t.Helper()
	c, err := net.Dial(d.network, d.address)
	if err != nil {
		f.t.Fatal(err)
	}
	f.t.Cleanup(func() { c.Close() })
	if err := c.SetDeadline(time.Now().Add(patience)); err != nil {
		f.t.Fatal(err)
	}
	if _, err := c.Write([]byte(said)); err != nil {
		f.t.Fatal(err)
	}
	return c
}

// dialAndSay is dial for who is not looked at before all has been said: no time for a preface has begun by then.
func (f *fake) dialAndSay(d *Door, said string) net.Conn {
	f.t.Helper()
	f.mu.Lock() // the door asks who is banned
	defer f.mu.Unlock()
	return f.dial(d, said)
}

// eventually waits until it is so.
func (f *fake) eventually(what string, so func() bool) {
	f.t.Helper()
	for deadline := time.Now().Add(patience); !so(); runtime.Gosched() {
		if time.Now().After(deadline) {
			f.t.Fatalf("waited for %s", what)
		}
	}
}

func (f *fake) ban(address string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.bans[address] = true
}

// enrols has enrol called for who comes from now on.
func (f *fake) enrols(enrol func(*Arrival) error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.enrol = enrol
}

// told is the first line that c hears.
func told(c net.Conn) string {
	line, err := bufio.NewReader(c).ReadString('\n')
	if err != nil && line == "" {
		return err.Error()
	}
	return line
}

var errNoLoop = errors.New("no loop takes it")

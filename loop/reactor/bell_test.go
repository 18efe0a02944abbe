//go:build linux

package reactor

import (
	"fmt"
	"net"
	"path/filepath"
	"sync"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// attended is a listener that the loop attends to. Nobody waits for it by Go's poller.
type attended struct {
	listener net.Listener
	raw      syscall.RawConn
	rung     chan bool
	leave    func()
}

func (f *fake) attend(t *testing.T, network, address string) *attended {
	t.Helper()
	l, err := net.Listen(network, address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	a := &attended{listener: l, rung: make(chan bool, 1000)}
	if a.raw, err = l.(syscall.Conn).SyscallConn(); err != nil {
		t.Fatal(err)
	}
	if a.leave, err = f.loop.Attend(a.raw, func(again bool) { a.rung <- again }); err != nil {
		t.Fatal(err)
	}
	return a
}

func (a *attended) expect(t *testing.T, want bool) {
	t.Helper()
	select {
	case again := <-a.rung:
		if again != want {
			t.Fatalf("rings was called with %v, want %v", again, want)
		}
	case <-time.After(testPatience):
		t.Fatal("the bell has not rung")
	}
}

func (a *attended) expectNothing(t *testing.T, f *fake) {
	t.Helper()
	f.rounds2(t)
	select {
	case again := <-a.rung:
		t.Fatalf("rings was called with %v, want nothing", again)
	default:
	}
}

func (a *attended) dial(t *testing.T) {
	t.Helper()
	c, err := net.Dial(a.listener.Addr().Network(), a.listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
}

// TestBell: the loop says that somebody has come, once, and goes on with all else.
func TestBell(t *testing.T) {
	for network, address := range map[string]string{"tcp": "127.0.0.1:0", "unix": filepath.Join(t.TempDir(), "s")} {
		t.Run(network, func(t *testing.T) {
			f := start(t)
			a := f.attend(t, network, address)
			_, anns := f.enrol(t, "ann")
			a.expectNothing(t, f)
			for i := range 20 {
				a.dial(t)
				a.expect(t, true)
				a.expectNothing(t, f) // though nobody accepts
				words := fmt.Sprint("hello ", i)
				say(t, anns, words)
				f.expect(t, "ann said "+words)
			}
			a.leave()
			a.dial(t)
			a.expectNothing(t, f)
			a.leave()
		})
	}
}

// TestBellForMany: who comes at the same time, and to several listeners, is told of.
func TestBellForMany(t *testing.T) {
	f := start(t)
	doors := []*attended{f.attend(t, "tcp", "127.0.0.1:0"), f.attend(t, "tcp", "127.0.0.1:0")}
	var came, accepts sync.WaitGroup
	for _, a := range doors {
		came.Add(200)
		accepts.Go(func() {
			for range a.rung {
				for {
					var n int
					err := a.raw.Control(func(fd uintptr) {
						if n, _, _ = unix.Accept4(int(fd), unix.SOCK_CLOEXEC); n >= 0 {
							unix.Close(n)
							came.Done()
						}
					})
					if n < 0 || err != nil {
						break
					}
				}
			}
		})
		for range 4 {
			go func() {
				for range 50 {
					c, err := net.Dial("tcp", a.listener.Addr().String())
					if err != nil {
						t.Error(err)
						return
					}
					c.Close()
				}
			}()
		}
	}
	came.Wait()
	for _, a := range doors {
		a.leave()
		close(a.rung)
	}
	accepts.Wait()
}

// TestBellAndDescriptorNumbers: a listener that has been closed without a word takes nothing from another one that has its number by then.
func TestBellAndDescriptorNumbers(t *testing.T) {
	f := start(t)
	first := f.attend(t, "tcp", "127.0.0.1:0")
	first.listener.Close()
	second := f.attend(t, "tcp", "127.0.0.1:0")
	first.leave()
	second.dial(t)
	second.expect(t, true)
}

// TestBellLast: who is attended to hears that it is over when the loop stops, or gnet has closed the bell's connection, and nobody is attended to from then on.
func TestBellLast(t *testing.T) {
	ways := map[string]func(*fake){
		"stop": func(f *fake) { f.loop.Stop() },
		"broken": func(f *fake) {
			b := &f.loop.bell
			b.mu.Lock()
			defer b.mu.Unlock()
			unix.Close(b.far)
			b.far = -1
		},
	}
	for name, end := range ways {
		t.Run(name, func(t *testing.T) {
			f := start(t)
			a := f.attend(t, "tcp", "127.0.0.1:0")
			end(f)
			a.expect(t, false)
			if _, err := f.loop.Attend(a.raw, func(bool) { t.Error("the bell has rung") }); err == nil {
				t.Error("somebody is attended to behind the end")
			}
			a.leave()
		})
	}
}

// TestNoBell: where gnet's epoll can't be found, nobody is attended to, and the error says why.
func TestNoBell(t *testing.T) {
	f := start(t)
	a := f.attend(t, "tcp", "127.0.0.1:0")
	a.leave()
	epoll := f.loop.epoll
	f.loop.epoll, f.loop.noPause = -1, fmt.Errorf("not found")
	if _, err := f.loop.Attend(a.raw, func(bool) { t.Error("the bell has rung") }); err == nil || err.Error() != "not found" {
		t.Errorf("Attend: %v, want that it is not found", err)
	}
	f.loop.epoll = epoll
}

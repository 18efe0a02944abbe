//go:build linux

package transfer

import (
	"errors"
	"io"
	"net"
	"os"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"looproom/loop/budget"
	"looproom/loop/delivery"
	"looproom/loop/files"
)

const patience = 30 * time.Second

// newService is one with a store in a folder of its own, and no limits but those that the test sets.
func newService(t *testing.T, limits *Limits) *Service {
	t.Helper()
	return newServiceIn(t, t.TempDir(), files.Options{MaxFile: 1 << 20}, limits)
}

// newServiceIn is newService with a store in that folder.
func newServiceIn(t *testing.T, dir string, o files.Options, limits *Limits) *Service {
	t.Helper()
	store, _, err := files.Open(dir, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { store.Close() })
	if limits == nil {
		limits = &Limits{}
	}
	began := time.Now()
	return New(Config{
		Store: store, Budget: &budget.Budget{}, Now: func() time.Duration { return time.Since(began) }, Limits: func() Limits { return *limits },
	})
}

// client is a Client whose loop is the test: letters are read where it waits for something.
type client struct {
	t       *testing.T
	letters chan func()
	panics  chan any

	end      *End
	gone     bool // its connection has ended
	backs    chan net.Conn
	pongs    []string
	loads    Downloads
	narrow   bool
	narrowed int // how often narrow has changed
	words    []Answer
	supplied int
	broken   error
}

func newClient(t *testing.T) *client {
	return &client{t: t, letters: make(chan func(), 1024), panics: make(chan any, 1), backs: make(chan net.Conn, 1)}
}

func (c *client) Post(letter func()) { c.letters <- letter }

func (c *client) Beside(work func()) {
	go func() {
		defer func() {
			if r := recover(); r != nil {
				c.panics <- r
			}
		}()
		work()
	}()
}

func (c *client) TakeBack(conn net.Conn) { c.backs <- conn }

func (c *client) Ended(u *Upload, end End) bool {
	if !u.Over() {
		c.t.Error("Over() = false in Ended, want true")
	}
	if c.end != nil {
		c.t.Error("Ended came twice")
	}
	c.end = &end
	return !c.gone && end.Broken == nil
}

func (c *client) Pong(payload []byte) { c.pongs = append(c.pongs, string(payload)) }

func (c *client) Words(a Answer) []byte {
	c.words = append(c.words, a)
	return []byte("found\n")
}

func (c *client) Supply(delivery.Source, int) { c.supplied++ }

func (c *client) Downloads() *Downloads {
	if c.gone {
		return nil
	}
	return &c.loads
}

func (c *client) Narrow(narrow bool) {
	if narrow == c.narrow {
		c.t.Errorf("Narrow(%v) came twice", narrow)
	}
	c.narrow = narrow
	c.narrowed++
}

func (c *client) Unreadable(_ files.Entry, err error) { c.broken = err }

// until reads letters until it is so.
func (c *client) until(what string, is func() bool) {
	c.t.Helper()
	for late := time.After(patience); !is(); {
		select {
		case letter := <-c.letters:
			letter()
		case r := <-c.panics:
			c.t.Fatalf("panic beside the loop: %v", r)
		case <-late:
			c.t.Fatalf("%s: not after %v", what, patience)
		}
	}
}

// ended waits for the end of the upload.
func (c *client) ended() End {
	c.t.Helper()
	c.until("the end of an upload", func() bool { return c.end != nil })
	return *c.end
}

// back waits for the connection.
func (c *client) back() net.Conn {
	c.t.Helper()
	select {
	case conn := <-c.backs:
		return conn
	case <-time.After(patience):
		c.t.Fatal("the connection is not given back")
		return nil
	}
}

// connections are both ends of one.
func connections(t testing.TB) (server, client net.Conn) {
	t.Helper()
	fds, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_STREAM|unix.SOCK_CLOEXEC|unix.SOCK_NONBLOCK, 0)
	if err != nil {
		t.Fatal(err)
	}
	ends := [2]net.Conn{}
	for i, fd := range fds {
		file := os.NewFile(uintptr(fd), "")
		if ends[i], err = net.FileConn(file); err != nil {
			t.Fatal(err)
		}
		file.Close()
		end := ends[i]
		t.Cleanup(func() { end.Close() })
	}
	return ends[0], ends[1]
}

// drained is all that comes by conn until its end, or until it gives nothing for now.
func drained(t testing.TB, conn net.Conn) string {
	t.Helper()
	if err := conn.SetReadDeadline(time.Now().Add(patience)); err != nil {
		t.Fatal(err)
	}
	all, err := io.ReadAll(conn)
	if err != nil && !errors.Is(err, os.ErrDeadlineExceeded) {
		t.Fatalf("read what is behind the upload: %v", err)
	}
	return string(all)
}

// secret stands for a stream that decrypts: to find out whether there is something to be read, it takes a byte of it.
type secret struct {
	Socket
	hand []byte
}

func (s *secret) WaitReadable() error {
	if len(s.hand) > 0 {
		return nil
	}
	if err := s.Socket.WaitReadable(); err != nil {
		return err
	}
	one := make([]byte, 1)
	n, err := s.Socket.Read(one)
	s.hand = one[:n]
	return err
}

func (s *secret) Read(b []byte) (int, error) {
	if n := copy(b, s.hand); n > 0 {
		s.hand = s.hand[n:]
		return n, nil
	}
	return s.Socket.Read(b)
}

func (s *secret) InHand() []byte { return s.hand }

//go:build linux

package loop

import (
	"crypto/tls"
	"net"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"looproom/loop/files"
	"looproom/loop/order"
	"looproom/loop/room"
	"looproom/loop/selfsigned"
)

// TestRoomHearsWhatWasOnItsWay: when a connection ends, the room is told how many bytes its client has not got: those that wait for it in the server and those that its kernel
// has not confirmed, as long as the descriptor is there to be asked, whoever has it.
func TestRoomHearsWhatWasOnItsWay(t *testing.T) {
	eachLoopCount(t, func(t *testing.T, cfg Config) {
		store, _, err := files.Open(t.TempDir(), files.Options{})
		if err != nil {
			t.Fatal(err)
		}
		defer store.Close()
		cfg.Files, cfg.Limits.SendQGrace = store, time.Minute
		s, address := start(t, cfg)
		secured := listen(t, s, "line+tls://127.0.0.1:0?cert="+selfsigned.Pair(t))
		gone := watchEnds(t, s)
		uploads := func() (begun uint64) {
			for _, l := range s.loops {
				begun += l.meter.Uploads.Begun.Load()
			}
			return begun
		}
		for range 2 { // one on each loop, where there are two
			for name, end := range map[string]func(*client){"closed": func(c *client) { c.Close() }, "half closed": (*client).closeWrite} {
				c := dial(t, address)
				c.say("PING all")
				c.until("PONG all")
				end(c)
				if n := <-gone; n != 0 {
					t.Errorf("%s: %d bytes were on their way to who has read all, want none", name, n)
				}
			}

			check := func(how string, c, under *client, most float64) {
				t.Helper()
				least := leftUnread(t, s, address, c, under)
				if got := <-gone; got < least || float64(got) > float64(least)*most {
					t.Errorf("%s: %d bytes were on their way, want %d to %.1f times that", how, got, least, most)
				}
			}
			c := reader(dial(t, address))
			check("reset", c, c, 1)

			c = reader(dial(t, address))
			before := uploads()
			c.say("SEND 1000000 half\nsome of it")
			eventually(t, "the upload has begun", func() bool { return uploads() > before })
			check("reset in the middle of an upload", c, c, 1)

			under := dial(t, secured)
			c = reader(newClient(t, tls.Client(under.Conn, &tls.Config{InsecureSkipVerify: true})))
			check("reset behind TLS", c, under, 1.1)
		}
	})
}

// reader signs c in.
func reader(c *client) *client {
	c.say("ADD reader")
	c.until("= ADD")
	return c
}

// watchEnds gives the N of each Disconnect that reaches the room.
func watchEnds(t *testing.T, s *Server) <-chan int64 {
	t.Helper()
	gone := make(chan int64, 100)
	home := s.homeLoop().home
	if err := s.homeLoop().reactor.Call(func() {
		home.order = order.New(func(cmd *room.Command, waited bool) {
			if cmd.Verb == room.Disconnect {
				gone <- cmd.N
			}
			home.apply(cmd, waited)
		})
	}); err != nil {
		t.Fatal(err)
	}
	return gone
}

// leftUnread has much said to c, which reads nothing of it, and then resets its connection, which is under's. It returns how much of that has not come there, in clear.
func leftUnread(t *testing.T, s *Server, address string, c, under *client) (missing int64) {
	t.Helper()
	bob := dial(t, address)
	bob.say("ADD bob")
	bob.until("= ADD")
	c.until("> 127.0.0.1") // is now known as bob
	const lines, length = 3000, 1000
	told := int64(lines * (length + len("[bob] \n")))
	for range lines {
		bob.say("%s", strings.Repeat("x", length))
	}
	bob.say("PING all")
	bob.until("PONG")
	received := func() int64 {
		var n int
		raw, err := under.Conn.(*net.TCPConn).SyscallConn()
		if err == nil {
			err = raw.Control(func(fd uintptr) { n, err = unix.IoctlGetInt(int(fd), unix.SIOCINQ) })
		}
		if err != nil {
			t.Fatal(err)
		}
		return int64(n)
	}
	eventually(t, "the client has confirmed what it has", func() bool {
		missing = told - received()
		untaken := untakenOf(t, s, under.LocalAddr().String())
		return untaken == missing || c != under && untaken > missing
	})
	if missing < 1<<20 {
		t.Fatalf("the client has not got %d bytes: the test has lost its point", missing)
	}
	_ = under.Conn.(*net.TCPConn).SetLinger(0)
	under.Close()
	bob.until("< The user reader left")
	bob.say("END")
	bob.until("= END")
	return missing
}

// untakenOf is that of the peer with the address.
func untakenOf(t *testing.T, s *Server, address string) (bytes int64) {
	t.Helper()
	for _, l := range s.loops {
		if err := l.reactor.Call(func() {
			for _, p := range l.peers {
				if p != nil && p.address == address {
					bytes = int64(p.untaken())
				}
			}
		}); err != nil {
			t.Fatal(err)
		}
	}
	return bytes
}

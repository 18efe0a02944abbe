//go:build linux

package loop

import (
	"io"
	"net"
	"slices"
	"strings"
	"testing"

	"github.com/rs/zerolog"

	"looproom/loop/delivery"
	"looproom/loop/logtext"
)

// TestEachEndOnce: however a connection ends, its client hears all that it is owed before the end, the log says why, once, and the slot is free again.
func TestEachEndOnce(t *testing.T) {
	rows := []struct {
		name string
		door string
		end  func(*client)
		hear string // the last line but the end of the stream; "": it doesn't listen
		why  string
	}{
		{"goodbye", "line", func(c *client) { c.say("END") }, "= END", `"left"`},
		{"goodbye, and much behind it", "line", func(c *client) { c.say("END\n%s", strings.Repeat("PING x\n", 1000)) }, "= END", `"left"`},
		{"closed", "line", func(c *client) { c.Close() }, "", `"closed by the client"`},
		{"half closed", "line", func(c *client) { c.say("PING a"); c.closeWrite() }, "PONG a", `"closed by the client"`},
		{"half closed without a line's end", "line", func(c *client) { _, _ = c.Write([]byte("PING b")); c.closeWrite() }, "PONG b", `"closed by the client"`},
		{"reset", "line", func(c *client) { _ = c.Conn.(*net.TCPConn).SetLinger(0); c.Close() }, "", `reset by peer"`},
		{"HTTP", "line", func(c *client) { c.say("GET / HTTP/1.1\n") }, "HTTP/1.1 400 ", `"speaks HTTP"`},
		{"SSH", "line", func(c *client) { c.say("SSH-2.0-OpenSSH_9.6") }, "! wrong-protocol ", `"speaks another protocol"`},
		{"half closed at an echo door", "echo", func(c *client) { c.say("back"); c.closeWrite() }, "back", `"closed by the client"`},
		{"reset at an echo door", "echo", func(c *client) { _ = c.Conn.(*net.TCPConn).SetLinger(0); c.Close() }, "", `reset by peer"`},
	}
	eachLoopCount(t, func(t *testing.T, cfg Config) {
		var log logtext.Text
		cfg.Log = zerolog.New(&log)
		s, line := start(t, cfg)
		doors := map[string]string{"line": line, "echo": listen(t, s, "echo://127.0.0.1:0")}
		for _, row := range rows {
			for range 2 { // one on each loop, where there are two
				c := dial(t, doors[row.door])
				if row.door == "line" {
					c.until("> Connected ")
				} else {
					c.say("hello")
					c.until("hello")
				}
				ours := `"client":"` + c.LocalAddr().String() + `"`
				row.end(c)
				if row.hear != "" {
					c.until(row.hear)
					if rest, err := io.ReadAll(c.lines); err != nil || row.door == "echo" && len(rest) > 0 {
						t.Errorf("%s: %q, %v behind the last line, want the end of the stream", row.name, rest, err)
					}
					c.Close()
				}
				eventually(t, row.name+": the slot is free", func() bool { return s.Clients() == 0 })
				ends := slices.DeleteFunc(log.With(ours), func(line string) bool { return strings.Contains(line, `"message":"stall"`) }) // on a busy machine
				if len(ends) != 1 || !strings.Contains(ends[0], row.why) {
					t.Errorf("%s: the log has %q, want one line with %s", row.name, ends, row.why)
				}
			}
		}
	})
}

// TestDrainEndsEachOnce: of those who are there when the server ends, the log says so, each once.
func TestDrainEndsEachOnce(t *testing.T) {
	eachLoopCount(t, func(t *testing.T, cfg Config) {
		var log logtext.Text
		cfg.Log = zerolog.New(&log)
		s, err := Start(cfg)
		if err != nil {
			t.Fatal(err)
		}
		address := listen(t, s, "line://127.0.0.1:0")
		const clients = 20
		for range clients {
			c := dial(t, address)
			c.until("> Connected ")
			go func() { _, _ = io.Copy(io.Discard, c.lines); c.Close() }()
		}
		if err := s.Drain(testPatience); err != nil {
			t.Fatal(err)
		}
		if ends := log.With("disconnected"); len(ends) != clients || len(log.With(`"the server is shutting down"`)) != clients {
			t.Errorf("%d ends for %d clients: %q", len(ends), clients, ends)
		}
	})
}

// TestManyEndsGoOnInPieces: however many have been sent all at the same time, a step ends with a piece of them, and the rest is for the next rounds.
func TestManyEndsGoOnInPieces(t *testing.T) {
	s, _ := start(t, testConfig(1))
	l, gone := s.loops[0], &peer{out: delivery.Unopened(0)}
	const crowd = 500_000
	var left int
	var later bool
	look := make(chan struct{})
	if err := l.reactor.Call(func() {
		l.ends.sent = slices.Repeat([]*peer{gone}, crowd)
		l.reactor.Post(func() { // behind the end of this step
			left, later = len(l.ends.sent), l.ends.later
			close(look)
		})
	}); err != nil {
		t.Fatal(err)
	}
	<-look
	if left == 0 || left == crowd || !later {
		t.Errorf("behind a step, %d of %d are left, and wait for the next round: %v", left, crowd, later)
	}
	eventually(t, "all have been gone on with", func() bool {
		var left int
		return l.reactor.Call(func() { left = len(l.ends.sent) }) == nil && left == 0
	})
}

func (c *client) closeWrite() {
	c.t.Helper()
	if err := c.Conn.(*net.TCPConn).CloseWrite(); err != nil {
		c.t.Fatal(err)
	}
}

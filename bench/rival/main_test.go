//go:build linux

package rival_test

import (
	"bufio"
	"context"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"looproom/bench/rival"
	"looproom/loop/dialect/dialogue"
)

// patience is how long anything may take. A slow machine must not fail a test.
const patience = 60 * time.Second

// parentVar makes the test binary the server of the model that it names.
const parentVar = "LOOPROOM_RIVAL_TEST_PARENT"

func TestMain(m *testing.M) {
	rival.MaybeChild()
	if name := os.Getenv(parentVar); name != "" {
		beParent(name)
	}
	os.Exit(m.Run())
}

// beParent serves an echo until it is killed. It prints where.
func beParent(name string) {
	model, err := rival.Find(name)
	if err == nil {
		err = model.Serve(context.Background(), rival.Options{
			Network: "tcp", Address: "127.0.0.1:0", Echo: true, Workers: 2, Ready: func(addr net.Addr) { fmt.Println(addr) },
		})
	}
	fmt.Fprintln(os.Stderr, err)
	os.Exit(1)
}

// defaults are the options of a server that is started without flags.
func defaults() rival.Options { return optionsOf(dialogue.DefaultOptions()) }

func optionsOf(o dialogue.Options) rival.Options {
	return rival.Options{Network: "tcp", Address: "127.0.0.1:0", MaxLine: o.MaxLine, Room: o.Config()}
}

// run starts a model. stop ends it and waits.
func run(t *testing.T, m rival.Model, o rival.Options) (addr net.Addr, stop func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	ready, ended := make(chan net.Addr, 1), make(chan error, 1)
	o.Ready = func(addr net.Addr) { ready <- addr }
	go func() { ended <- m.Serve(ctx, o) }()
	select {
	case addr = <-ready:
	case err := <-ended:
		cancel()
		t.Fatalf("%s: Serve = %v, want a server", m.Name, err)
	case <-time.After(patience):
		cancel()
		t.Fatalf("%s: not ready after %v", m.Name, patience)
	}
	if m.WebSocket {
		addr = webAddr{addr}
	}
	return addr, func() {
		cancel()
		select {
		case err := <-ended:
			if err != nil {
				t.Errorf("%s: Serve = %v, want nil", m.Name, err)
			}
		case <-time.After(patience):
			t.Errorf("%s: still serving %v after the end", m.Name, patience)
		}
	}
}

// serve is run for the length of a test.
func serve(t *testing.T, m rival.Model, o rival.Options) net.Addr {
	t.Helper()
	addr, stop := run(t, m, o)
	t.Cleanup(stop)
	return addr
}

// webAddr is where lines travel by WebSocket.
type webAddr struct{ net.Addr }

// hosted is a connection through a Unix socket for those who want a host and a port to name.
type hosted struct{ net.Conn }

func (hosted) RemoteAddr() net.Addr { return &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 80} }

// dial connects, for the length of a test.
func dial(t *testing.T, addr net.Addr) net.Conn {
	t.Helper()
	conn, err := net.DialTimeout(addr.Network(), addr.String(), patience)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	if err := conn.SetDeadline(time.Now().Add(patience)); err != nil {
		t.Fatal(err)
	}
	if _, web := addr.(webAddr); !web {
		return conn
	}
	if addr.Network() == "unix" {
		conn = hosted{conn}
	}
	socket, err := dialogue.OpenWebSocket(conn, "")
	if err != nil {
		t.Fatal(err)
	}
	return socket
}

// setReadBuffer makes the kernel keep little for a client that doesn't read.
func setReadBuffer(conn net.Conn, size int) error {
	if socket, web := conn.(*dialogue.WebSocket); web {
		conn = socket.Conn
	}
	return conn.(*net.TCPConn).SetReadBuffer(size)
}

// chatter is a client of the chat. It waits up to patience for each read and write, however many there are.
type chatter struct {
	net.Conn
	lines *bufio.Reader
}

// enter connects and takes the welcome.
func enter(t *testing.T, addr net.Addr) *chatter {
	t.Helper()
	conn := dial(t, addr)
	c := &chatter{Conn: conn}
	c.lines = bufio.NewReader(c)
	if line, err := c.line(); err != nil || !strings.HasPrefix(line, "> Connected") {
		t.Fatalf("first line = %q, %v, want a welcome", line, err)
	}
	return c
}

func (c *chatter) Read(b []byte) (int, error) {
	_ = c.SetReadDeadline(time.Now().Add(patience)) // fails only where the read does
	return c.Conn.Read(b)
}

func (c *chatter) Write(b []byte) (int, error) {
	_ = c.SetWriteDeadline(time.Now().Add(patience)) // fails only where the write does
	return c.Conn.Write(b)
}

func (c *chatter) line() (string, error) {
	line, err := c.lines.ReadString('\n')
	return strings.TrimSuffix(line, "\n"), err
}

// until reads lines up to the first that begins so.
func (c *chatter) until(t *testing.T, prefix string) {
	t.Helper()
	for {
		line, err := c.line()
		if err != nil {
			t.Fatalf("waiting for %q: %v", prefix, err)
		}
		if strings.HasPrefix(line, prefix) {
			return
		}
	}
}

// eventually waits for a condition; what says what it is about.
func eventually(t *testing.T, what string, holds func() bool) {
	t.Helper()
	ticker := time.NewTicker(5 * time.Millisecond)
	defer ticker.Stop()
	for end := time.Now().Add(patience); !holds(); <-ticker.C {
		if time.Now().After(end) {
			t.Fatalf("not so after %v: %s", patience, what)
		}
	}
}

// each runs a test for every model that takes part.
func each(t *testing.T, takesPart func(m rival.Model) bool, test func(t *testing.T, m rival.Model)) {
	for _, m := range rival.Models() {
		if takesPart(m) {
			t.Run(m.Name, func(t *testing.T) { test(t, m) })
		}
	}
}

func chats(m rival.Model) bool { return !m.EchoOnly && !m.Floor }

func echoes(m rival.Model) bool { return !m.WebSocket }

func all(rival.Model) bool { return true }

func TestFind(t *testing.T) {
	tests := []struct {
		name string
		ok   bool
	}{{"threads", true}, {"floor", true}, {"", false}, {"thread", false}}
	for _, tt := range tests {
		m, err := rival.Find(tt.name)
		if (err == nil) != tt.ok || (tt.ok && m.Name != tt.name) {
			t.Errorf("Find(%q) = %q, %v, want found: %v", tt.name, m.Name, err, tt.ok)
		}
		if err != nil && !strings.Contains(err.Error(), "threads-queued") {
			t.Errorf("Find(%q) = %v, want the names there are", tt.name, err)
		}
	}
}

func TestEchoOnlyRefusesTheChat(t *testing.T) {
	each(t, func(m rival.Model) bool { return m.EchoOnly }, func(t *testing.T, m rival.Model) {
		if err := m.Serve(context.Background(), defaults()); err == nil || !strings.Contains(err.Error(), "echo") {
			t.Errorf("Serve without Echo = %v, want an error about echo", err)
		}
	})
}

// notText are dialogues that no browser can have.
var notText = map[string]string{
	"unsafe.chat":   "it is of bytes that are no text",
	"no-files.chat": "it sends the bytes of a file behind a line",
}

// TestDialogues plays every dialogue of the server against every rival that chats.
func TestDialogues(t *testing.T) {
	dialogues, err := dialogue.All()
	if err != nil {
		t.Fatal(err)
	}
	each(t, chats, func(t *testing.T, m rival.Model) {
		for _, d := range dialogues {
			t.Run(d.Name, func(t *testing.T) {
				if d.Options.NeedAccounts() {
					t.Skip("the rivals have no passwords, operators and registered names")
				}
				if d.Has(dialogue.IRC) {
					t.Skip("the rivals speak no IRC")
				}
				stageAt := dialogue.NewTCP
				if m.WebSocket {
					stageAt = dialogue.NewWebSocket
					if why := notText[d.Name]; why != "" {
						t.Skip(why)
					}
				}
				t.Parallel()
				stage := stageAt(serve(t, m, optionsOf(d.Options)).String())
				defer stage.Close()
				err := dialogue.Play(d, stage)
				switch {
				case m.WebSocket && err != nil && strings.Contains(err.Error(), "no sending side that could be closed alone"):
					t.Skip("a WebSocket can't be closed in half")
				case err != nil:
					t.Error(err)
				}
			})
		}
	})
}

func TestUnixSocket(t *testing.T) {
	each(t, chats, func(t *testing.T, m rival.Model) {
		o := defaults()
		o.Network, o.Address = "unix", filepath.Join(t.TempDir(), "chat")
		addr, stop := run(t, m, o)
		ann := enter(t, addr)
		enter(t, addr)
		if line, err := ann.line(); err != nil || line != "> New user local:2 entered (2 users online)" {
			t.Errorf("ann got %q, %v, want that local:2 entered", line, err)
		}
		stop()
		if _, err := os.Stat(o.Address); !os.IsNotExist(err) {
			t.Errorf("the socket after the end: %v, want it removed", err)
		}
	})
}

func TestAddressInUse(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	each(t, all, func(t *testing.T, m rival.Model) {
		o := defaults()
		o.Address, o.Echo = taken.Addr().String(), echoes(m)
		if err := m.Serve(context.Background(), o); err == nil {
			t.Error("Serve where another listens = nil, want an error")
		}
	})
}

//go:build linux

package guest

import (
	"context"
	"net"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"looproom/bench"
)

// polite asks twice, and answers a ping.
type polite struct{ bench.Dialect }

func (polite) Hello(client, room int) []bench.HelloStep {
	return []bench.HelloStep{
		{Send: []byte("one\n"), Await: []byte("first"), Refused: []byte("no")},
		{Send: []byte("two\n"), Await: []byte("second"), Refused: []byte("no")},
	}
}

func (polite) Control(dst, in []byte) []byte {
	if strings.Contains(string(in), "ping") {
		return append(dst, "pong\n"...)
	}
	return dst
}

// serve answers what comes by the map, for one client. The channel gets all that it says.
func serve(t *testing.T, network, address string, answers map[string]string) (l net.Listener, said chan string) {
	t.Helper()
	l, err := net.Listen(network, address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	said = make(chan string, 16)
	go func() {
		c, err := l.Accept()
		if err != nil {
			return
		}
		defer c.Close()
		said <- c.RemoteAddr().String()
		for buf := make([]byte, 100); ; {
			n, err := c.Read(buf)
			if err != nil {
				return
			}
			said <- string(buf[:n])
			if _, err := c.Write([]byte(answers[string(buf[:n])])); err != nil {
				return
			}
		}
	}()
	return l, said
}

func TestEnter(t *testing.T) {
	long := strings.Repeat("names ", 10_000)
	answers := map[string]string{"one\n": "ping " + long, "pong\n": "first", "two\n": "second"}
	for network, address := range map[string]string{"tcp": "127.0.0.1:0", "unix": filepath.Join(t.TempDir(), "s")} {
		l, said := serve(t, network, address, answers)
		fd, err := Enter(t.Context(), Options{Address: l.Addr().String(), Dialect: polite{}, From: "127.0.0.7", Buffer: 4096})
		if err != nil {
			t.Fatal(err)
		}
		from := <-said
		if network == "tcp" && !strings.HasPrefix(from, "127.0.0.7:") {
			t.Errorf("it came from %s, want 127.0.0.7", from)
		}
		for _, want := range []string{"one\n", "pong\n", "two\n"} {
			if got := <-said; got != want {
				t.Errorf("it said %q, want %q", got, want)
			}
		}
		if _, err := unix.Read(fd, make([]byte, 1)); err != unix.EAGAIN {
			t.Errorf("read = %v, want EAGAIN: it doesn't block, and is still connected", err)
		}
		if size, err := unix.GetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_RCVBUF); err != nil || size > 2*4096 {
			t.Errorf("the buffer has %d bytes, %v, want what was asked for", size, err)
		}
		if err := unix.Close(fd); err != nil {
			t.Error(err)
		}
	}
}

func TestNotIn(t *testing.T) {
	l, _ := serve(t, "tcp", "127.0.0.1:0", map[string]string{"one\n": "no"})
	if _, err := Enter(t.Context(), Options{Address: l.Addr().String(), Dialect: polite{}}); err == nil || !strings.Contains(err.Error(), "refused") {
		t.Errorf("Enter = %v, want that it was refused", err)
	}
	l, said := serve(t, "tcp", "127.0.0.1:0", nil)
	ctx, cancel := context.WithCancel(t.Context())
	go func() {
		<-said
		cancel()
	}()
	if _, err := Enter(ctx, Options{Address: l.Addr().String(), Dialect: polite{}}); err == nil {
		t.Error("Enter with a context that ends = nil, want an error")
	}
}

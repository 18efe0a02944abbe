package dialogue

import (
	"errors"
	"io"
	"net"
	"net/netip"
	"strings"
	"testing"
	"time"
)

// pair returns a TCP stage with the client ann, and the server's end of her connection.
func pair(t *testing.T) (*TCP, net.Conn) {
	t.Helper()
	return pairOf(t, Line)
}

func pairOf(t *testing.T, voice Voice) (*TCP, net.Conn) {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatalf("listen: %v", err)
	}
	defer listener.Close()
	stage := NewTCP(listener.Addr().String())
	if voice == IRC {
		stage = NewTCP("").WithIRC(listener.Addr().String())
	}
	t.Cleanup(stage.Close)
	if err := stage.Connect("ann", voice, netip.MustParseAddrPort("127.0.1.1:40001")); err != nil {
		t.Fatal(err)
	}
	server, err := listener.Accept()
	if err != nil {
		t.Fatalf("accept: %v", err)
	}
	t.Cleanup(func() { server.Close() })
	return stage, server
}

func TestTCPComesFromTheAddress(t *testing.T) {
	_, server := pair(t)
	if got := server.RemoteAddr().String(); got != "127.0.1.1:40001" {
		t.Errorf("the client comes from %s, want 127.0.1.1:40001", got)
	}
}

func TestTCPNextKeepsAPartOfALine(t *testing.T) {
	stage, server := pair(t)
	io.WriteString(server, "hel")
	if line, err := stage.Next("ann", 10*time.Millisecond); !errors.Is(err, ErrNothing) {
		t.Errorf("Next after a part of a line = %q, %v, want ErrNothing", line, err)
	}
	io.WriteString(server, "lo\nunfini")
	if line, err := stage.Next("ann", patience); line != "hello" || err != nil {
		t.Errorf("Next = %q, %v, want hello", line, err)
	}
	server.(*net.TCPConn).CloseWrite()
	if line, err := stage.Next("ann", patience); err == nil || !strings.Contains(err.Error(), `"unfini"`) {
		t.Errorf("Next at an end within a line = %q, %v, want an error with the part", line, err)
	}
}

func TestTCPCutResets(t *testing.T) {
	stage, server := pair(t)
	if err := stage.Cut("ann"); err != nil {
		t.Fatalf("Cut = %v", err)
	}
	server.SetReadDeadline(time.Now().Add(patience))
	if _, err := server.Read(make([]byte, 1)); err == nil || errors.Is(err, io.EOF) {
		t.Errorf("the server reads %v after Cut, want a reset", err)
	}
	if err := stage.Send("ann", "hello\n"); !errors.Is(err, net.ErrClosed) {
		t.Errorf("Send after Cut = %v, want net.ErrClosed", err)
	}
}

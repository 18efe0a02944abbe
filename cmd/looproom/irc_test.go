//go:build linux

package main_test

import (
	"bufio"
	"bytes"
	"cmp"
	"crypto/tls"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/gobwas/ws"

	"looproom/codec"
)

// TestOtherProtocolsAtIRCDoors: who speaks something else than IRC is told so, and nothing that has come is done.
func TestOtherProtocolsAtIRCDoors(t *testing.T) {
	s := startServer(t, "--listen", "line://127.0.0.1:0", "--listen", "irc://127.0.0.1:0", "--listen", "irc+unix://"+t.TempDir()+"/door")
	bob := signedIn(t, s, 0, "bob")
	for name, said := range map[string]string{
		"HTTP": "POST / HTTP/1.1\r\nHost: x\r\n\r\nNICK eve\r\n", "SSH": "SSH-2.0-OpenSSH_9.2\r\n", "TLS": "\x16\x03\x01\x00\xf4\x01\x00\x00\xf0\x03\x03\n",
	} {
		for n := 1; n <= 2; n++ {
			got := sendAndRead(t, s.dial(t, n), said)
			if last := got[strings.LastIndexByte(strings.TrimSuffix(got, "\r\n"), '\n')+1:]; !strings.Contains(last, "wrong-protocol") || !strings.HasSuffix(last, "\r\n") || !strings.HasPrefix(last, map[bool]string{true: "HTTP/1.1 400 ", false: "ERROR :Closing link: ("}[name == "HTTP"]) {
				t.Errorf("%s at %s is told %q, want it to end with a line on its protocol", name, s.doors[n], got)
			}
		}
	}
	bob.say("PING a")
	if _, before := bob.until("PONG a"); strings.Contains(strings.Join(before, "\n"), "eve") {
		t.Errorf("bob reads %q, want nothing of who has spoken HTTP", before)
	}
}

// TestIRCOverWebSocket: a line is a message of the kind that the subprotocol says, without its end, both ways.
func TestIRCOverWebSocket(t *testing.T) {
	s := startServer(t, "--listen", "http://127.0.0.1:0")
	for protocol, op := range map[string]codec.Opcode{"text.ircv3.net": codec.OpText, "binary.ircv3.net": codec.OpBinary} {
		request := upgradeRequest("Sec-WebSocket-Protocol: " + protocol)
		conn := s.dial(t, 0)
		if err := conn.SetDeadline(time.Now().Add(patience)); err != nil {
			t.Fatal(err)
		}
		if _, err := conn.Write(append([]byte(request), codec.AppendMaskedFrame(nil, op, 1, []byte("PING abc"))...)); err != nil {
			t.Fatal(err)
		}
		from := bufio.NewReader(conn)
		if answer, err := http.ReadResponse(from, nil); err != nil || answer.Header.Get("Sec-Websocket-Protocol") != protocol {
			t.Fatalf("the upgrade = %v, %v; want 101 with %s", answer, err, protocol)
		}
		for pong := false; !pong; {
			header, err := ws.ReadHeader(from)
			if err != nil {
				t.Fatalf("%s: %v before a PONG", protocol, err)
			}
			text := make([]byte, header.Length)
			if _, err := io.ReadFull(from, text); err != nil {
				t.Fatal(err)
			}
			if codec.Opcode(header.OpCode) != op || !header.Fin || bytes.ContainsAny(text, "\r\n") {
				t.Errorf("%s: a frame is %+v with %q, want opcode %d and no line end", protocol, header, text, op)
			}
			pong = bytes.Contains(text, []byte("PONG")) && bytes.HasSuffix(text, []byte("abc"))
		}
	}
}

// TestSTSAtDoors: who comes in clear is told where TLS is, and there for how long to come by it; a door that says nothing tells nobody.
func TestSTSAtDoors(t *testing.T) {
	c := newCertificate(t)
	s := startServer(t, "--listen", "irc://127.0.0.1:0?sts=720h", "--listen", "irc://127.0.0.1:0", "--listen", c.door("irc"))
	_, port := s.hostPort(2)
	for n, want := range []string{" sts=port=" + port, "", " sts=duration=2592000"} {
		conn := s.dial(t, n)
		if n == 2 {
			conn = tls.Client(conn, c.trust(t))
		}
		offered, _ := newTalker(t, "client", conn, conn).asksIRC("CAP LS 302", " CAP * LS ")
		words := strings.Fields(offered + " ")
		if want == "" && strings.Contains(offered, "sts=") || want != "" && !slices.Contains(words, want[1:]) {
			t.Errorf("door %d offers %q, want%s in it, and no other sts", n, offered, cmp.Or(want, " no sts"))
		}
	}
}

// asksIRC says a line of IRC, and returns the first line that has want in it, and those before it.
func (c *talker) asksIRC(line, want string) (got string, before []string) {
	c.t.Helper()
	c.write(line + "\r\n")
	for {
		got, err := c.line()
		if err != nil {
			c.t.Fatalf("%s: no line with %q: %v; lines before: %q", c.name, want, err, before)
		}
		if strings.Contains(got, want) {
			return strings.TrimSuffix(got, "\r"), before
		}
		before = append(before, got)
	}
}

// TestFloodAtIRCDoors: who goes on sending much faster than it may is told by an ERROR why its connection ends.
func TestFloodAtIRCDoors(t *testing.T) {
	s := startServer(t, "--listen", "irc://127.0.0.1:0", "--lines-per-second", "1", "--lines-burst", "5", "--recvq", "4096")
	conn := s.dial(t, 0)
	got := sendAndRead(t, conn, strings.Repeat("PING abc\r\n", 8000))
	if last := got[strings.LastIndexByte(strings.TrimSuffix(got, "\r\n"), '\n')+1:]; !strings.HasPrefix(last, "ERROR :Closing link: (") || !strings.HasSuffix(last, ") [flood]\r\n") {
		t.Errorf("told %q, want an ERROR at the end", got)
	}
}

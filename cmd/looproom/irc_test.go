//go:build linux

package main_test

import (
	"bufio"
	"bytes"
	"io"
	"net/http"
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
			if last := got[strings.LastIndexByte(strings.TrimSuffix(got, "\r\n"), '\n')+1:]; !strings.Contains(last, "wrong-protocol") || !strings.HasSuffix(last, "\r\n") || strings.HasPrefix(last, "HTTP/1.1 400 ") != (name == "HTTP") {
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

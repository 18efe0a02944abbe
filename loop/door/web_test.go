//go:build linux

package door

import (
	"bufio"
	"crypto/tls"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"looproom/codec"
	"looproom/loop/delivery"
	"looproom/loop/selfsigned"
	"looproom/loop/session"
)

const upgrade = "GET /ws HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"

// TestWebSocketComesIn: net/http has a connection until it asks for WebSocket, with or without TLS; what stands behind the request is not lost.
func TestWebSocketComesIn(t *testing.T) {
	pair := selfsigned.Pair(t)
	for _, url := range []string{"http://127.0.0.1:0", "http+tls://127.0.0.1:0?cert=" + pair} {
		t.Run(url[:10], func(t *testing.T) {
			f := start(t, few)
			d := f.listen(url)
			var c net.Conn = f.dial(d, "")
			if d.Secure() {
				c = tls.Client(c, &tls.Config{InsecureSkipVerify: true})
			}
			from := bufio.NewReader(c)
			if _, err := io.WriteString(c, "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"); err != nil {
				t.Fatal(err)
			}
			page, err := http.ReadResponse(from, nil)
			if err != nil || page.StatusCode != http.StatusOK {
				t.Fatalf("the page = %v, %v; want it", page, err)
			}
			_, _ = io.Copy(io.Discard, page.Body)
			if f.doors.Count() != 1 || f.doors.Prefaces() != 1 {
				t.Errorf("%d connections and %d prefaces are counted, want 1 and 1", f.doors.Count(), f.doors.Prefaces())
			}
			if _, err := io.WriteString(c, upgrade+"early"); err != nil {
				t.Fatal(err)
			}
			if answer, err := http.ReadResponse(from, nil); err != nil || answer.StatusCode != http.StatusSwitchingProtocols {
				t.Fatalf("the upgrade = %v, %v; want 101", answer, err)
			}
			a := f.next()
			if string(a.Early) != "early" || (a.TLS != nil) != d.Secure() {
				t.Errorf("it came in with %q early and TLS: %v", a.Early, a.TLS != nil)
			}
			f.eventually("the preface to be over", func() bool { return f.doors.Prefaces() == 0 })
			d.Leave(a.ID, a.Name())
			if f.doors.Count() != 0 {
				t.Errorf("%d connections are counted, want none", f.doors.Count())
			}
		})
	}
}

// TestPagesEnd: a connection that only reads pages gives its slot back.
func TestPagesEnd(t *testing.T) {
	f := start(t, few)
	c := f.dial(f.listen("http://127.0.0.1:0"), "GET /none HTTP/1.0\r\nHost: localhost\r\n\r\n")
	text, err := io.ReadAll(c)
	if err != nil || !strings.HasPrefix(string(text), "HTTP/1.0 404") {
		t.Fatalf("told %q, %v; want 404", text, err)
	}
	if left := f.doors.WaitEmpty(time.Now().Add(patience)); left != 0 {
		t.Errorf("%d connections are counted, want none", left)
	}
}

// TestSubprotocols: who names one of IRC gets the first of those that there are, and no other one; at /irc it needs no name.
func TestSubprotocols(t *testing.T) {
	const text, binary = "text.ircv3.net", "binary.ircv3.net"
	messages := session.Form{Framing: session.Messages, MaxLine: 64, Size: codec.BlockSize, Pause: usualPause}
	lines := session.Form{Framing: session.PlainMessages, MaxLine: MaxIRCLine}
	rows := []struct {
		path, names string // "": the request has none
		agreed      string
		dialect     Dialect
		binary      bool
		in          session.Form
	}{
		{"/ws", "", "", LineDialect, false, messages},
		{"/ws", "chat, superchat", "", LineDialect, false, messages},
		{"/ws", text, text, IRCDialect, false, lines},
		{"/ws", binary, binary, IRCDialect, true, lines},
		{"/ws", text + ", " + binary, text, IRCDialect, false, lines},
		{"/ws", binary + "," + text, binary, IRCDialect, true, lines},
		{"/ws", "chat\r\nSec-WebSocket-Protocol: " + binary, binary, IRCDialect, true, lines},
		{"/ws", "TEXT.ircv3.net", "", LineDialect, false, messages},
		{"/irc", "", "", IRCDialect, false, lines},
		{"/irc", "chat", "", IRCDialect, false, lines},
		{"/irc", binary, binary, IRCDialect, true, lines},
	}
	for _, row := range rows {
		t.Run(row.path+" "+row.names, func(t *testing.T) {
			f := start(t, few)
			d := f.listen("http://127.0.0.1:0?forwarded=127.0.0.1")
			request := strings.Replace(upgrade, "/ws", row.path, 1)
			if row.names != "" {
				request = strings.Replace(request, "Upgrade: ", "Sec-WebSocket-Protocol: "+row.names+"\r\nX-Forwarded-For: 10.1.2.3\r\nUpgrade: ", 1)
			}
			answer, err := http.ReadResponse(bufio.NewReader(f.dial(d, request)), nil)
			if err != nil || answer.StatusCode != http.StatusSwitchingProtocols || answer.Header.Get("Sec-Websocket-Protocol") != row.agreed {
				t.Fatalf("the upgrade = %v, %v; want 101 with %q", answer, err, row.agreed)
			}
			a := f.next()
			form := Form(a.Voice(), 0)
			if got, want := f.doors.Layout(form), (delivery.Layout{Framing: delivery.Messages, Binary: row.binary}); f.doors.Dialect(form) != row.dialect || got != want {
				t.Errorf("it is spoken to in dialect %d as %+v, want %d as %+v", f.doors.Dialect(form), got, row.dialect, want)
			}
			if got := a.Input(64); got != row.in {
				t.Errorf("it is heard as %+v, want %+v", got, row.in)
			}
			if name := a.Name(); row.names != "" && !strings.HasPrefix(name, "10.1.2.3:") {
				t.Errorf("it comes from %s, want the address that the proxy has told", name)
			}
		})
	}
}

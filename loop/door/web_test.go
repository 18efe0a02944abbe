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

	"looproom/loop/selfsigned"
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

//go:build linux

package main_test

import (
	"crypto/tls"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"
)

// httpRefusal is what a client hears that speaks HTTP at a door for lines.
const httpRefusal = "HTTP/1.1 400 wrong-protocol this door speaks lines of text, and no HTTP; a browser needs an http door"

// postOf is what a browser sends when a page posts lines to a door.
func postOf(target string) string {
	body := "ADD eve\nhello from a page\nTOPIC taken over\n"
	return fmt.Sprintf("POST %s HTTP/1.1\r\nHost: 127.0.0.1:7777\r\nContent-Type: text/plain\r\nContent-Length: %d\r\n\r\n%s", target, len(body), body)
}

// padded fills text up to whole blocks of a fixed door, so that all of it is read.
func padded(text string, size int) string {
	return text + strings.Repeat("\n", (size-len(text)%size)%size)
}

// TestHTTPOnDoorsForLines: nothing that comes as a request is understood, whatever it is like, on any door, with TLS or without.
func TestHTTPOnDoorsForLines(t *testing.T) {
	c := newCertificate(t)
	doors := []string{
		"line://127.0.0.1:0", "fixed://127.0.0.1:0", "fixed://127.0.0.1:0?size=64", "chunk://127.0.0.1:0", "line+unix://" + t.TempDir() + "/door",
		c.door("line"), c.door("fixed"), c.door("chunk"),
	}
	arguments := []string{"--listen", "line://127.0.0.1:0", "--admin", "127.0.0.1:0"}
	for _, door := range doors {
		arguments = append(arguments, "--listen", door)
	}
	s := startServer(t, arguments...)
	bob := signedIn(t, s, 0, "bob")
	requests := map[string]string{
		"POST":                  postOf("/"),
		"a path of 600 bytes":   postOf("/" + strings.Repeat("a", 600)),
		"an absolute URI":       postOf("http://127.0.0.1:7777/"),
		"the preface of HTTP/2": "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + postOf("/"),
		"behind empty lines":    "\r\n\n" + postOf("/"),
	}
	for _, method := range []string{"GET", "HEAD", "PUT", "OPTIONS", "DELETE", "PATCH"} {
		requests[method] = strings.Replace(postOf("/x"), "POST", method, 1)
	}
	refused := 0
	for n, door := range doors {
		for name, request := range requests {
			if name == "behind empty lines" && strings.HasPrefix(door, "fixed") {
				continue // there a block is what is said
			}
			t.Run(name+" "+s.doors[n+1], func(t *testing.T) {
				conn := s.dial(t, n+1)
				if strings.Contains(door, "+tls") {
					conn = secured(t, conn, c.trust(t))
				}
				_, before := bob.until("> New user ")
				got := sendAndRead(t, conn, padded(request, 512))
				if want := httpRefusal[:60]; !strings.Contains(got, want) {
					t.Errorf("answer = %.200q, want %q in it", got, want)
				}
				conn.Close()
				_, said := bob.until("< The user ")
				if said = append(before, said...); len(said) > 0 {
					t.Errorf("the others read %q, want nothing", said)
				}
			})
			refused++
		}
	}
	if got := scrape(t, adminOf(t, s)).sum("looproom_refused_connections_total", "reason=wrong-protocol"); got != float64(refused) {
		t.Errorf("refused with wrong-protocol = %v, want %d", got, refused)
	}
	bob.say("TOPIC")
	bob.until("= TOPIC #lobby")
}

// sendAndRead returns all that the server says until it closes.
func sendAndRead(t *testing.T, conn net.Conn, text string) string {
	t.Helper()
	if err := conn.SetDeadline(time.Now().Add(patience)); err != nil {
		t.Fatal(err)
	}
	if _, err := io.WriteString(conn, text); err != nil {
		t.Fatal(err)
	}
	got, err := io.ReadAll(conn)
	if err != nil {
		t.Fatalf("%v after %.200q", err, got)
	}
	return string(got)
}

// TestHTTPInPieces: wherever a request is cut, nothing of what stands behind its first line is understood.
func TestHTTPInPieces(t *testing.T) {
	s := startServer(t, "--loops", "1", "--listen", "line://127.0.0.1:0", "--listen", "line://127.0.0.1:0", "--listen", "fixed://127.0.0.1:0?size=64", "--listen", "chunk://127.0.0.1:0?pause=10ms")
	bob := signedIn(t, s, 0, "bob")
	request := padded(postOf("/x"), 64)
	for n := 1; n <= 3; n++ {
		t.Run(s.doors[n], func(t *testing.T) {
			for at := 1; at < len("POST /x HTTP/1.1\r\n")+2; at++ {
				c := dial(t, s, n, fmt.Sprintf("cut at byte %d", at))
				bob.until("> New user ")
				c.write(request[:at])
				var said []string
				if n == 3 {
					said = awaitBurst(bob, request[:at])
				} else {
					said = bob.fence()
				}
				_, _ = io.WriteString(c.input, request[at:]) // it may have been refused already
				if got := readUntil(t, c.input.(net.Conn), "wrong-protocol"); strings.Contains(got, "= ADD") {
					t.Errorf("cut at byte %d: answer = %q, want none to what the request holds", at, got)
				}
				c.input.Close()
				if !slices.ContainsFunc(said, func(line string) bool { return strings.HasPrefix(line, "< The user ") }) {
					_, more := bob.until("< The user ")
					said = append(said, more...)
				}
				for _, line := range said {
					_, words, spoken := strings.Cut(line, "] ")
					if spoken && (n < 3 || at > len("POST ") || !strings.HasPrefix(request[:at], words)) {
						t.Errorf("cut at byte %d: the others read %q", at, line)
					}
				}
			}
		})
	}
}

// awaitBurst waits until the first part of a request is over by its pause: by then bob has read it, if it was said. A part of the method
// alone is a word like any other.
func awaitBurst(bob *talker, burst string) (said []string) {
	if len(burst) > len("POST ") {
		return nil // it is refused, or joins with what comes behind it
	}
	line, _ := bob.until("[127.0.0.1:")
	return []string{line}
}

// TestHTTPLaterOn: what looks like a request is one in the first line only.
func TestHTTPLaterOn(t *testing.T) {
	s := startServer(t, allDoors...)
	bob := signedIn(t, s, 0, "bob")
	const words = "POST / HTTP/1.1"
	for n, said := range []string{"hello\n" + words + "\n", block("hello", 512) + block(words, 512), "hello\n" + words + "\n"} {
		conn := s.dial(t, n)
		if _, err := io.WriteString(conn, said); err != nil {
			t.Fatal(err)
		}
		bob.until("[" + conn.LocalAddr().String() + "] " + words)
	}
}

// TestOtherProtocols: what port scans send doesn't reach the lobby.
func TestOtherProtocols(t *testing.T) {
	s := startServer(t, "--listen", "line://127.0.0.1:0", "--listen", "chunk://127.0.0.1:0")
	bob := signedIn(t, s, 0, "bob")
	hello := &recorder{}
	_ = tls.Client(hello, &tls.Config{ServerName: "a.example"}).Handshake() // for what it sends; there is no answer
	rows := []struct{ name, sent string }{
		{"TLS", hello.sent},
		{"SSH", "SSH-2.0-OpenSSH_9.2p1\r\n"},
		{"SMB", "\x00\x00\x00\x45\xffSMBr\x00\x00\x00\x00\x08\x01\x40\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x40\x06\x00\x00\x01\x00\x00\x22\x00\x02NT LM 0.12\x00\x02SMB 2.002\x00"},
		{"RDP", "\x03\x00\x00\x2a\x25\xe0\x00\x00\x00\x00\x00Cookie: mstshash=nmap\r\n\x01\x00\x08\x00\x0b\x00\x00\x00"},
		{"X11", "l\x00\x0b\x00\x00\x00\x00\x00\x00\x00\x00\x00"},
		{"LDAP", "\x30\x0c\x02\x01\x01\x60\x07\x02\x01\x03\x04\x00\x80\x00"},
		{"RTSP", "OPTIONS / RTSP/1.0\r\n\r\n"},
		{"SIP", "OPTIONS sip:nm SIP/2.0\r\nVia: SIP/2.0/TCP nm;branch=foo\r\n\r\n"},
	}
	for n := range 2 {
		for _, row := range rows {
			t.Run(row.name+" "+s.doors[n], func(t *testing.T) {
				c := dial(t, s, n, row.name)
				bob.until("> New user ")
				c.write(row.sent)
				c.closeInput()
				if got := readUntil(t, c.input.(net.Conn), "wrong-protocol"); strings.Contains(got, "= ") {
					t.Errorf("answer = %q", got)
				}
				c.input.Close()
				if _, said := bob.until("< The user "); len(said) > 0 {
					t.Errorf("the others read %q, want nothing", said)
				}
			})
		}
	}
}

// recorder is a connection that keeps what is written to it, and is at its end.
type recorder struct {
	net.Conn
	sent string
}

func (r *recorder) Write(p []byte) (int, error) { r.sent += string(p); return len(p), nil }
func (r *recorder) Read([]byte) (int, error)    { return 0, io.EOF }
func (r *recorder) Close() error                { return nil }

// TestPagesCannotSpeakOnLineDoors has a page of another server post lines by a real browser.
func TestPagesCannotSpeakOnLineDoors(t *testing.T) {
	need(t, "chromium")
	s := startServer(t, "--log-format", "json", "--listen", "line://127.0.0.1:0", "--listen", "line://127.0.0.1:0", "--listen", "chunk://127.0.0.1:0")
	bob := signedIn(t, s, 0, "bob")
	evil := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		_, _ = io.WriteString(w, "<!doctype html><title>evil</title>") // the browser is gone if it fails
	}))
	defer evil.Close()
	visitor := &person{openTab(t, evil.URL), t, "visitor"}
	for n := 1; n <= 2; n++ {
		_, address := s.address(n)
		evaluate[string](visitor, `fetch("http://`+address+`/", {method: "POST", mode: "no-cors", body: "\nADD eve\nhello from a page\nTOPIC taken over\n"})
			.then(() => "answered", (why) => String(why))`)
		s.awaitLog(`"door":"`+s.doors[n]+`"`, `"reason":"speaks HTTP"`)
	}
	for _, line := range bob.fence() {
		if !strings.HasPrefix(line, "> New user ") && !strings.HasPrefix(line, "< The user ") {
			t.Errorf("bob reads %q: a page has spoken", line)
		}
	}
}

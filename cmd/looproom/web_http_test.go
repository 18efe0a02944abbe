//go:build linux

package main_test

import (
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"looproom/codec"
)

// TestWebPage fetches the page and asks for other things.
func TestWebPage(t *testing.T) {
	s := startServer(t, "--listen", onWeb)
	page, html := request(t, s.dial(t, 0), getRequest("/"))
	if page.StatusCode != http.StatusOK || !strings.Contains(strings.ToLower(html), "<!doctype html>") {
		t.Fatalf("the page = %s %.100q, want 200 and HTML", page.Status, html)
	}
	for name, want := range map[string]string{
		"Content-Type": "text/html; charset=utf-8", "X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer",
		"Cross-Origin-Opener-Policy": "same-origin", "Cache-Control": "no-cache",
	} {
		if got := page.Header.Get(name); got != want {
			t.Errorf("%s = %q, want %q", name, got, want)
		}
	}
	policy := page.Header.Get("Content-Security-Policy")
	for _, part := range []string{"default-src 'none'", "script-src 'self'", "style-src 'self'", "frame-ancestors 'none'", "base-uri 'none'"} {
		if !strings.Contains(policy, part) || strings.Contains(policy, "unsafe") {
			t.Errorf("Content-Security-Policy = %q, want %q in it and nothing unsafe", policy, part)
		}
	}
	rows := []struct {
		name, request string
		status        int
		body          string
	}{
		{"it has not changed", getRequest("/", "If-None-Match: "+page.Header.Get("ETag")), http.StatusNotModified, ""},
		{"its header alone", strings.Replace(getRequest("/"), "GET", "HEAD", 1), http.StatusOK, ""},
		{"nothing there", getRequest("/etc/passwd"), http.StatusNotFound, "there is no /etc/passwd here; the chat is at /\n"},
		{"out of the folder", getRequest("/../handler.go"), http.StatusNotFound, "there is no /../handler.go here; the chat is at /\n"},
		{"a folder", getRequest("/page/"), http.StatusNotFound, "there is no /page/ here; the chat is at /\n"},
		{"a form", strings.Replace(getRequest("/", "Content-Length: 0"), "GET", "POST", 1), http.StatusMethodNotAllowed, "this can only be read\n"},
		{"no WebSocket", getRequest("/ws"), http.StatusUpgradeRequired, "this address is for WebSocket; the chat is at /\n"},
		{"another version", strings.Replace(upgradeRequest(), "Version: 13", "Version: 8", 1), http.StatusUpgradeRequired, ""},
		{"no key", strings.Replace(upgradeRequest(), "Sec-WebSocket-Key", "X-Key", 1), http.StatusBadRequest, ""},
		{"a body", upgradeRequest("Content-Length: 5") + "hello", http.StatusBadRequest, "a request for WebSocket has no body\n"},
		{"a huge header", getRequest("/", "X: "+strings.Repeat("x", 20_000)), http.StatusRequestHeaderFieldsTooLarge, ""},
		{"two lengths", getRequest("/", "Content-Length: 5", "Content-Length: 6"), http.StatusBadRequest, ""},
		{"no host", "GET / HTTP/1.1\r\nConnection: close\r\n\r\n", http.StatusBadRequest, ""},
		{"lines", "LIST\r\n\r\n", http.StatusBadRequest, ""},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			response, body := request(t, s.dial(t, 0), row.request)
			if response.StatusCode != row.status || (row.body != "" && body != row.body) {
				t.Errorf("%.60q = %s %.200q, want %d %q", row.request, response.Status, body, row.status, row.body)
			}
		})
	}
}

// TestWebOrigins: a page may connect that comes from the same host and port, or is named by the door.
func TestWebOrigins(t *testing.T) {
	const named = "?origins=https://a.example,http://b.example:81"
	rows := []struct {
		name, options, origin string
		allowed               bool
	}{
		{"none", "", "", true},
		{"the same", "", "http://localhost", true},
		{"the same behind TLS of a proxy", "", "https://LOCALHOST", true},
		{"another host", "", "http://evil.example", false},
		{"another port", "", "http://localhost:81", false},
		{"null", "", "null", false},
		{"a file", "", "file://", false},
		{"named", named, "https://a.example", true},
		{"named in capitals", named, "https://A.example", true},
		{"the second one", named, "http://b.example:81", true},
		{"named with another scheme", named, "http://a.example", false},
		{"the same where others are named", named, "http://localhost", true},
		{"any", "?origins=*", "http://evil.example", true},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			s := startServer(t, "--listen", onWeb+row.options)
			var header []string
			if row.origin != "" {
				header = append(header, "Origin: "+row.origin)
			}
			conn := s.dial(t, 0)
			if row.allowed {
				expectUpgrade(t, conn, upgradeRequest(header...))
				return
			}
			response, body := request(t, conn, upgradeRequest(append(header, "Connection: close")...))
			if response.StatusCode != http.StatusForbidden || !strings.Contains(body, "?origins="+row.origin) {
				t.Errorf("origin %q: %s %q, want 403 and what to set", row.origin, response.Status, body)
			}
		})
	}
}

// expectUpgrade sends a request for WebSocket and returns the header of the response that agrees.
func expectUpgrade(t *testing.T, conn net.Conn, text string) string {
	t.Helper()
	if err := conn.SetDeadline(time.Now().Add(patience)); err != nil {
		t.Fatal(err)
	}
	if _, err := io.WriteString(conn, text); err != nil {
		t.Fatal(err)
	}
	header, one := "", make([]byte, 1)
	for !strings.HasSuffix(header, "\r\n\r\n") {
		if _, err := conn.Read(one); err != nil {
			t.Fatalf("response %q: %v", header, err)
		}
		header += string(one)
	}
	if !strings.HasPrefix(header, "HTTP/1.1 101 ") {
		t.Fatalf("response = %q, want 101", header)
	}
	return header
}

// TestWebDeclines: no extension and no subprotocol is agreed on.
func TestWebDeclines(t *testing.T) {
	s := startServer(t, "--listen", onWeb)
	header := expectUpgrade(t, s.dial(t, 0), upgradeRequest("Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits", "Sec-WebSocket-Protocol: chat, irc"))
	if strings.Contains(header, "Extensions") || strings.Contains(header, "Sec-WebSocket-Protocol") {
		t.Errorf("response = %q, want no extension and no protocol", header)
	}
}

// TestWebEarlyFrames: what a client sends right behind its request is not lost.
func TestWebEarlyFrames(t *testing.T) {
	s := startServer(t, "--listen", onWeb)
	conn := s.dial(t, 0)
	if _, err := io.WriteString(conn, upgradeRequest()+say("early")+say("too")); err != nil {
		t.Fatal(err)
	}
	if err := conn.SetDeadline(time.Now().Add(patience)); err != nil {
		t.Fatal(err)
	}
	got, buf := "", make([]byte, 4096)
	for !strings.Contains(got, "PONG early") || !strings.HasSuffix(got, "PONG too") {
		n, err := conn.Read(buf)
		if err != nil {
			t.Fatalf("read %q: %v", got, err)
		}
		got += string(buf[:n])
	}
}

// TestWebRefusals: who is not let in gets the line in a response.
func TestWebRefusals(t *testing.T) {
	rows := []struct {
		name      string
		arguments []string
		status    int
		code      string
	}{
		{"too many of an address", []string{"--max-per-address", "1"}, http.StatusTooManyRequests, "! too-many-connections"},
		{"full", []string{"--max-clients", "1"}, http.StatusServiceUnavailable, "! server-full"},
		{"no proxy", []string{"--listen", onWeb + "?proxy=10.0.0.1"}, http.StatusForbidden, forProxiesOnly},
		{"no TLS", []string{"--listen", newCertificate(t).door("http")}, http.StatusBadRequest, "! need-tls this door speaks TLS: https://"},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			if !strings.Contains(strings.Join(row.arguments, " "), "--listen") {
				row.arguments = append(row.arguments, "--listen", onWeb)
			}
			s := startServer(t, row.arguments...)
			if strings.HasPrefix(row.arguments[0], "--max") {
				browse(t, s, 0, "ann")
			}
			response, body := request(t, s.dial(t, 0), getRequest("/"))
			if response.StatusCode != row.status || !strings.HasPrefix(body, row.code) {
				t.Errorf("response = %s %q, want %d %q", response.Status, body, row.status, row.code)
			}
		})
	}
}

// TestWebBehindProxy: the client's address is the one that the proxy tells, in the clear and by TLS.
func TestWebBehindProxy(t *testing.T) {
	c := newCertificate(t)
	for name, door := range map[string]string{"http": onWeb + "?proxy=127.0.0.1", "https": c.door("http", "proxy=127.0.0.1")} {
		t.Run(name, func(t *testing.T) {
			s := startServer(t, "--listen", door)
			conn := s.dial(t, 0)
			if _, err := io.WriteString(conn, proxyLine("192.0.2.7:1234")); err != nil {
				t.Fatal(err)
			}
			if name == "https" {
				conn = secured(t, conn, c.trust(t))
			}
			ann := overWeb(t, conn, "ann", "")
			greeted(ann.talker)
			ann.say("WHO 192.0.2.7:1234")
			ann.until("= WHO 192.0.2.7:1234 ")
			ann.say("END")
			ann.until("= END")
			ann.expectClose(codec.CloseNormal)
		})
	}
}

// TestWebSecurePage fetches the page as a browser does that trusts the certificate, again and again by one connection.
func TestWebSecurePage(t *testing.T) {
	c := newCertificate(t)
	s := startServer(t, "--listen", c.door("http"))
	_, address := s.address(0)
	transport := &http.Transport{TLSClientConfig: c.trust(t), ForceAttemptHTTP2: true}
	defer transport.CloseIdleConnections()
	client := &http.Client{Transport: transport, Timeout: patience}
	for range 3 {
		response, err := client.Get("https://" + address + "/")
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(response.Body)
		response.Body.Close()
		if err != nil || response.StatusCode != http.StatusOK || len(body) == 0 {
			t.Errorf("the page = %s with %d bytes, %v; want 200", response.Status, len(body), err)
		}
	}
}

// TestWebIdlers: connections that never become ones of WebSocket are bounded, don't keep clients out, and end by themselves.
func TestWebIdlers(t *testing.T) {
	t.Parallel()
	const most, idlers = 100, 500 // a quarter of 400
	s := startServer(t, "--max-clients", "400", "--listen", onWeb, "--listen", "line://127.0.0.1:0")
	var silent []net.Conn
	for range idlers {
		silent = append(silent, s.dial(t, 0))
	}
	if _, err := io.WriteString(silent[0], "GET / HTTP/1.1\r\nHost: x\r\nX: "); err != nil { // and never goes on
		t.Fatal(err)
	}
	signedIn(t, s, 1, "ann")
	began, refused := time.Now(), 0
	for _, conn := range silent {
		if err := conn.SetDeadline(time.Now().Add(patience)); err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(conn)
		if err != nil {
			t.Fatalf("after %v a connection without a request still has no end: %v", time.Since(began), err)
		}
		if strings.Contains(string(text), "! server-full") {
			refused++
		}
	}
	if refused < idlers-most {
		t.Errorf("%d of %d idle connections were refused, want at least %d", refused, idlers, idlers-most)
	}
	browse(t, s, 0, "bob")
}

// TestWebDrainIdlers: idle connections of HTTP don't hold the end of the server up.
func TestWebDrainIdlers(t *testing.T) {
	s := startServer(t, "--listen", onWeb, "--drain", "20s")
	idle := s.dial(t, 0)
	ann := browse(t, s, 0, "ann")
	s.stop() // its exit status is another where clients were cut off
	ann.until("! closing")
	if err := idle.SetDeadline(time.Now().Add(patience)); err != nil {
		t.Fatal(err)
	}
	if n, err := idle.Read(make([]byte, 1)); n != 0 || err == nil {
		t.Errorf("read %d bytes, %v from the idle connection, want its end", n, err)
	}
}

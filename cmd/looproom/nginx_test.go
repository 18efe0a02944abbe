//go:build linux

package main_test

import (
	"bufio"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"looproom/loop/logtext"
)

// nginxOf starts nginx in front of the server's n-th door, an http door, by the configuration of the README, and returns its address.
func nginxOf(t *testing.T, s *server, n int) (address string) {
	t.Helper()
	need(t, "nginx")
	address = freeAddress(t)
	dir := t.TempDir()
	_, target := s.address(n)
	site := strings.NewReplacer("listen 80", "listen "+address, "127.0.0.1:8080", target).Replace(readmeNginx(t))
	config := "daemon off; master_process off; pid " + dir + "/pid; error_log stderr;\nevents {}\nhttp {\naccess_log off;\n"
	for _, kind := range []string{"client_body", "proxy", "fastcgi", "uwsgi", "scgi"} {
		config += kind + "_temp_path " + dir + "/" + kind + ";\n"
	}
	path := filepath.Join(dir, "nginx.conf")
	if err := os.WriteFile(path, []byte(config+site+"}\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	command, log := exec.Command("nginx", "-c", path), new(logtext.Text)
	command.Stdout, command.Stderr = log, log
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		endProgram(t, "nginx", command)
		if t.Failed() {
			t.Logf("nginx said:\n%s", log.String())
		}
	})
	waitFor(t, "nginx", func() bool {
		conn, err := net.Dial("tcp", address)
		if err != nil {
			return false
		}
		conn.Close()
		return true
	})
	return address
}

// freeAddress is one of this machine on which nobody listens.
func freeAddress(t *testing.T) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	return listener.Addr().String()
}

// readmeNginx is the configuration that the README shows.
func readmeNginx(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(text), "```nginx\n")
	config, _, ok := strings.Cut(rest, "```")
	for _, part := range []string{"listen 80;", "http://127.0.0.1:8080;", "X-Forwarded-For $proxy_add_x_forwarded_for"} {
		if !ok || strings.Count(config, part) != 1 {
			t.Fatalf("the README's configuration of nginx has no %q, or several:\n%s", part, config)
		}
	}
	return config
}

// webFrom comes by WebSocket from an address of this machine.
func webFrom(t *testing.T, host, address, name, header string) *webTalker {
	t.Helper()
	c := overWeb(t, connFrom(t, host, address), name, header)
	greeted(c.talker)
	return c
}

const behindNginx = onWeb + "?forwarded=127.0.0.1"

// TestNginx: people from different addresses come through nginx. The room, the log, limits and bans know them by their own.
func TestNginx(t *testing.T) {
	s := guarded(t, t.TempDir(), "--listen", behindNginx, "--listen", "line://127.0.0.1:0", "--max-per-address", "1", "--host", "chat.example", "--log-format", "json")
	nginx := nginxOf(t, s, 0)
	op := greeted(dialAs(t, s, 1, "127.0.0.9", "op"))
	for _, line := range []string{"ADD root", "OPER ann " + operPassword} {
		op.say(line)
	}
	op.until("= OPER ann")

	page, html := request(t, connFrom(t, "127.0.0.2", nginx), strings.Replace(getRequest("/"), "localhost", "chat.example", 1))
	if page.StatusCode != http.StatusOK || !strings.Contains(strings.ToLower(html), "<!doctype html>") {
		t.Fatalf("the page through nginx = %s %.100q", page.Status, html)
	}
	ana, bob := webFrom(t, "127.0.0.2", nginx, "ana", ""), webFrom(t, "127.0.0.3", nginx, "bob", "X-Forwarded-For: 192.0.2.1\r\n")
	op.until("> New user 127.0.0.2:")
	op.until("> New user 127.0.0.3:")
	ana.say("hello from ana")
	bob.until("[127.0.0.2:")

	second, why := request(t, connFrom(t, "127.0.0.2", nginx), upgradeRequest("X-Forwarded-For: 192.0.2.1"))
	if second.StatusCode != http.StatusTooManyRequests || !strings.HasPrefix(why, "! too-many-connections your address has 1 ") {
		t.Errorf("a second connection of an address = %s %q, want 429", second.Status, why)
	}
	op.say("BAN 127.0.0.2 1h spam")
	op.until("= BAN 127.0.0.2 ")
	ana.until("! banned ")
	for _, path := range []string{"/", "/ws"} {
		if banned, why := request(t, connFrom(t, "127.0.0.2", nginx), getRequest(path)); banned.StatusCode != http.StatusForbidden || !strings.HasPrefix(why, "! banned ") {
			t.Errorf("%s by who is banned = %s %q, want 403", path, banned.Status, why)
		}
	}
	bob.fence()
	bob.say("END")
	bob.until("= END")
	s.awaitLog(`"client":"127.0.0.3:`, `"reason":"left"`)
	waitFor(t, "room for another client of that address", func() bool {
		conn := connFrom(t, "127.0.0.3", nginx)
		response, _ := request(t, conn, strings.Replace(upgradeRequest(), "Version: 13", "Version: 8", 1)) // an upgrade that fails takes no room
		return response.StatusCode == http.StatusUpgradeRequired
	})
	webFrom(t, "127.0.0.3", nginx, "bob again", "")
	if strings.Contains(s.log.String(), "192.0.2.1") {
		t.Error("the log has a forged address")
	}
}

// TestForwardedByStrangers: the header of who is no proxy is believed by nobody, nor is the other header that a proxy passes on.
func TestForwardedByStrangers(t *testing.T) {
	const forged = "X-Forwarded-For: 192.0.2.1\r\nForwarded: for=192.0.2.1\r\n"
	s := startServer(t, "--listen", behindNginx, "--listen", onWeb, "--listen", onWeb+"?forwarded=127.0.0.2&forwarded-header=forwarded", "--listen", "line://127.0.0.1:0")
	bob := connect(t, s, 3, "bob")
	rows := []struct {
		door       int
		from, want string
	}{
		{0, "127.0.0.4", "127.0.0.4"}, {1, "127.0.0.1", "127.0.0.1"}, {2, "127.0.0.1", "127.0.0.1"}, {2, "127.0.0.2", "192.0.2.1"}, {0, "127.0.0.1", "192.0.2.1"},
	}
	for _, row := range rows {
		_, address := s.address(row.door)
		c := webFrom(t, row.from, address, row.from, forged)
		bob.until("> New user " + row.want + ":")
		c.say("END")
		c.until("= END")
	}
	_, address := s.address(2)
	webFrom(t, "127.0.0.2", address, "the other header", "X-Forwarded-For: 192.0.2.9\r\nForwarded: for=192.0.2.8\r\n")
	bob.until("> New user 192.0.2.8:")
}

// TestIdleHTTP: connections of one address that do nothing leave room for others.
func TestIdleHTTP(t *testing.T) {
	s := startServer(t, "--listen", onWeb, "--max-clients", "400", "--pending-per-address", "100") // so 100 at once, 32 of an address
	_, address := s.address(0)
	refused := 0
	for range 150 {
		conn := connFrom(t, "127.0.0.2", address)
		response, _ := askOn(t, conn, "GET /nowhere HTTP/1.1\r\nHost: localhost\r\n\r\n")
		if response.StatusCode == http.StatusTooManyRequests {
			refused++
		}
	}
	if want := 150 - 32; refused != want {
		t.Errorf("%d of 150 connections of one address were refused, want %d", refused, want)
	}
	response, _ := request(t, connFrom(t, "127.0.0.3", address), getRequest("/"))
	if response.StatusCode != http.StatusOK {
		t.Errorf("the page for another address = %s, want 200", response.Status)
	}
	ana := browse(t, s, 0, "ana") // one of WebSocket is none of them
	ana.fence()
}

// TestIdleHandshakes: handshakes of one address that never go on leave room for others.
func TestIdleHandshakes(t *testing.T) {
	c := newCertificate(t)
	s := startServer(t, "--listen", c.door("line"), "--max-clients", "400", "--pending-per-address", "20", "--admin", "127.0.0.1:0")
	_, address := s.address(0)
	for range 150 {
		connFrom(t, "127.0.0.2", address)
	}
	waitFor(t, "the refusal of all but 20", func() bool {
		return scrape(t, adminOf(t, s)).sum("looproom_refused_connections_total", "reason=too-many-connections") == 130
	})
	conn := secured(t, connFrom(t, "127.0.0.3", address), c.trust(t))
	greeted(newTalker(t, "another address", conn, conn))
}

// TestRequestRate: who asks without end is told to wait, and has to connect again; others are answered.
func TestRequestRate(t *testing.T) {
	s := startServer(t, "--listen", onWeb, "--requests-per-second", "0.01", "--requests-burst", "5")
	_, address := s.address(0)
	conn := connFrom(t, "127.0.0.2", address)
	const text = "GET /nowhere HTTP/1.1\r\nHost: localhost\r\n\r\n"
	for n := range 6 { // the first one is paid for by the connection
		if response, _ := askOn(t, conn, text); response.StatusCode != http.StatusNotFound {
			t.Fatalf("request %d = %s, want 404", n+1, response.Status)
		}
	}
	response, why := askOn(t, conn, text)
	if response.StatusCode != http.StatusTooManyRequests || !strings.HasPrefix(why, "! too-many-requests ") || response.Header.Get("Retry-After") == "" {
		t.Errorf("one request too many = %s %q", response.Status, why)
	}
	if n, err := conn.Read(make([]byte, 1)); err != io.EOF {
		t.Errorf("after that the connection gives %d bytes, %v; want its end", n, err)
	}
	if response, _ := request(t, connFrom(t, "127.0.0.3", address), getRequest("/")); response.StatusCode != http.StatusOK {
		t.Errorf("the page for another address = %s, want 200", response.Status)
	}
	if response, _ := request(t, connFrom(t, "127.0.0.2", address), getRequest("/")); response.StatusCode != http.StatusOK {
		t.Errorf("the page by a new connection = %s, want 200", response.Status)
	}
}

// askOn sends a request on a connection that stays, and returns the response with its body.
func askOn(t *testing.T, conn net.Conn, text string) (*http.Response, string) {
	t.Helper()
	if err := conn.SetDeadline(time.Now().Add(patience)); err != nil {
		t.Fatal(err)
	}
	_, _ = io.WriteString(conn, text) // who is refused may have been closed
	response, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		t.Fatalf("response to %.60q: %v", text, err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatalf("response to %.60q: %v", text, err)
	}
	return response, string(body)
}

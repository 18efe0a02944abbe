//go:build linux

package main_test

import (
	"net"
	"net/http"
	"os"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// hostRequest is a request by that name.
func hostRequest(path, host string) string {
	return "GET " + path + " HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n"
}

// TestHosts: by a name that a stranger has led here nobody reads the metrics or comes into the chat, whatever the page's origin.
func TestHosts(t *testing.T) {
	machine, err := os.Hostname()
	if err != nil {
		t.Fatal(err)
	}
	s := startServer(t, "--listen", "http://localhost:0", "--admin", "127.0.0.1:0", "--host", "chat.example", "--host", "Admin.Example", "--status")
	rows := []struct {
		host    string
		allowed bool
	}{
		{"localhost", true}, {"127.0.0.1:8080", true}, {"[::1]:8080", true}, {"192.0.2.7", true}, {machine, true},
		{"chat.example", true}, {"CHAT.EXAMPLE:443", true}, {"admin.example", true},
		{"evil.example", false}, {"evil.example:8080", false}, {"chat.example.evil.example", false}, {"127.0.0.1.evil.example", false},
	}
	for _, row := range rows {
		t.Run(row.host, func(t *testing.T) {
			for _, path := range []string{"/", "/status", "/nowhere"} {
				expectHost(t, s.dial(t, 0), path, row.host, row.allowed)
			}
			for _, path := range []string{"/metrics", "/healthz", "/readyz", "/nowhere"} {
				conn, err := net.Dial("tcp", strings.TrimPrefix(adminOf(t, s), "http://"))
				if err != nil {
					t.Fatal(err)
				}
				defer conn.Close()
				expectHost(t, conn, path, row.host, row.allowed)
			}
			conn := s.dial(t, 0)
			defer conn.Close()
			upgrade := strings.Replace(upgradeRequest("Origin: http://"+row.host), "Host: localhost", "Host: "+row.host, 1)
			if row.allowed {
				expectUpgrade(t, conn, upgrade)
			} else if response, _ := request(t, conn, strings.Replace(upgrade, "keep-alive, ", "", 1)); response.StatusCode != http.StatusMisdirectedRequest {
				t.Errorf("/ws by %s = %s, want 421", row.host, response.Status)
			}
		})
	}
}

// expectHost asks for a page by that name.
func expectHost(t *testing.T, conn net.Conn, path, host string, allowed bool) {
	t.Helper()
	response, body := request(t, conn, hostRequest(path, host))
	if refused := response.StatusCode == http.StatusMisdirectedRequest; refused == allowed {
		t.Errorf("%s by %s = %s %.100q, want 421: %v", path, host, response.Status, body, !allowed)
	}
	if name, _, _ := strings.Cut(host, ":"); !allowed && !strings.Contains(body, "--host "+name+"\n") {
		t.Errorf("%s by %s says %q, want what to set", path, host, body)
	}
}

// TestHostOfACertificate: a browser that has come by a name of the door's certificate has seen that it is the server's.
func TestHostOfACertificate(t *testing.T) {
	dir := t.TempDir()
	if status, printed := makeCert(t, "--dir", dir, "--host", "chat.example"); status != 0 {
		t.Fatalf("looproom cert: %d %s", status, printed)
	}
	c := certificate{dir + "/cert.pem", dir + "/key.pem"}
	s := startServer(t, "--listen", c.door("http"))
	trust := c.trust(t)
	trust.ServerName = "chat.example"
	for host, allowed := range map[string]bool{"chat.example": true, "127.0.0.1": true, "evil.example": false} {
		expectHost(t, secured(t, s.dial(t, 0), trust), "/", host, allowed)
	}
}

// TestAnyHost: the check can be turned off.
func TestAnyHost(t *testing.T) {
	s := startServer(t, "--listen", onWeb, "--host", "*")
	expectHost(t, s.dial(t, 0), "/", "evil.example", true)
}

// TestReboundPage has a real browser take a stranger's name for the server's address: a page of that name reads nothing, and can't come into the chat.
func TestReboundPage(t *testing.T) {
	need(t, "chromium")
	s := startServer(t, "--listen", onWeb, "--listen", "line://127.0.0.1:0", "--admin", "127.0.0.1:0")
	bob := signedIn(t, s, 1, "bob")
	_, door := s.address(0)
	for _, address := range []string{door, strings.TrimPrefix(adminOf(t, s), "http://")} {
		_, port, _ := net.SplitHostPort(address)
		evil := &person{openTab(t, "http://evil.example:"+port+"/", chromedp.Flag("host-resolver-rules", "MAP evil.example 127.0.0.1")), t, "evil"}
		for _, path := range []string{"/", "/metrics"} {
			if got := evaluate[int](evil, `fetch("`+path+`").then((answer) => answer.status)`); got != http.StatusMisdirectedRequest {
				t.Errorf("the page of a stranger's name is answered with %d at %s, want 421", got, path)
			}
		}
		if got := evaluate[string](evil, `new Promise((tell) => {
			const chat = new WebSocket("ws://evil.example:`+port+`/ws");
			chat.onopen = () => tell("it is in");
			chat.onerror = () => tell("it is not");
		})`); got != "it is not" {
			t.Errorf("WebSocket by a stranger's name: %s", got)
		}
	}
	if came := bob.fence(); len(came) > 0 {
		t.Errorf("bob reads %q, want nothing", came)
	}
}

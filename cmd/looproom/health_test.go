//go:build linux

package main_test

import (
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"syscall"
	"testing"
)

// TestHealth asks a server by the tool that containers ask with.
func TestHealth(t *testing.T) {
	s := startServer(t, "--admin", "127.0.0.1:0")
	address := strings.TrimPrefix(adminOf(t, s), "http://")
	if status, stdout, stderr := outcome(t, nil, "health", "--admin", address); status != 0 || stdout != "ok\n" || stderr != "" {
		t.Errorf("health of a server that is well: status %d, %q, %q; want 0 and ok", status, stdout, stderr)
	}
	_, port, _ := net.SplitHostPort(address)
	if status, stdout, _ := outcome(t, []string{"LOOPROOM_ADMIN=0.0.0.0:" + port}, "health"); status != 0 || stdout != "ok\n" {
		t.Errorf("health by the server's own variable: status %d, %q; want 0 and ok", status, stdout)
	}
	s.signal(syscall.SIGSTOP)
	status, _, stderr := outcome(t, nil, "health", "--admin", address, "--timeout", "100ms")
	s.signal(syscall.SIGCONT)
	if status != 1 || !strings.Contains(stderr, "ask "+address) {
		t.Errorf("health of a server that is stopped: status %d, %q; want 1 and why", status, stderr)
	}
}

func TestHealthOfOthers(t *testing.T) {
	stuck := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		http.Error(w, "event loop 1 does not answer", http.StatusServiceUnavailable)
	}))
	defer stuck.Close()
	rows := []struct {
		name      string
		arguments []string
		want      string
	}{
		{"nobody", []string{"--admin", "127.0.0.1:1"}, "has looproom that --admin?"},
		{"a loop is stuck", []string{"--admin", strings.TrimPrefix(stuck.URL, "http://")}, "event loop 1 does not answer"},
		{"no port", []string{"--admin", "localhost"}, "it is no HOST:PORT"},
		{"unknown flag", []string{"--fast"}, "looproom health --help explains"},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			if status, _, stderr := outcome(t, nil, append([]string{"health"}, row.arguments...)...); status != 1 || !strings.Contains(stderr, row.want) {
				t.Errorf("health %q: status %d, %q; want 1 and %q", row.arguments, status, stderr, row.want)
			}
		})
	}
}

// TestStatusNeedsADoorForBrowsers: a setting that would show nothing is refused.
func TestStatusNeedsADoorForBrowsers(t *testing.T) {
	status, _, stderr := outcome(t, nil, "--status", "--listen", "line://127.0.0.1:0")
	if status != 1 || !strings.Contains(stderr, "add --listen http://:8080") {
		t.Errorf("--status without an http door: status %d, %q; want 1 and what to do", status, stderr)
	}
}

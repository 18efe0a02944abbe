//go:build linux

package main

import (
	"net/url"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// startSecure starts a server with a line door and a TLS door behind it, and returns the address of that and its certificate.
func startSecure(t *testing.T) (s *server, address, cert string) {
	t.Helper()
	dir := t.TempDir()
	if out, err := exec.Command(looproom, "cert", "--dir", dir).CombinedOutput(); err != nil {
		t.Fatalf("looproom cert: %v\n%s", err, out)
	}
	cert = filepath.Join(dir, "cert.pem")
	s = startServer(t, "--listen", "line+tls://127.0.0.1:0?cert="+url.QueryEscape(cert)+"&key="+url.QueryEscape(filepath.Join(dir, "key.pem")))
	return s, s.addresses[1], cert
}

func TestTLSFilter(t *testing.T) {
	t.Parallel()
	s, address, cert := startSecure(t)
	bob := s.join("bob")
	rows := []struct {
		name      string
		arguments []string
		status    int
		says      string
	}{
		{"believed", []string{"--tls", "--ca", cert, address}, 0, ""},
		{"--ca alone", []string{"--ca", cert, address}, 0, ""},
		{"not believed", []string{"--tls", address}, 1, "--ca FILE names a certificate to believe"},
		{"insecure", []string{"--insecure", address}, 0, insecureWarning},
		{"TLS with a door in clear", []string{"--tls", s.address()}, 1, "does that port speak TLS?"},
		{"in clear with a TLS door", []string{address}, 3, "! need-tls"},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			words := "hello, " + row.name
			status, _, errs := piped(t, strings.NewReader(words+"\n"), append([]string{"--name", "pipe"}, row.arguments...)...)
			if status != row.status || !strings.Contains(errs, row.says) || (row.says == "" && errs != "") {
				t.Fatalf("exit status %d, errors %q; want %d and %q", status, errs, row.status, row.says)
			}
			if row.status == 0 {
				bob.until("[pipe] " + words)
				bob.until("< The user pipe left (1 user online)")
			}
		})
	}
}

func TestTLSWindow(t *testing.T) {
	need(t, "tmux")
	t.Parallel()
	s, address, cert := startSecure(t)
	bob := s.join("bob")
	ana := chat(t, 100, 20, "--name", "ana", "--tls", "--ca", cert, address)
	ana.line("in secret")
	bob.until("[ana] in secret")
	eve := chat(t, 100, 20, "--name", "eve", "--insecure", address)
	eve.see("NOT SECURE", "someone between can")
	nobody := newScreen(t, 100, 20)
	nobody.line(loopchat + " --tls " + address)
	nobody.see("--ca FILE names a certificate to believe")
	ana.keys("C-c")
	ana.ended(0)
}

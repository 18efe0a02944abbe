//go:build linux

package main_test

import (
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// makeCert runs looproom cert and returns its exit status and what it prints.
func makeCert(t *testing.T, arguments ...string) (status int, printed string) {
	t.Helper()
	command := exec.Command(binary, append([]string{"cert"}, arguments...)...)
	var out bytes.Buffer
	command.Stdout, command.Stderr = &out, &out
	err := command.Run()
	var failed *exec.ExitError
	if err != nil && !errors.As(err, &failed) {
		t.Fatal(err)
	}
	return command.ProcessState.ExitCode(), out.String()
}

// TestCert: the pair is of the hosts that were named, and only its owner can read the key. What is there is left alone.
func TestCert(t *testing.T) {
	dir := t.TempDir()
	status, printed := makeCert(t, "--dir", dir, "--host", "chat.example.org", "--host", "192.0.2.7", "--days", "30")
	cert, key := filepath.Join(dir, "cert.pem"), filepath.Join(dir, "key.pem")
	if want := "--listen 'line+tls://:7778?cert=" + cert + "&key=" + key + "'"; status != 0 || !strings.Contains(printed, want) {
		t.Fatalf("looproom cert: status %d, printed:\n%s\nwant status 0 and %s", status, printed, want)
	}
	pair, err := tls.LoadX509KeyPair(cert, key)
	if err != nil {
		t.Fatal(err)
	}
	for _, host := range []string{"chat.example.org", "192.0.2.7"} {
		if err := pair.Leaf.VerifyHostname(host); err != nil {
			t.Error(err)
		}
	}
	if left := time.Until(pair.Leaf.NotAfter); left < 29*24*time.Hour || left > 31*24*time.Hour {
		t.Errorf("the certificate is valid for %v, want 30 days", left)
	}
	if pair.Leaf.PublicKeyAlgorithm != x509.ECDSA {
		t.Errorf("the key is of %v, want ECDSA", pair.Leaf.PublicKeyAlgorithm)
	}
	if about, err := os.Stat(key); err != nil || about.Mode() != 0o600 {
		t.Errorf("key.pem: %v, %v; want mode 0600", about.Mode(), err)
	}
	status, printed = makeCert(t, "--dir", dir)
	if status == 0 || !strings.Contains(printed, "--force replaces it") {
		t.Errorf("over a pair that is there: status %d, %q; want an error that names --force", status, printed)
	}
	if status, printed = makeCert(t, "--dir", dir, "--force"); status != 0 {
		t.Errorf("with --force: status %d, %q", status, printed)
	}
	if again, err := tls.LoadX509KeyPair(cert, key); err != nil || again.Leaf.Equal(pair.Leaf) {
		t.Errorf("after --force: %v, want another certificate", err)
	}
	if files, err := os.ReadDir(dir); err != nil || len(files) != 2 {
		t.Errorf("%d files, %v; want the pair alone", len(files), err)
	}
}

func TestCertSaysWhatIsWrong(t *testing.T) {
	rows := []struct {
		name, want string
		arguments  []string
	}{
		{"no folder", "no such file or directory", []string{"--dir", filepath.Join(t.TempDir(), "missing")}},
		{"no days", "--days: 0 is not between", []string{"--days", "0", "--dir", t.TempDir()}},
		{"no such flag", "unknown flag --hosts", []string{"--hosts", "x"}},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			if status, printed := makeCert(t, row.arguments...); status == 0 || !strings.Contains(printed, row.want) {
				t.Errorf("looproom cert %q: status %d, %q; want an error with %q", row.arguments, status, printed, row.want)
			}
		})
	}
}

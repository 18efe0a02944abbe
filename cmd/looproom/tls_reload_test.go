//go:build linux

package main_test

import (
	"crypto/tls"
	"crypto/x509"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
)

// renew replaces the certificate by another one.
func (c certificate) renew(t *testing.T) {
	t.Helper()
	if out, err := exec.Command(binary, "cert", "--force", "--dir", filepath.Dir(c.cert)).CombinedOutput(); err != nil {
		t.Fatalf("looproom cert --force: %v\n%s", err, out)
	}
}

// served is the serial number of the certificate that a new client is shown.
func served(t *testing.T, s *server, n int) string {
	t.Helper()
	conn := secured(t, s.dial(t, n), &tls.Config{InsecureSkipVerify: true})
	defer conn.Close()
	return serial(conn.ConnectionState().PeerCertificates[0])
}

func serial(c *x509.Certificate) string { return c.SerialNumber.String() }

// TestTLSCertificateChanges: SIGHUP has the certificate read again while all talk. Nobody is dropped, and newcomers see the new one.
func TestTLSCertificateChanges(t *testing.T) {
	c := newCertificate(t)
	s := startServer(t, "--listen", c.door("line"), "--listen", c.door("echo")) // who comes to the second door is in no room
	ana, bob := signedInSecure(t, s, 0, "ana", c.trust(t)), signedInSecure(t, s, 0, "bob", c.trust(t))
	ana.fence()
	heard, said := make(chan struct{}, 32), make(chan struct{})
	var enough atomic.Bool
	go func() {
		defer close(said)
		sayNumbers(ana, heard, &enough)
	}()
	listened := make(chan struct{})
	go func() {
		defer close(listened)
		expectNumbers(bob, heard)
	}()
	for range 10 {
		before := served(t, s, 1)
		c.renew(t)
		s.signal(syscall.SIGHUP)
		waitFor(t, "the new certificate", func() bool { return served(t, s, 1) != before })
	}
	enough.Store(true)
	<-said
	<-listened
	late := signedInSecure(t, s, 0, "late", c.trust(t))
	late.say("hello")
	ana.until("[late] hello")
	bob.until("[late] hello")
	told := 0
	waitFor(t, "the log to tell of 11 certificates for each of 2 doors", func() bool {
		told = strings.Count(s.log.String(), `"message":"certificate"`)
		return told >= 22
	})
	if told != 22 {
		t.Errorf("the log tells of %d certificates, want 11 for each of 2 doors", told)
	}
}

// TestTLSBrokenCertificate: a file that can't be used changes nothing, and the log says which and why.
func TestTLSBrokenCertificate(t *testing.T) {
	c := newCertificate(t)
	s := startServer(t, "--listen", c.door("line"))
	before := served(t, s, 0)
	other := newCertificate(t)
	rows := []struct {
		name, want string
		spoil      func() error
	}{
		{"no PEM", "failed to find any PEM data", func() error { return os.WriteFile(c.cert, []byte("nonsense"), 0o600) }},
		{"too long", "has more than 1", func() error { return os.WriteFile(c.cert, make([]byte, 1<<20+1), 0o600) }},
		{"another key", "private key does not match public key", func() error { return copyFile(c.cert, other.cert) }},
		{"missing", "no such file", func() error { return os.Remove(c.cert) }},
		{"a pipe", "is not a regular file", func() error { return syscall.Mkfifo(c.cert, 0o600) }},
	}
	for _, row := range rows {
		if err := row.spoil(); err != nil {
			t.Fatal(err)
		}
		s.signal(syscall.SIGHUP)
		s.awaitLog(row.want, "goes on with the certificate that it has", c.cert)
		if got := served(t, s, 0); got != before {
			t.Errorf("%s: certificate %s is served, want %s", row.name, got, before)
		}
	}
}

func copyFile(to, from string) error {
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer in.Close()
	out, err := os.Create(to)
	if err != nil {
		return err
	}
	defer out.Close()
	_, err = io.Copy(out, in)
	return err
}

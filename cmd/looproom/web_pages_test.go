//go:build linux

package main_test

import (
	"bytes"
	"compress/gzip"
	"crypto/tls"
	"io"
	"net/http"
	"os"
	"strings"
	"testing"
)

// TestCompressedPages: each file of the page is the same compressed, with the same policy, and all of them together are half as long at most.
func TestCompressedPages(t *testing.T) {
	s := startServer(t, "--listen", onWeb, "--status")
	files, err := os.ReadDir("../../loop/web/page")
	if err != nil {
		t.Fatal(err)
	}
	paths := []string{"/status", "/status/status.js"}
	for _, file := range files {
		paths = append(paths, "/"+strings.TrimSuffix(file.Name(), "index.html"))
	}
	plain, zipped := 0, 0
	for _, path := range paths {
		usual, text := request(t, s.dial(t, 0), getRequest(path))
		short, sent := request(t, s.dial(t, 0), getRequest(path, "Accept-Encoding: gzip, deflate, br, zstd"))
		if usual.StatusCode != http.StatusOK || usual.Header.Get("Content-Encoding") != "" {
			t.Fatalf("%s = %s in %q, want 200 in none", path, usual.Status, usual.Header.Get("Content-Encoding"))
		}
		for _, name := range []string{"Content-Type", "Content-Security-Policy", "X-Content-Type-Options", "Cache-Control", "Vary"} {
			if usual.Header.Get(name) != short.Header.Get(name) {
				t.Errorf("%s: %s = %q, compressed %q", path, name, usual.Header.Get(name), short.Header.Get(name))
			}
		}
		plain, zipped = plain+len(text), zipped+len(sent)
		if short.Header.Get("Content-Encoding") == "" && len(sent) < 200 {
			continue
		}
		unzipped, err := gzip.NewReader(strings.NewReader(sent))
		if err != nil {
			t.Fatalf("%s: %v", path, err)
		}
		if got, err := io.ReadAll(unzipped); err != nil || !bytes.Equal(got, []byte(text)) || short.Header.Get("Vary") != "Accept-Encoding" {
			t.Errorf("%s compressed is %d bytes, %v, Vary %q; want the same %d bytes", path, len(got), err, short.Header.Get("Vary"), len(text))
		}
	}
	if 2*zipped > plain {
		t.Errorf("%d bytes are %d compressed, want half of it at most", plain, zipped)
	}
	t.Logf("%d files of %d bytes are %d compressed", len(paths), plain, zipped)
}

// TestHSTS: a TLS door says what it was told to, with each answer, and no other door does.
func TestHSTS(t *testing.T) {
	c := newCertificate(t)
	s := startServer(t, "--listen", c.door("http", "hsts=8760h,subdomains"), "--listen", c.door("http"), "--listen", onWeb)
	for n, want := range []string{"max-age=31536000; includeSubDomains", "", ""} {
		for _, ask := range []string{getRequest("/"), getRequest("/nowhere"), hostRequest("/", "evil.example"), getRequest("/ws")} {
			conn := s.dial(t, n)
			if n < 2 {
				conn = secured(t, conn, c.trust(t))
			}
			if response, _ := request(t, conn, ask); response.Header.Get("Strict-Transport-Security") != want {
				t.Errorf("door %d, %.20q: Strict-Transport-Security = %q, want %q", n, ask, response.Header.Get("Strict-Transport-Security"), want)
			}
		}
	}
}

// TestTLSSuites: a client that knows nothing but CBC is not served; each of the others is.
func TestTLSSuites(t *testing.T) {
	c := newCertificate(t)
	s := startServer(t, "--listen", c.door("line"))
	served := 0
	for _, suite := range append(tls.CipherSuites(), tls.InsecureCipherSuites()...) {
		if suite.SupportedVersions[0] == tls.VersionTLS13 {
			continue
		}
		config := c.trust(t)
		config.MaxVersion, config.CipherSuites = tls.VersionTLS12, []uint16{suite.ID}
		err := tls.Client(s.dial(t, 0), config).Handshake()
		if err == nil {
			served++
		}
		if err == nil && strings.Contains(suite.Name, "CBC") {
			t.Errorf("%s is served", suite.Name)
		}
	}
	if served != 3 {
		t.Errorf("%d suites are served, want the three for the certificate's key", served)
	}
}

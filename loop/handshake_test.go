//go:build linux

package loop

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/pem"
	"io"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// testPair writes a certificate and its key to one file, and returns its path.
func testPair(t testing.TB) string {
	t.Helper()
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), NotAfter: time.Now().Add(time.Hour), DNSNames: []string{"localhost"}}
	cert, err := x509.CreateCertificate(rand.Reader, template, template, private.Public(), private)
	if err != nil {
		t.Fatal(err)
	}
	key, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		t.Fatal(err)
	}
	text := append(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: cert}), pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: key})...)
	path := filepath.Join(t.TempDir(), "pair.pem")
	if err := os.WriteFile(path, text, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// TestHandshakeTimeout: who doesn't go on is disconnected in time, and its slot is free again. Who has said nothing at all is told that
// TLS is spoken here.
func TestHandshakeTimeout(t *testing.T) {
	cfg := testConfig(1)
	cfg.handshakeTimeout = 300 * time.Millisecond
	s, _ := start(t, cfg)
	address := listen(t, s, "line+tls://127.0.0.1:0?cert="+testPair(t))
	rows := []struct{ name, sent, want string }{
		{"silent", "", "! need-tls this door speaks TLS: ncat --ssl 127.0.0.1 "},
		{"begun", "\x16\x03\x01\x02\x00\x01", ""},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			c, err := net.Dial("tcp", address)
			if err != nil {
				t.Fatal(err)
			}
			defer c.Close()
			if _, err := io.WriteString(c, row.sent); err != nil {
				t.Fatal(err)
			}
			if err := c.SetReadDeadline(time.Now().Add(testPatience)); err != nil {
				t.Fatal(err)
			}
			got, err := io.ReadAll(c)
			if err != nil || !strings.HasPrefix(string(got), row.want) || row.want == "" && len(got) > 0 {
				t.Errorf("told %q, %v; want %q", got, err, row.want)
			}
		})
	}
	if got := s.Clients(); got != 0 {
		t.Errorf("%d slots are in use, want none", got)
	}
}

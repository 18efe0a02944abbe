// Package selfsigned makes certificates for tests that speak TLS. It knows nothing of who uses them.
package selfsigned

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/pem"
	"math/big"
	"os"
	"path/filepath"
	"testing"
	"time"
)

// PEM makes a key, and a certificate by about that is signed with it, both as PEM. It fails the test where that can't be done.
func PEM(t testing.TB, about *x509.Certificate) (cert, key []byte) {
	t.Helper()
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	signed, err := x509.CreateCertificate(rand.Reader, about, about, private.Public(), private)
	if err != nil {
		t.Fatal(err)
	}
	secret, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		t.Fatal(err)
	}
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: signed}), pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: secret})
}

// Pair is a certificate for localhost and its key in one file. It returns the path.
func Pair(t testing.TB) (path string) {
	t.Helper()
	cert, key := PEM(t, &x509.Certificate{SerialNumber: big.NewInt(1), NotAfter: time.Now().Add(time.Hour), DNSNames: []string{"localhost"}})
	return write(t, "pair.pem", append(cert, key...))
}

// Files is PEM in a file each, and returns their paths.
func Files(t testing.TB, about *x509.Certificate) (cert, key string) {
	t.Helper()
	public, secret := PEM(t, about)
	return write(t, "cert.pem", public), write(t, "key.pem", secret)
}

func write(t testing.TB, name string, text []byte) (path string) {
	t.Helper()
	path = filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, text, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

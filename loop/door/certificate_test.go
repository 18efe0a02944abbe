//go:build linux

package door

import (
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/hex"
	"math/big"
	"testing"
	"time"

	"looproom/loop/selfsigned"
)

// TestCertificate: who shows a certificate is known by its fingerprint, at a door of IRC whoever has signed it, and also when TLS resumes what there was.
func TestCertificate(t *testing.T) {
	pair := selfsigned.Pair(t)
	ann, old := certificateOf(t, "ann", time.Now().Add(time.Hour)), certificateOf(t, "old", time.Now().Add(-time.Hour))
	for _, row := range []struct {
		name, url string
		shows     *tls.Certificate
		known     bool
	}{
		{"IRC", "irc+tls://127.0.0.1:0?cert=" + pair, &ann, true},
		{"IRC, any", "irc+tls://127.0.0.1:0?client-cert=any&cert=" + pair, &ann, true},
		{"IRC, expired", "irc+tls://127.0.0.1:0?cert=" + pair, &old, true},
		{"IRC, none shown", "irc+tls://127.0.0.1:0?cert=" + pair, nil, false},
		{"IRC, none asked for", "irc+tls://127.0.0.1:0?client-cert=none&cert=" + pair, &ann, false},
		{"lines, any", "line+tls://127.0.0.1:0?client-cert=any&cert=" + pair, &ann, true},
		{"lines", "line+tls://127.0.0.1:0?cert=" + pair, &ann, false},
	} {
		want := ""
		if row.known {
			sum := sha256.Sum256(row.shows.Certificate[0])
			want = hex.EncodeToString(sum[:])
		}
		for _, version := range []uint16{tls.VersionTLS12, tls.VersionTLS13} {
			t.Run(row.name+" "+tls.VersionName(version), func(t *testing.T) {
				f := start(t, few)
				d := f.listen(row.url)
				config := &tls.Config{InsecureSkipVerify: true, MaxVersion: version, ServerName: "localhost", ClientSessionCache: tls.NewLRUClientSessionCache(1)}
				if row.shows != nil {
					config.GetClientCertificate = func(*tls.CertificateRequestInfo) (*tls.Certificate, error) { return row.shows, nil }
				}
				for again := range 2 {
					c := tls.Client(f.dial(d, ""), config)
					if err := c.Handshake(); err != nil {
						t.Fatal(err)
					}
					a := f.next()
					if got := a.Certificate(); got != want {
						t.Errorf("the client is known by %q, want %q (resumed: %v)", got, want, c.ConnectionState().DidResume)
					}
					if resumes := again == 1 && row.shows != &old; c.ConnectionState().DidResume != resumes {
						t.Errorf("connection %d has resumed a session: %v, want %v", again, !resumes, resumes)
					}
					_, _ = a.TLS.Write([]byte("x")) // into memory; behind it TLS 1.3 has its tickets
					_, _ = a.Conn.Write(a.TLS.Take())
					if _, err := c.Read(make([]byte, 1)); err != nil {
						t.Fatal(err)
					}
				}
			})
		}
	}
	t.Run("in clear", func(t *testing.T) {
		f := start(t, few)
		f.dial(f.listen("irc://127.0.0.1:0"), "")
		if got := f.next().Certificate(); got != "" {
			t.Errorf("the client is known by %q, want nothing", got)
		}
	})
	t.Run("of another's key", func(t *testing.T) {
		stolen := certificateOf(t, "eve", time.Now().Add(time.Hour))
		stolen.Certificate = ann.Certificate
		f := start(t, few)
		c := tls.Client(f.dial(f.listen("irc+tls://127.0.0.1:0?cert="+pair), ""), &tls.Config{
			InsecureSkipVerify: true, GetClientCertificate: func(*tls.CertificateRequestInfo) (*tls.Certificate, error) { return &stolen, nil },
		})
		_, err := c.Read(make([]byte, 1))
		if err == nil || len(f.came) != 0 {
			t.Errorf("a certificate with another's key: %v, and %d came in; want an error and nobody", err, len(f.came))
		}
	})
}

// certificateOf makes one that signs itself.
func certificateOf(t *testing.T, name string, until time.Time) tls.Certificate {
	t.Helper()
	made, err := tls.X509KeyPair(selfsigned.PEM(t, &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: name}, NotBefore: until.Add(-2 * time.Hour), NotAfter: until,
	}))
	if err != nil {
		t.Fatal(err)
	}
	return made
}

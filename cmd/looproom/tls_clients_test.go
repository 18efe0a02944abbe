//go:build linux

package main_test

import (
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"math/big"
	"strings"
	"testing"
	"time"

	"looproom/loop/selfsigned"
)

// TestTLSClientCertificates: with client-ca a client needs a certificate of that authority; with client-cert=optional it needs none, but
// one that it shows must be right.
func TestTLSClientCertificates(t *testing.T) {
	server, mine, other := newCertificate(t), newClientCertificate(t), newClientCertificate(t)
	rows := []struct {
		name, options string
		shown         *certificate
		want          string // part of the error; "" for none
	}{
		{"required, shown", "client-cert=required", &mine, ""},
		{"required, not shown", "client-cert=required", nil, "certificate required"},
		{"required, of another authority", "client-cert=required", &other, "unknown certificate"},
		{"required by default", "slow=drop", nil, "certificate required"},
		{"optional, shown", "client-cert=optional", &mine, ""},
		{"optional, not shown", "client-cert=optional", nil, ""},
		{"optional, of another authority", "client-cert=optional", &other, "unknown certificate"},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			s := startServer(t, "--listen", server.door("line", "client-ca="+mine.cert, row.options))
			config := server.trust(t)
			if row.shown != nil {
				config.GetClientCertificate = func(*tls.CertificateRequestInfo) (*tls.Certificate, error) { return row.shown.load(t), nil }
			}
			conn := tls.Client(s.dial(t, 0), config)
			c := newTalker(t, "client", conn, conn)
			// In TLS 1.3 the client has done its part before the server has looked at the certificate.
			line, err := c.line()
			switch {
			case row.want == "" && (err != nil || !strings.HasPrefix(line, "> Connected")):
				t.Errorf("first line = %q, %v; want the greeting", line, err)
			case row.want != "" && (err == nil || !strings.Contains(err.Error(), row.want)):
				t.Errorf("first line = %q, %v; want an error with %q", line, err, row.want)
			}
			if row.want != "" {
				s.awaitLog(`"code":"handshake-failed"`)
			}
		})
	}
}

// newClientCertificate makes one that signs itself and is for clients.
func newClientCertificate(t *testing.T) certificate {
	t.Helper()
	cert, key := selfsigned.Files(t, &x509.Certificate{
		SerialNumber: big.NewInt(time.Now().UnixNano()), Subject: pkix.Name{CommonName: "client"}, NotAfter: time.Now().Add(time.Hour),
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth}, BasicConstraintsValid: true, IsCA: true,
	})
	return certificate{cert, key}
}

func (c certificate) load(t *testing.T) *tls.Certificate {
	pair, err := tls.LoadX509KeyPair(c.cert, c.key)
	if err != nil {
		t.Error(err)
	}
	return &pair
}

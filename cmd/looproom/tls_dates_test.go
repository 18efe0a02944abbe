//go:build linux

package main_test

import (
	"crypto/x509"
	"crypto/x509/pkix"
	"math/big"
	"testing"
	"time"

	"looproom/loop/selfsigned"
)

// certificateOf makes one that is valid between these times.
func certificateOf(t *testing.T, from, to time.Time) certificate {
	t.Helper()
	cert, key := selfsigned.Files(t, &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "dated"}, DNSNames: []string{"dated.test"}, NotBefore: from, NotAfter: to,
	})
	return certificate{cert, key}
}

// TestTLSCertificateOfAnotherTime: the server serves by it, and warns at its start that clients will not like it.
func TestTLSCertificateOfAnotherTime(t *testing.T) {
	now := time.Now()
	rows := []struct {
		name     string
		from, to time.Time
		level    string
		words    string
	}{
		{"valid", now.Add(-time.Hour), now.Add(time.Hour), `"level":"info"`, `"message":"certificate"`},
		{"expired", now.Add(-2 * time.Hour), now.Add(-time.Hour), `"level":"warn"`, "certificate has expired: clients will refuse it"},
		{"too early", now.Add(time.Hour), now.Add(2 * time.Hour), `"level":"warn"`, "certificate is not valid yet: clients will refuse it"},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			c := certificateOf(t, row.from, row.to)
			s := startServer(t, "--listen", c.door("line"))
			s.awaitLog(row.level, row.words, c.cert, `"subject":"CN=dated"`, `"names":["dated.test"]`, `"not_after":"`+row.to.UTC().Format("2006-01-02T15:04"))
			served(t, s, 0)
		})
	}
}

package session

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"os"
	"strings"
	"time"
)

// dialTimeout is how long a connection may take to stand, the handshake of TLS included.
const dialTimeout = 10 * time.Second

// Address is where a server is.
type Address struct {
	Network string // tcp or unix
	Target  string // HOST:PORT, or a path
	TLS     *tls.Config
}

// DefaultPort is the server's own.
const DefaultPort = "7777"

// ParseAddress reads HOST, HOST:PORT or unix:///PATH.
func ParseAddress(s string) (Address, error) {
	if path, ok := strings.CutPrefix(s, "unix://"); ok {
		if path == "" {
			return Address{}, fmt.Errorf("address %q: the path is missing, as in unix:///run/looproom.sock", s)
		}
		return Address{Network: "unix", Target: path}, nil
	}
	if strings.Contains(s, "://") {
		return Address{}, fmt.Errorf("address %q: want HOST:PORT or unix:///PATH", s)
	}
	host, port, err := net.SplitHostPort(s)
	if err != nil {
		host, port = strings.Trim(s, "[]"), DefaultPort
	}
	if host == "" || port == "" || strings.ContainsAny(host, " /") {
		return Address{}, fmt.Errorf("address %q: want HOST:PORT or unix:///PATH", s)
	}
	return Address{Network: "tcp", Target: net.JoinHostPort(host, port)}, nil
}

// Secure returns the address with TLS. ca is a file of certificates in PEM that are believed in the place of the system's, "" for
// those. insecure believes any.
func (a Address) Secure(ca string, insecure bool) (Address, error) {
	host, _, err := net.SplitHostPort(a.Target)
	if err != nil {
		host = "localhost"
	}
	a.TLS = &tls.Config{ServerName: host, InsecureSkipVerify: insecure, MinVersion: tls.VersionTLS12}
	if ca == "" {
		return a, nil
	}
	text, err := os.ReadFile(ca)
	if err != nil {
		return a, fmt.Errorf("--ca: %w", err)
	}
	a.TLS.RootCAs = x509.NewCertPool()
	if !a.TLS.RootCAs.AppendCertsFromPEM(text) {
		return a, fmt.Errorf("--ca: %s has no certificate in PEM", ca)
	}
	return a, nil
}

// Dial connects, and shakes hands where there is TLS.
func (a Address) Dial(ctx context.Context) (net.Conn, error) {
	ctx, cancel := context.WithTimeout(ctx, dialTimeout)
	defer cancel()
	var d net.Dialer
	conn, err := d.DialContext(ctx, a.Network, a.Target)
	if err != nil {
		return nil, fmt.Errorf("connect to %s: %w", a.Target, bare(err))
	}
	if a.TLS == nil {
		return conn, nil
	}
	secure := tls.Client(conn, a.TLS)
	if err := secure.HandshakeContext(ctx); err != nil {
		conn.Close()
		return nil, fmt.Errorf("connect to %s: %w%s", a.Target, err, advice(err))
	}
	return secure, nil
}

// DialAny connects to the first of these servers that can be had. The error says why the last one couldn't.
func DialAny(ctx context.Context, addresses []Address) (conn net.Conn, err error) {
	for _, a := range addresses {
		if conn, err = a.Dial(ctx); err == nil {
			return conn, nil
		}
	}
	if n := len(addresses); n > 1 {
		err = fmt.Errorf("none of %d servers can be reached: %w", n, err)
	}
	return nil, err
}

// bare takes off what would only say again where to.
func bare(err error) error {
	if op := (*net.OpError)(nil); errors.As(err, &op) {
		return op.Err
	}
	return err
}

// advice says what to do about a handshake that failed.
func advice(err error) string {
	var unknown x509.UnknownAuthorityError
	var record tls.RecordHeaderError
	switch {
	case errors.As(err, &unknown):
		return " (--ca FILE names a certificate to believe)"
	case errors.As(err, &record):
		return " (does that port speak TLS?)"
	}
	return ""
}

// Wrong says whether connecting again won't help before someone changes something: the server isn't who it should be.
func Wrong(err error) bool {
	var certificate *tls.CertificateVerificationError
	return errors.As(err, &certificate)
}

//go:build linux

package transport

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"encoding/binary"
	"encoding/hex"
	"math/big"
	"net"
	"strings"
	"testing"
	"time"

	"looproom/loop/logtext"
	"looproom/loop/selfsigned"
)

// client is the client's side of a TLS, in memory after the handshake as well: what it says is had from sent, and what it is sent goes to arrive.
type client struct {
	t      testing.TB
	tls    *tls.Conn
	wire   *memoryConn
	secret []byte // of its traffic, TLS 1.3 only
}

// connect returns the two sides of a TLS of that version, after the handshake.
func connect(t testing.TB, version uint16) (*TLS, *client) {
	t.Helper()
	near, far := net.Pipe()
	keys := &keyLog{}
	c := &client{t: t, wire: &memoryConn{Conn: far}}
	c.tls = tls.Client(c.wire, &tls.Config{InsecureSkipVerify: true, KeyLogWriter: keys, CipherSuites: []uint16{tls.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256}})
	s := NewTLS(near, &tls.Config{
		Certificates: []tls.Certificate{certificate(t)}, MinVersion: version, MaxVersion: version, SessionTicketsDisabled: true, DynamicRecordSizingDisabled: true,
	})
	shaken := make(chan error, 1)
	go func() { shaken <- c.tls.Handshake() }()
	if err := s.Handshake(); err != nil {
		t.Fatal(err)
	}
	if err := <-shaken; err != nil {
		t.Fatal(err)
	}
	c.wire.Conn, c.secret = nil, keys.of("CLIENT_TRAFFIC_SECRET_0")
	return s, c
}

// say returns text as it travels.
func (c *client) say(text string) []byte {
	c.t.Helper()
	if _, err := c.tls.Write([]byte(text)); err != nil {
		c.t.Fatal(err)
	}
	return c.sent()
}

// sent returns what the client has sent.
func (c *client) sent() []byte {
	out := c.wire.out
	c.wire.out = nil
	return out
}

// hear returns what the client makes of b, and the error that has ended that.
func (c *client) hear(b []byte) (string, error) {
	c.wire.in = append(c.wire.in, b...)
	var text strings.Builder
	buf := make([]byte, 4096)
	for {
		n, err := c.tls.Read(buf)
		text.Write(buf[:n])
		if err == ErrNeedInput {
			return text.String(), nil
		}
		if err != nil {
			return text.String(), err
		}
	}
}

// memoryConn is a connection until its Conn is taken away, and memory then.
type memoryConn struct {
	net.Conn
	in, out []byte
}

func (m *memoryConn) Read(b []byte) (int, error) {
	if m.Conn != nil {
		return m.Conn.Read(b)
	}
	if len(m.in) == 0 {
		return 0, ErrNeedInput
	}
	n := copy(b, m.in)
	m.in = m.in[n:]
	return n, nil
}

func (m *memoryConn) Write(b []byte) (int, error) {
	if m.Conn != nil {
		return m.Conn.Write(b)
	}
	m.out = append(m.out, b...)
	return len(b), nil
}

func (m *memoryConn) SetDeadline(time.Time) error      { return nil }
func (m *memoryConn) SetWriteDeadline(time.Time) error { return nil }
func (m *memoryConn) Close() error                     { return nil }

// keyLog is NSS's log of secrets: a label, the client's random number and the secret on each line.
type keyLog struct{ logtext.Text }

func (k *keyLog) of(label string) []byte {
	for line := range strings.Lines(k.String()) {
		if words := strings.Fields(line); len(words) == 3 && words[0] == label {
			secret, _ := hex.DecodeString(words[2])
			return secret
		}
	}
	return nil
}

// byHand makes the records of a client of TLS 1.3 that package crypto/tls never sends: RFC 8446 sections 5.2, 7.1 to 7.3.
type byHand struct {
	t      testing.TB
	secret []byte
	aead   cipher.AEAD
	iv     []byte
	seq    uint64
}

func (c *client) byHand() *byHand {
	b := &byHand{t: c.t, secret: c.secret}
	b.rekey()
	return b
}

const (
	handshakeRecord   = 22
	applicationRecord = 23
)

// record returns one of that kind, encrypted.
func (b *byHand) record(kind byte, text []byte) []byte {
	inner := append(append([]byte(nil), text...), kind)
	head := []byte{applicationRecord, 3, 3, 0, 0}
	binary.BigEndian.PutUint16(head[3:], uint16(len(inner)+b.aead.Overhead()))
	nonce := append([]byte(nil), b.iv...)
	for i := range 8 {
		nonce[len(nonce)-1-i] ^= byte(b.seq >> (8 * i))
	}
	b.seq++
	return b.aead.Seal(head, nonce, inner, head)
}

// keyUpdate returns one, behind which the client has another key. wanted has the server change its own.
func (b *byHand) keyUpdate(wanted bool) []byte {
	message := []byte{24, 0, 0, 1, 0}
	if wanted {
		message[4] = 1
	}
	record := b.record(handshakeRecord, message)
	b.secret = b.expand("traffic upd", sha256.Size)
	b.rekey()
	return record
}

func (b *byHand) rekey() {
	block, err := aes.NewCipher(b.expand("key", 16))
	if err != nil {
		b.t.Fatal(err)
	}
	if b.aead, err = cipher.NewGCM(block); err != nil {
		b.t.Fatal(err)
	}
	b.iv, b.seq = b.expand("iv", 12), 0
}

func (b *byHand) expand(label string, length int) []byte {
	b.t.Helper()
	label = "tls13 " + label
	info := append([]byte{0, byte(length), byte(len(label))}, label...)
	key, err := hkdf.Expand(sha256.New, b.secret, string(append(info, 0)), length)
	if err != nil {
		b.t.Fatal(err)
	}
	return key
}

// certificate is one for nobody in particular.
func certificate(t testing.TB) tls.Certificate {
	t.Helper()
	pair, err := tls.X509KeyPair(selfsigned.PEM(t, &x509.Certificate{SerialNumber: big.NewInt(1), NotAfter: time.Now().Add(time.Hour)}))
	if err != nil {
		t.Fatal(err)
	}
	return pair
}

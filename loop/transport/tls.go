//go:build linux

package transport

import (
	"crypto/sha256"
	"crypto/tls"
	"encoding/hex"
	"errors"
	"io"
	"net"
	"sync"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// TLS is the server's side of the TLS of a connection. NewTLS makes it.
type TLS struct {
	tls  *tls.Conn
	live net.Conn // what it reads from and writes to; nil: memory
	from net.Conn // where input comes from when there is none in memory; nil: nowhere
	in   []byte   // has come, and tls has not taken it yet; borrowed
	over bool     // CloseWrite has been called

	records records // that have come

	mu  sync.Mutex
	out []byte // has to be written: TLS's records
}

// ErrNeedInput is the error of a read in memory that needs more to have come. It looks like one of a connection that may do better later: crypto/tls
// keeps all others for ever.
var ErrNeedInput error = needInput{}

type needInput struct{}

func (needInput) Error() string   { return "no input has come yet" }
func (needInput) Temporary() bool { return true }
func (needInput) Timeout() bool   { return false }

// NewTLS returns the TLS of a connection whose handshake is to be made by live.
func NewTLS(live net.Conn, cfg *tls.Config) *TLS {
	t := &TLS{live: live}
	t.tls = tls.Server(wire{t}, cfg)
	return t
}

// Handshake makes the handshake, for which it waits. Afterwards the TLS is in memory.
func (t *TLS) Handshake() error {
	if err := t.tls.Handshake(); err != nil {
		return err
	}
	t.Detach()
	return nil
}

// Fingerprint is that of the certificate which the client has shown in its handshake, and whose key it has: its SHA-256, in hex; "" if it has shown none. Who has signed it is not
// looked at here.
func (t *TLS) Fingerprint() string {
	shown := t.tls.ConnectionState().PeerCertificates
	if len(shown) == 0 {
		return ""
	}
	sum := sha256.Sum256(shown[0].Raw)
	return hex.EncodeToString(sum[:])
}

// Attach has the TLS read from and write to live, until Detach.
func (t *TLS) Attach(live net.Conn) { t.live = live }

// Detach has it read from and write to memory. What records have come until then is nobody's affair.
func (t *TLS) Detach() {
	t.live = nil
	t.records.useless()
}

// Feed has the next reads take in as what has come. It is borrowed until the next call. While there is something in it, Divert doesn't count.
func (t *TLS) Feed(in []byte) { t.in = in }

// Divert has reads take what has come by c, without waiting for more: an upload's goroutine reads so. nil: no longer.
func (t *TLS) Divert(c net.Conn) {
	t.from = c
	if c == nil {
		t.records.useless()
	}
}

// Read reads what is decrypted, of one record at most. In memory it returns ErrNeedInput when that needs more to have come, and io.EOF when the client has said
// that nothing more comes.
func (t *TLS) Read(b []byte) (int, error) {
	n, err := t.tls.Read(b)
	if n > 0 {
		t.records.brought()
	}
	return n, err
}

// Useless is how many records have come since it was last asked that have brought nothing, where each Read has room for a whole one.
func (t *TLS) Useless() int { return t.records.useless() }

// Write encrypts b, into memory or to the connection.
func (t *TLS) Write(b []byte) (int, error) { return t.tls.Write(b) }

// CloseWrite says that nothing more comes, and returns whether that was the first time: it is said once.
func (t *TLS) CloseWrite() (first bool) {
	if t.over {
		return false
	}
	t.over = true
	_ = t.tls.CloseWrite() // it fails when TLS has failed
	return true
}

// Take returns what has to be written. It is the caller's then.
func (t *TLS) Take() []byte {
	t.mu.Lock()
	defer t.mu.Unlock()
	out := t.out
	t.out = nil
	return out
}

// PutBack returns what could not be written: a copy of rest, before all that has come behind it meanwhile.
func (t *TLS) PutBack(rest []byte) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.out = append(append(make([]byte, 0, len(rest)+len(t.out)), rest...), t.out...)
}

// Waits is how many bytes have to be written.
func (t *TLS) Waits() int {
	t.mu.Lock()
	defer t.mu.Unlock()
	return len(t.out)
}

// lend has what is encrypted next go to scratch, if nothing waits.
func (t *TLS) lend(scratch []byte) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if len(t.out) == 0 {
		t.out = scratch[:0]
	}
}

// wire is a TLS as package crypto/tls has it: the connection itself.
type wire struct{ *TLS }

// Read implements net.Conn.
func (w wire) Read(b []byte) (int, error) {
	n, err := w.receive(b)
	w.records.note(b[:n])
	return n, err
}

func (w wire) receive(b []byte) (int, error) {
	switch {
	case w.live != nil:
		return w.live.Read(b)
	case len(w.in) > 0:
		n := copy(b, w.in)
		w.in = w.in[n:]
		return n, nil
	case w.from != nil:
		return readNow(w.from, b)
	}
	return 0, ErrNeedInput
}

// Write implements net.Conn.
func (w wire) Write(b []byte) (int, error) {
	if w.live != nil {
		return w.live.Write(b)
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.out = append(w.out, b...)
	return len(b), nil
}

// Close implements net.Conn. The connection is closed elsewhere.
func (w wire) Close() error { return nil }

// LocalAddr implements net.Conn. Nobody asks for it.
func (w wire) LocalAddr() net.Addr { return nil }

// RemoteAddr implements net.Conn. Nobody asks for it.
func (w wire) RemoteAddr() net.Addr { return nil }

// SetDeadline implements net.Conn. Deadlines are set elsewhere.
func (w wire) SetDeadline(time.Time) error { return nil }

// SetReadDeadline implements net.Conn.
func (w wire) SetReadDeadline(time.Time) error { return nil }

// SetWriteDeadline implements net.Conn.
func (w wire) SetWriteDeadline(time.Time) error { return nil }

// readNow reads what has come by the connection, without waiting.
func readNow(c net.Conn, b []byte) (n int, err error) {
	raw, err := c.(syscall.Conn).SyscallConn()
	if err != nil {
		return 0, err
	}
	var failed error
	err = raw.Read(func(fd uintptr) bool {
		n, failed = unix.Read(int(fd), b)
		return true
	})
	switch {
	case err != nil:
		return 0, err
	case errors.Is(failed, unix.EAGAIN), errors.Is(failed, unix.EINTR):
		return 0, ErrNeedInput
	case failed != nil:
		return 0, failed
	case n == 0:
		return 0, io.EOF
	}
	return n, nil
}

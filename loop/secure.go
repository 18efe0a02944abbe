//go:build linux

package loop

import (
	"crypto/tls"
	"net"
	"sync"
	"time"
)

// secureConn is the TLS of a connection, and what package crypto/tls takes for the connection itself. Only during the handshake that
// waits for the client. Afterwards it is memory: the loop puts in what has come, and takes out what has to be sent.
//
// It belongs to the client's loop, but while an upload is read: then the goroutine of the upload reads from tls, and the loop goes on
// writing to it.
type secureConn struct {
	tls    *tls.Conn
	live   *handshakeConn // nil once the handshake is over
	upload net.Conn       // where input comes from while a file is uploaded, else nil
	in     []byte         // has come, and tls has not taken it yet; borrowed
	ended  bool           // the end of what is sent has been said

	records records // that have come

	mu  sync.Mutex
	out []byte // has to be sent: TLS's records
}

// needInput is the error of a read in memory that needs more to have come. It looks like one of a connection that may do better later:
// crypto/tls keeps all others for ever.
type needInput struct{}

func (needInput) Error() string   { return "no input has come yet" }
func (needInput) Temporary() bool { return true }
func (needInput) Timeout() bool   { return false }

var errNeedInput error = needInput{}

// Read implements net.Conn. It waits during the handshake only.
func (s *secureConn) Read(b []byte) (int, error) {
	n, err := s.receive(b)
	s.records.note(b[:n])
	return n, err
}

func (s *secureConn) receive(b []byte) (int, error) {
	switch {
	case s.live != nil:
		return s.live.Read(b)
	case len(s.in) > 0:
		n := copy(b, s.in)
		s.in = s.in[n:]
		return n, nil
	case s.upload != nil:
		return readNow(s.upload, b)
	}
	return 0, errNeedInput
}

// Write implements net.Conn.
func (s *secureConn) Write(b []byte) (int, error) {
	if s.live != nil {
		return s.live.Write(b)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.out = append(s.out, b...)
	return len(b), nil
}

// lend has what is written next go to scratch, if nothing is waiting.
func (s *secureConn) lend(scratch []byte) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.out) == 0 {
		s.out = scratch[:0]
	}
}

// take returns what has to be sent. It is the caller's then.
func (s *secureConn) take() []byte {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := s.out
	s.out = nil
	return out
}

// putBack returns what could not be sent: a copy of rest, before all that has been written meanwhile.
func (s *secureConn) putBack(rest []byte) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.out = append(append(make([]byte, 0, len(rest)+len(s.out)), rest...), s.out...)
}

// waits is how many bytes have to be sent.
func (s *secureConn) waits() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.out)
}

// Close implements net.Conn. The connection is closed elsewhere.
func (s *secureConn) Close() error { return nil }

// LocalAddr implements net.Conn. Nobody asks for it.
func (s *secureConn) LocalAddr() net.Addr { return nil }

// RemoteAddr implements net.Conn. Nobody asks for it.
func (s *secureConn) RemoteAddr() net.Addr { return nil }

// SetDeadline implements net.Conn. There are deadlines during the handshake only, which are set elsewhere.
func (s *secureConn) SetDeadline(time.Time) error { return nil }

// SetReadDeadline implements net.Conn.
func (s *secureConn) SetReadDeadline(time.Time) error { return nil }

// SetWriteDeadline implements net.Conn.
func (s *secureConn) SetWriteDeadline(time.Time) error { return nil }

// secure is p's TLS, nil if it talks in clear.
func (p *peer) secure() *secureConn {
	if p.rare == nil {
		return nil
	}
	return p.rare.secure
}

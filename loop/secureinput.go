//go:build linux

package loop

import (
	"errors"
	"io"

	"golang.org/x/sys/unix"
)

// maxSecureWait is how many bytes of TLS's own may wait for a client, besides one write's worth: answers to KeyUpdate, of which a client
// that doesn't read could ask for any number.
const maxSecureWait = 64 << 10

// readSecure takes bytes from p, who talks TLS. buf is borrowed.
func (l *eventLoop) readSecure(p *peer, buf []byte) {
	defer l.recovered(p)
	if p.deaf() {
		return
	}
	s := p.rare.secure
	s.in = buf
	err := l.pump(p, s)
	s.in = nil
	if p.closed() {
		return
	}
	switch {
	case errors.Is(err, errNeedInput):
	case err == io.EOF:
		l.closeConn(p, p.conn) // OnClose knows that it is the end of what p sends
		return
	default:
		l.sendLast(p, s)
		l.drop(p, "TLS: "+err.Error())
		return
	}
	l.answerSecurely(p, s)
}

// pump decrypts all that has come. Not even that much is kept back for a client whose input waits: what TLS has in hand, nobody could
// see.
func (l *eventLoop) pump(p *peer, s *secureConn) error {
	plain := l.sealing.open()
	for {
		n, err := s.tls.Read(plain)
		if n > 0 {
			l.read(p, plain[:n])
		}
		if err != nil || p.closed() {
			return err
		}
	}
}

// answerSecurely has what TLS itself has to say sent with the next flush.
func (l *eventLoop) answerSecurely(p *peer, s *secureConn) {
	waits := s.waits()
	switch {
	case waits > maxSecureWait+2*sealedAtOnce:
		l.dropSlow(p)
	case waits > 0:
		l.writer.Touch(&p.out)
	}
}

// sendLast sends an alert that says why the connection is closed, if it can be sent at once.
func (l *eventLoop) sendLast(p *peer, s *secureConn) {
	if out := s.take(); len(out) > 0 && !p.out.Full() {
		_, _ = unix.Write(p.out.Descriptor(), out) // the connection ends in any case
	}
}

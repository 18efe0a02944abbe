//go:build linux

package loop

import (
	"errors"
	"io"

	"golang.org/x/sys/unix"

	"looproom/loop/room"
	"looproom/loop/transport"
)

// maxSecureWait is how many bytes of TLS's own may wait for a client, besides one write's worth: answers to KeyUpdate, of which a client
// that doesn't read could ask for any number.
const maxSecureWait = 64 << 10

// readSecure takes bytes from p, who talks TLS. buf is borrowed.
func (l *eventLoop) readSecure(p *peer, buf []byte) {
	defer l.reactor.Recovered(p)
	if p.deaf() {
		return
	}
	s := p.rare.secure
	s.Feed(buf)
	err := l.pump(p, s)
	s.Feed(nil)
	if p.closed() {
		return
	}
	switch {
	case errors.Is(err, transport.ErrNeedInput):
	case err == io.EOF:
		l.reactor.End(p) // Ended knows that it is the end of what p sends
		return
	default:
		l.sendLast(p, s)
		l.drop(p, "TLS: "+err.Error())
		return
	}
	l.payForRecords(p, s)
	l.answerSecurely(p, s)
}

// pump decrypts all that has come. Not even that much is kept back for a client whose input waits: what TLS has in hand, nobody could
// see.
func (l *eventLoop) pump(p *peer, s *transport.TLS) error {
	plain := l.sealer.Plain()
	for {
		n, err := s.Read(plain)
		if n > 0 {
			l.readRecord(p, s, plain[:n])
		}
		if err != nil || p.closed() {
			return err
		}
	}
}

// readRecord reads the text of a record. It counts as a part of a line where no line ends in it.
func (l *eventLoop) readRecord(p *peer, s *transport.TLS, text []byte) {
	paid := p.session.Paid()
	l.inputs.read(p, text)
	p.session.PayForRecord(paid, l.server.limits.Load().lines, l.input.Now())
}

// payForRecords has p pay for the records that have brought nothing, KeyUpdates above all: each counts as a line. TLS has handled them already, and what it
// has in hand can't wait. So who owes far more than other lines that wait could is disconnected.
func (l *eventLoop) payForRecords(p *peer, s *transport.TLS) {
	limit, useless := l.server.limits.Load(), s.Useless()
	if limit.lines.Every == 0 || p.door.Echo() || p.deaf() || p.logged {
		return
	}
	now := l.input.Now()
	if useless > 0 {
		now = l.server.clock() // that one is when something came
	}
	if !p.session.PayForNothing(useless, limit.lines, now) {
		l.meter.FloodsDropped.Add(1)
		l.expel(p, room.Refusal{Why: room.EmptyRecords}, "flood")
	}
}

// answerSecurely has what TLS itself has to say sent with the next flush.
func (l *eventLoop) answerSecurely(p *peer, s *transport.TLS) {
	waits := s.Waits()
	switch {
	case waits > maxSecureWait+2*transport.SealedAtOnce:
		l.dropSlow(p)
	case waits > 0:
		l.writer.Touch(&p.out)
	}
}

// endSecurely says that nothing more comes. False: that waits to be sent.
func (l *eventLoop) endSecurely(p *peer, s *transport.TLS) bool {
	if !s.CloseWrite() || s.Waits() == 0 {
		return true
	}
	l.writer.Touch(&p.out)
	return false
}

// sendLast sends an alert that says why the connection is closed, if it can be sent at once.
func (l *eventLoop) sendLast(p *peer, s *transport.TLS) {
	if out := s.Take(); len(out) > 0 && !p.out.Full() {
		_, _ = unix.Write(p.out.Descriptor(), out) // the connection ends in any case
	}
}

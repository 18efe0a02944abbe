//go:build linux

package loop

import (
	"errors"
	"fmt"
	"io"
	"net"
	"sync/atomic"

	"golang.org/x/sys/unix"

	"looproom/loop/ending"
	"looproom/loop/room"
	"looproom/loop/transfer"
	"looproom/loop/transport"
)

// maxSecureWait is how many bytes of TLS's own may wait for a client, besides one write's worth: answers to KeyUpdate, of which a client
// that doesn't read could ask for any number.
const maxSecureWait = 64 << 10

// secured is what a loop does for those who talk TLS.
type secured struct {
	loop   *eventLoop
	sealer transport.Sealer
}

// read takes bytes from p. buf is borrowed.
func (t *secured) read(p *peer, buf []byte) {
	l := t.loop
	defer l.reactor.Recovered(p)
	if p.deaf() {
		return
	}
	s := p.rare.secure
	s.Feed(buf)
	err := t.pump(p, s)
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
		sendAlert(p, s)
		l.ends.cut(p, ending.TLS, err.Error())
		return
	}
	t.payForRecords(p, s)
	t.answer(p, s)
}

// pump decrypts all that has come. Not even that much is kept back for a client whose input waits: what TLS has in hand, nobody could
// see. A record counts as a part of a line where no line ends in it.
func (t *secured) pump(p *peer, s *transport.TLS) error {
	l, plain := t.loop, t.sealer.Plain()
	for {
		n, err := s.Read(plain)
		if n > 0 {
			paid := p.session.Paid()
			l.inputs.read(p, plain[:n])
			p.session.PayForRecord(paid, l.server.limits.Load().lines, l.input.Now())
		}
		if err != nil || p.closed() {
			return err
		}
	}
}

// payForRecords has p pay for the records that have brought nothing, KeyUpdates above all: each counts as a line. TLS has handled them already, and what it
// has in hand can't wait. So who owes far more than other lines that wait could is disconnected.
func (t *secured) payForRecords(p *peer, s *transport.TLS) {
	l, useless := t.loop, s.Useless()
	limit := l.server.limits.Load()
	if limit.lines.Every == 0 || l.server.doorOf(p).Echo() || !p.end.Heeds() {
		return
	}
	now := l.input.Now()
	if useless > 0 {
		now = l.server.clock() // that one is when something came
	}
	if !p.session.PayForNothing(useless, limit.lines, now) {
		l.meter.FloodsDropped.Add(1)
		l.ends.expel(p, room.Refusal{Why: room.EmptyRecords}, ending.Flood, "")
	}
}

// answer has what TLS itself has to say sent with the next flush.
func (t *secured) answer(p *peer, s *transport.TLS) {
	waits := s.Waits()
	switch {
	case waits > maxSecureWait+2*transport.SealedAtOnce:
		t.loop.ends.cutSlow(p)
	case waits > 0:
		t.loop.writer.Touch(&p.out)
	}
}

// seal is what is written to p for front, and of how much of it that is made; see delivery.Host.
func (t *secured) seal(p *peer, front [][]byte) (sealed []byte, took int, err error) {
	if p == nil || p.end.State() == ending.Lingering || p.secure() == nil {
		return nil, 0, nil
	}
	if sealed, took, err = t.sealer.Seal(p.secure(), front); err != nil {
		err = fmt.Errorf("TLS: %w", err)
	}
	return sealed, took, err
}

// sendAlert sends what TLS says of why the connection is closed, if it can be sent at once.
func sendAlert(p *peer, s *transport.TLS) {
	if out := s.Take(); len(out) > 0 && !p.out.Full() {
		_, _ = unix.Write(p.out.Descriptor(), out) // the connection ends in any case
	}
}

// stream is what p sends by conn while a file is uploaded. However often TLS has something to say before the loop comes to it, that is one letter.
func (t *secured) stream(p *peer, conn net.Conn) *transport.Stream {
	var asked atomic.Bool
	id := p.id()
	return p.rare.secure.Stream(conn, transfer.Socket{Conn: conn}.WaitReadable, func() {
		if asked.CompareAndSwap(false, true) {
			t.loop.reactor.Post(func() {
				asked.Store(false)
				t.answerTo(id)
			})
		}
	})
}

// answerTo has what TLS has to say to the client sent.
func (t *secured) answerTo(id room.ClientID) {
	if p := t.loop.peer(id); p != nil && !p.closed() && p.secure() != nil {
		t.answer(p, p.rare.secure)
	}
}

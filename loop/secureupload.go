//go:build linux

package loop

import (
	"errors"
	"sync/atomic"

	"looproom/loop/room"
	"looproom/loop/transfer"
	"looproom/loop/transport"
)

// secureStream is what a client sends who talks TLS, a transfer.Stream. Only what is decrypted counts.
type secureStream struct {
	socket transfer.Socket
	secure *transport.TLS
	answer func() // has the loop send what TLS itself has to say
	first  []byte // a byte that WaitReadable has taken
}

// Read implements transfer.Stream: as many records as have come and as b has room for. It waits for the first of them.
func (s *secureStream) Read(b []byte) (got int, err error) {
	got = copy(b, s.first)
	s.first = s.first[got:]
	for got < len(b) {
		n, err := s.decrypt(b[got:])
		got += n
		if err != nil && got > 0 {
			break // tls will say it again
		}
		if err := s.awaitAfter(err); err != nil {
			return 0, err
		}
	}
	return got, nil
}

// WaitReadable implements transfer.Stream.
func (s *secureStream) WaitReadable() error {
	if len(s.first) > 0 {
		return nil
	}
	one := make([]byte, 1)
	for {
		n, err := s.decrypt(one)
		if n > 0 {
			s.first = one
			return nil
		}
		if err := s.awaitAfter(err); err != nil {
			return err
		}
	}
}

// InHand implements transfer.Stream.
func (s *secureStream) InHand() []byte { return s.first }

// decrypt reads without waiting.
func (s *secureStream) decrypt(b []byte) (int, error) {
	n, err := s.secure.Read(b)
	if s.secure.Waits() > 0 {
		s.answer()
	}
	return n, err
}

// awaitAfter waits for the connection if that is what a read has failed for, and returns any other error.
func (s *secureStream) awaitAfter(err error) error {
	if errors.Is(err, transport.ErrNeedInput) {
		return s.socket.WaitReadable()
	}
	return err
}

// answererFor returns what has the loop send what TLS has to say to the client. However often it is called before the loop comes to it,
// that is one letter.
func (l *eventLoop) answererFor(id room.ClientID) func() {
	var asked atomic.Bool
	return func() {
		if asked.CompareAndSwap(false, true) {
			l.reactor.Post(func() {
				asked.Store(false)
				l.answerFor(id)
			})
		}
	}
}

// answerFor has what TLS has to say to the client sent.
func (l *eventLoop) answerFor(id room.ClientID) {
	if p := l.peer(id); p != nil && !p.closed() && p.secure() != nil {
		l.answerSecurely(p, p.rare.secure)
	}
}

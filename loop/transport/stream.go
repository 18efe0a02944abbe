//go:build linux

package transport

import (
	"errors"
	"net"
)

// Stream is what a client sends while a goroutine reads it, as that of an upload does. Only what is decrypted counts.
type Stream struct {
	tls    *TLS
	wait   func() error
	answer func()
	first  []byte // a byte that WaitReadable has taken
}

// Stream has t read from c from now on, until Divert is told otherwise. wait returns when c has something to be read, or with the error of that; answer is called when t itself has
// something to say, on the goroutine that reads.
func (t *TLS) Stream(c net.Conn, wait func() error, answer func()) *Stream {
	t.Divert(c)
	return &Stream{tls: t, wait: wait, answer: answer}
}

// Read implements io.Reader: as many records as have come and as b has room for. It waits for the first of them.
func (s *Stream) Read(b []byte) (got int, err error) {
	got = copy(b, s.first)
	s.first = s.first[got:]
	for got < len(b) {
		n, err := s.decrypt(b[got:])
		got += n
		if err != nil && got > 0 {
			break // crypto/tls will say it again
		}
		if err := s.awaitAfter(err); err != nil {
			return 0, err
		}
	}
	return got, nil
}

// WaitReadable returns once there is something to be read, or Read would fail.
func (s *Stream) WaitReadable() error {
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

// InHand is what WaitReadable has taken, and Read has not given yet. It is borrowed.
func (s *Stream) InHand() []byte { return s.first }

// decrypt reads without waiting.
func (s *Stream) decrypt(b []byte) (int, error) {
	n, err := s.tls.Read(b)
	if s.tls.Waits() > 0 {
		s.answer()
	}
	return n, err
}

// awaitAfter waits for the connection if that is what a read has failed for, and returns any other error.
func (s *Stream) awaitAfter(err error) error {
	if errors.Is(err, ErrNeedInput) {
		return s.wait()
	}
	return err
}

//go:build linux

package transfer

import (
	"errors"
	"io"
	"net"
	"sync"

	"looproom/codec"
)

// readSize is how much of an upload by WebSocket is read at once, in bytes.
const readSize = 64 << 10

// reads are buffers of readSize. An upload has one only while it has something to do: thousands that have stalled hold none.
var reads = sync.Pool{New: func() any { return new([readSize]byte) }}

// maxPongs is how many answers to the pings of one upload the loop may still have to give; until then no more is read.
const maxPongs = 8

// ClosedError is the end of an upload whose client has closed its WebSocket, with the code that it has closed by.
type ClosedError struct{ Code uint16 }

func (ClosedError) Error() string { return "closed by the client" }

// messages is an upload by WebSocket: the payload of the binary messages. It belongs to the goroutine of the upload, which has
// the client's frames for that time.
type messages struct {
	stream Stream
	frames *codec.WebSocket
	left   int64           // of the file
	plain  []byte          // of the file, in hand
	rest   []byte          // behind that, frames not looked at yet
	pace   *pace           // of the client
	pong   func([]byte)    // has a ping answered; the payload is borrowed
	pongs  chan struct{}   // one entry for each answer that the loop has still to give
	memory *[readSize]byte // what rest is in; nil while the client is waited for
	kept   []byte          // or this: the beginning of a frame, most of them of a few bytes
	broken error           // why there is no more
}

func newMessages(u *Upload, c Client, in Input, stream Stream) *messages {
	s := &messages{stream: stream, frames: in.Frames, left: u.size, rest: in.Early, pace: &u.pace, pongs: make(chan struct{}, maxPongs)}
	s.pong = func(payload []byte) {
		payload = append([]byte(nil), payload...)
		c.Post(func() {
			<-s.pongs
			c.Pong(payload)
		})
	}
	return s
}

// answerPing has a ping answered when it is its time: it counts as a line, as pings do elsewhere.
func (s *messages) answerPing(payload []byte) error {
	if !s.pace.pay() {
		return net.ErrClosed
	}
	select {
	case s.pongs <- struct{}{}:
		s.pong(payload)
		return nil
	case <-s.pace.gone:
		return net.ErrClosed
	}
}

// WaitReadable returns once there are bytes of the file, or there is an end to them.
func (s *messages) WaitReadable() error {
	for len(s.plain) == 0 && s.left > 0 && s.broken == nil {
		s.broken = s.advance()
	}
	return s.broken
}

// Read implements io.Reader.
func (s *messages) Read(b []byte) (int, error) {
	if err := s.WaitReadable(); err != nil {
		return 0, err
	}
	if s.left == 0 {
		return 0, io.EOF
	}
	n := copy(b, s.plain)
	s.plain = s.plain[n:]
	s.left -= int64(n)
	return n, nil
}

// advance takes one piece, or reads more.
func (s *messages) advance() error {
	piece, n, err := s.frames.Next(s.rest)
	s.rest = s.rest[n:]
	switch {
	case errors.Is(err, codec.ErrTooLong), piece.Kind == codec.LinePiece:
		return codec.ErrTextInFile
	case err != nil:
		return err
	case piece.Kind == codec.BinaryPiece && int64(len(piece.Bytes)) > s.left:
		return codec.ErrNotInFile
	case piece.Kind == codec.BinaryPiece:
		s.plain = piece.Bytes
	case piece.Kind == codec.PingPiece:
		return s.answerPing(piece.Bytes)
	case piece.Kind == codec.ClosePiece:
		return ClosedError{piece.Code}
	case n == 0:
		return s.more()
	}
	return nil
}

// more reads behind what makes no whole piece yet: part of a frame that is none of the file's.
func (s *messages) more() error {
	s.giveMemory()
	if err := s.stream.WaitReadable(); err != nil {
		return whole(err)
	}
	s.memory = reads.Get().(*[readSize]byte)
	have := copy(s.memory[:], s.rest)
	if have == len(s.memory) {
		return codec.ErrTextInFile // nothing else is as long
	}
	n, err := s.stream.Read(s.memory[have:])
	s.rest = s.memory[:have+n]
	if n > 0 {
		return nil
	}
	return whole(err)
}

// giveMemory gives the buffer back. What of it makes no frame yet is kept.
func (s *messages) giveMemory() {
	if s.memory == nil {
		return
	}
	s.kept = append(s.kept[:0], s.rest...)
	s.rest = s.kept
	reads.Put(s.memory)
	s.memory = nil
}

// end implements source.
func (s *messages) end() (left int64, rest []byte, broken error) {
	rest = append(append([]byte(nil), s.rest...), s.stream.InHand()...)
	left = s.left - int64(len(s.plain))
	s.plain, s.rest = nil, nil
	s.giveMemory()
	return left, rest, s.broken
}

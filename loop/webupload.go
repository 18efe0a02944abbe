//go:build linux

package loop

import (
	"errors"
	"io"
	"math"

	"looproom/codec"
	"looproom/loop/room"
)

// webReadSize is how much of an upload by WebSocket is read at once, in bytes.
const webReadSize = 64 << 10

// clientClosed is the end of an upload whose client has closed its WebSocket.
type clientClosed struct{ code uint16 }

func (clientClosed) Error() string { return "closed by the client" }

// webSource is what an upload by WebSocket is read from: the payload of the binary messages. It runs on the goroutine of the upload, which has
// the client's frames for that time.
type webSource struct {
	raw    *source // as bytes come
	frames *codec.WebSocket
	left   int64        // of the file
	plain  []byte       // of the file, in hand
	rest   []byte       // behind that, frames not looked at yet
	pong   func([]byte) // has a ping answered; the payload is borrowed
	memory []byte
	broken error // why there is no more
}

// newWebSource returns what the upload of p is read from. It takes over p's tail; raw has none of it.
func (l *eventLoop) newWebSource(p *peer, raw *source) *webSource {
	id := p.id
	s := &webSource{raw: raw, frames: &p.rare.web.frames, left: raw.left, rest: p.rare.tail}
	raw.left, p.rare.tail = math.MaxInt64, nil
	s.pong = func(payload []byte) {
		payload = append([]byte(nil), payload...)
		l.post(func() { l.pongTo(id, payload) })
	}
	return s
}

// pongTo answers a ping that came while a file was being sent.
func (l *eventLoop) pongTo(id room.ClientID, payload []byte) {
	if p := l.peer(id); p != nil {
		l.guarded(p, func() { l.pong(p, payload) })
	}
}

// WaitReadable returns once there are bytes of the file, or there is an end to them.
func (s *webSource) WaitReadable() error {
	for len(s.plain) == 0 && s.left > 0 && s.broken == nil {
		s.broken = s.advance()
	}
	return s.broken
}

// Read implements io.Reader.
func (s *webSource) Read(b []byte) (int, error) {
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
func (s *webSource) advance() error {
	piece, n, err := s.frames.Next(s.rest)
	s.rest = s.rest[n:]
	switch {
	case errors.Is(err, codec.ErrTooLong), piece.Kind == codec.LinePiece:
		return errTextInFile
	case err != nil:
		return err
	case piece.Kind == codec.BinaryPiece && int64(len(piece.Bytes)) > s.left:
		return errNoFile
	case piece.Kind == codec.BinaryPiece:
		s.plain = piece.Bytes
	case piece.Kind == codec.PingPiece:
		s.pong(piece.Bytes)
	case piece.Kind == codec.ClosePiece:
		return clientClosed{piece.Code}
	case n == 0:
		return s.more()
	}
	return nil
}

// more reads behind what makes no whole piece yet: part of a frame that is none of the file's.
func (s *webSource) more() error {
	if err := s.raw.WaitReadable(); err != nil {
		return err
	}
	if s.memory == nil {
		s.memory = make([]byte, webReadSize)
	}
	have := copy(s.memory, s.rest)
	if have == len(s.memory) {
		return errTextInFile // nothing else is as long
	}
	n, err := s.raw.Read(s.memory[have:])
	s.rest = s.memory[:have+n]
	if n > 0 {
		return nil
	}
	return err
}

// end implements incoming.
func (s *webSource) end() (left int64, rest []byte, broken error) {
	return s.left - int64(len(s.plain)), append(append([]byte(nil), s.rest...), s.raw.prefix...), s.broken
}

// breakOff ends the connection of p, whose upload broke off: in good form if the client is still there.
func (l *eventLoop) breakOff(p *peer, why error) {
	var (
		broken *codec.CloseError
		closed clientClosed
	)
	switch {
	case errors.As(why, &closed):
		l.hungUp(p, closed.code)
	case errors.As(why, &broken):
		l.hangUp(p, broken)
	default:
		l.drop(p, "upload broken off: "+why.Error())
	}
}

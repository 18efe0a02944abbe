//go:build linux

package loop

import (
	"errors"
	"io"
	"math"
	"net"
	"sync"

	"looproom/codec"
	"looproom/loop/room"
)

// webReadSize is how much of an upload by WebSocket is read at once, in bytes.
const webReadSize = 64 << 10

// webReads are buffers of webReadSize. An upload has one only while it has something to do: thousands that have stalled hold none.
var webReads = sync.Pool{New: func() any { return new([webReadSize]byte) }}

// maxPongs is how many answers to the pings of one upload the loop may still have to give; until then no more is read.
const maxPongs = 8

// clientClosed is the end of an upload whose client has closed its WebSocket.
type clientClosed struct{ code uint16 }

func (clientClosed) Error() string { return "closed by the client" }

// webSource is what an upload by WebSocket is read from: the payload of the binary messages. It runs on the goroutine of the upload, which has
// the client's frames for that time.
type webSource struct {
	raw    *source // as bytes come
	frames *codec.WebSocket
	left   int64              // of the file
	plain  []byte             // of the file, in hand
	rest   []byte             // behind that, frames not looked at yet
	pace   *pace              // of the client
	pong   func([]byte)       // has a ping answered; the payload is borrowed
	pongs  chan struct{}      // one entry for each answer that the loop has still to give
	memory *[webReadSize]byte // what rest is in; nil while the client is waited for
	kept   []byte             // or this: the beginning of a frame, most of them of a few bytes
	broken error              // why there is no more
}

// newWebSource returns what the upload of p is read from. It takes over p's tail; raw has none of it.
func (l *eventLoop) newWebSource(p *peer, u *upload, raw *source) *webSource {
	id := p.id
	s := &webSource{
		raw: raw, frames: &p.rare.web.frames, left: raw.left, rest: p.rare.tail, pace: &u.pace, pongs: make(chan struct{}, maxPongs),
	}
	raw.left, p.rare.tail = math.MaxInt64, nil
	s.pong = func(payload []byte) {
		payload = append([]byte(nil), payload...)
		l.post(func() {
			<-s.pongs
			l.pongTo(id, payload)
		})
	}
	return s
}

// answerPing has a ping answered when it is its time: it counts as a line, as pings do elsewhere.
func (s *webSource) answerPing(payload []byte) error {
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
		return s.answerPing(piece.Bytes)
	case piece.Kind == codec.ClosePiece:
		return clientClosed{piece.Code}
	case n == 0:
		return s.more()
	}
	return nil
}

// more reads behind what makes no whole piece yet: part of a frame that is none of the file's.
func (s *webSource) more() error {
	s.giveMemory()
	if err := s.raw.WaitReadable(); err != nil {
		return err
	}
	s.memory = webReads.Get().(*[webReadSize]byte)
	have := copy(s.memory[:], s.rest)
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

// giveMemory gives the buffer back. What of it makes no frame yet is kept.
func (s *webSource) giveMemory() {
	if s.memory == nil {
		return
	}
	s.kept = append(s.kept[:0], s.rest...)
	s.rest = s.kept
	webReads.Put(s.memory)
	s.memory = nil
}

// end implements incoming.
func (s *webSource) end() (left int64, rest []byte, broken error) {
	rest = append(append([]byte(nil), s.rest...), s.raw.prefix...)
	left = s.left - int64(len(s.plain))
	s.plain, s.rest = nil, nil
	s.giveMemory()
	return left, rest, s.broken
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

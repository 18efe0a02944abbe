package session

import (
	"bytes"
	"time"

	"looproom/codec"
)

// cutter cuts the stream of a client that has something else than lines. What a framing doesn't have, its cutter says by what it returns.
type cutter interface {
	// next is the next frame of buf, and how many bytes of buf it took. An Empty one that took none says that more input is needed. skip is how many bytes of a file are to
	// be dropped. It may rewrite buf.
	next(buf []byte, skip *int64) (f Frame, n int)
	// pending says whether there is a frame in hand that needs no input.
	pending() bool
	// announces says whether the next frame of buf is a line that begins with verb, as far as that can be told.
	announces(buf, verb []byte) bool
	// rest is buf, all that is left of the stream or of a burst, as a frame; nil: there is nothing in it.
	rest(buf []byte) []byte
	// silence is how it is watched for pauses, nil if they mean nothing.
	silence() *silence
	// webSocket is what cuts frames of WebSocket, nil if it has none.
	webSocket() *codec.WebSocket
}

// cut cuts the next frame of buf, as a cutter does. What a telnet client asks for is added to asks.
func (s *Session) cut(buf []byte, asks *codec.TelnetAsks) (f Frame, n int) {
	switch {
	case s.has(raw):
		return Frame{Kind: Uncut, Bytes: buf}, len(buf)
	case s.few == nil:
	case s.few.cutter != nil:
		return s.few.cutter.next(buf, &s.few.skip)
	case s.few.skip > 0:
		n = int(min(s.few.skip, int64(len(buf))))
		s.few.skip -= int64(n)
		return Frame{file: true}, n
	}
	line, n, err := s.lines.NextAsking(buf, asks)
	return textFrame(line, err), n
}

// textFrame is what a codec.Framer has returned.
func textFrame(text []byte, err error) (f Frame) {
	switch {
	case err != nil:
		f.Kind = TooLong
	case len(text) > 0:
		f.Kind, f.Bytes = Line, text
	}
	return f
}

// pending says whether s has a frame in hand that needs no input.
func (s *Session) pending() bool {
	return s.few != nil && s.few.cutter != nil && s.few.cutter.pending()
}

// announces says whether the next frame of buf is a line that begins with verb.
func (s *Session) announces(buf, verb []byte) bool {
	switch {
	case s.has(raw), s.has(noFiles):
		return false
	case s.few == nil || s.few.cutter == nil:
		return bytes.HasPrefix(buf, verb)
	}
	return s.few.cutter.announces(buf, verb)
}

// rest is buf as the last frame.
func (s *Session) rest(buf []byte) []byte {
	switch {
	case s.has(raw):
		return buf
	case s.few == nil || s.few.cutter == nil:
		return s.lines.Flush(buf)
	}
	return s.few.cutter.rest(buf)
}

// framed is what cutters have that know nothing but frames of text.
type framed struct{}

func (framed) pending() bool               { return false }
func (framed) announces(_, _ []byte) bool  { return false }
func (framed) silence() *silence           { return nil }
func (framed) webSocket() *codec.WebSocket { return nil }

// blocks cuts blocks of one size.
type blocks struct {
	codec.Fixed
	size int
	framed
}

func (b *blocks) next(buf []byte, _ *int64) (Frame, int) {
	text, n, err := b.Next(buf)
	f := textFrame(text, err)
	f.part = len(text) >= b.size // there is no NUL behind it
	return f, n
}

func (b *blocks) rest(buf []byte) []byte { return b.Flush(buf) }

// bursts cuts what comes without a pause.
type bursts struct {
	codec.Chunk
	quiet silence
	framed
}

func (b *bursts) next(buf []byte, _ *int64) (Frame, int) {
	text, n, err := b.Next(buf)
	return textFrame(text, err), n
}

func (b *bursts) rest(buf []byte) []byte { return b.Flush(buf) }
func (b *bursts) silence() *silence      { return &b.quiet }

// silence is what is known of the pauses of a client.
type silence struct {
	pause   time.Duration // so long a one ends a burst
	heardAt time.Duration // when something came last
	watched bool          // somebody is about to ask whether a burst is over
}

// messages cuts the frames of WebSocket.
type messages struct {
	stream codec.WebSocket
	idle   int // how many frames without anything in them have come in a row
	framed
}

func (m *messages) next(buf []byte, skip *int64) (f Frame, n int) {
	piece, n, err := m.stream.Next(buf)
	f = m.frame(piece, err, skip)
	if f.Kind != Empty {
		m.idle = 0
		return f, n
	}
	if n > 0 {
		m.idle++
		f.free = m.idle == 1 && n <= maxHeader // the header of a message comes before its lines
	}
	return f, n
}

// maxHeader is the longest header of a client's frame in bytes, by RFC 6455 section 5.2.
const maxHeader = 14

func (m *messages) frame(piece codec.Piece, err error, skip *int64) Frame {
	broken, _ := err.(*codec.CloseError) // errors.As would allocate for each frame
	switch {
	case broken != nil:
		return Frame{Kind: Broken, Why: broken}
	case (err != nil || piece.Kind == codec.LinePiece) && *skip > 0:
		return Frame{Kind: Broken, Why: codec.ErrTextInFile}
	case err != nil:
		return Frame{Kind: TooLong}
	case piece.Kind == codec.BinaryPiece && *skip < int64(len(piece.Bytes)):
		return Frame{Kind: Broken, Why: codec.ErrNotInFile}
	case piece.Kind == codec.BinaryPiece:
		*skip -= int64(len(piece.Bytes))
		return Frame{file: true}
	case piece.Kind == codec.LinePiece:
		return Frame{Kind: Line, Bytes: piece.Bytes}
	case piece.Kind == codec.PingPiece:
		return Frame{Kind: Ping, Bytes: piece.Bytes}
	case piece.Kind == codec.ClosePiece:
		return Frame{Kind: Close, Code: piece.Code}
	}
	return Frame{}
}

func (m *messages) pending() bool                   { return m.stream.Pending() }
func (m *messages) announces(buf, verb []byte) bool { return m.stream.HasPrefix(buf, verb) }
func (m *messages) rest([]byte) []byte              { return nil }
func (m *messages) webSocket() *codec.WebSocket     { return &m.stream }

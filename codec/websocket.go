package codec

import (
	"bytes"
	"encoding/binary"
	"unicode/utf8"
)

// MaxFrame is the longest payload that a frame of a client may have, in bytes: the largest file that a server takes by itself, in one.
const MaxFrame = 64 << 20

// Codes of a close, by RFC 6455 section 7.4.1.
const (
	CloseNormal      = 1000
	CloseGoingAway   = 1001
	CloseProtocol    = 1002
	CloseUnsupported = 1003
	CloseInvalidText = 1007
	ClosePolicy      = 1008
	CloseTooBig      = 1009
)

// CloseError is why a connection of WebSocket has to be closed.
type CloseError struct {
	Code   uint16
	Reason string // for people; at most 123 bytes
}

func (e *CloseError) Error() string { return e.Reason }

// Why a connection is closed on which files come in binary messages, each announced by a line.
var (
	ErrTextInFile = &CloseError{CloseUnsupported, "text before all bytes of the file have come"}
	ErrNotInFile  = &CloseError{CloseUnsupported, "binary data that no SEND has announced"}
)

var (
	errReserved     = &CloseError{CloseProtocol, "reserved bits are set, and no extension is in use"}
	errOpcode       = &CloseError{CloseProtocol, "reserved opcode"}
	errNoMask       = &CloseError{CloseProtocol, "a client must mask its frames"}
	errLength       = &CloseError{CloseProtocol, "the length of a frame is not written as it has to be"}
	errControl      = &CloseError{CloseProtocol, "a control frame is fragmented or longer than 125 bytes"}
	errContinuation = &CloseError{CloseProtocol, "a continuation of nothing"}
	errInterleaved  = &CloseError{CloseProtocol, "a new message within another one"}
	errCloseCode    = &CloseError{CloseProtocol, "a close with a code or a length that there can't be"}
	errNotUTF8      = &CloseError{CloseInvalidText, "text that is not UTF-8"}
	errFrameTooBig  = &CloseError{CloseTooBig, "a frame of more than 64 MiB"}
)

// PieceKind is what a Piece is.
type PieceKind uint8

// The kinds of pieces.
const (
	NoPiece     PieceKind = iota // bytes that mean nothing by themselves
	LinePiece                    // one line of a text message, without its LF; or of a binary one, if these hold lines
	BinaryPiece                  // some bytes of a binary message, not necessarily all
	PingPiece                    // its payload is to be sent back
	ClosePiece                   // the client closes, with Code
)

// Piece is what a client of WebSocket has said.
type Piece struct {
	Kind  PieceKind
	Bytes []byte // borrows the buffer or the WebSocket, until its next call
	Code  uint16 // of a close; 0: it had none
}

// WebSocket cuts the stream of one client, as it comes behind the handshake, into pieces. It is no Framer: pings and files come between
// the lines. Make it with NewWebSocket.
type WebSocket struct {
	limit    int    // longest message of lines in bytes
	noFiles  bool   // binary messages hold lines, too
	message  Opcode // of the fragmented message that is under way; OpContinuation: there is none
	final    bool   // the frame under way ends its message
	skipping bool   // the message under way holds lines, and is too long
	left     int64  // bytes to come of the frame under way, when it is binary or skipped
	key      uint32 // the mask of these
	plain    int    // bytes at the front of buf that are the rest of a message of lines, without mask
	text     []byte // fragments of a message of lines, or the rest of one when whole is true
	whole    bool
}

// NewWebSocket returns one for text messages that, with a line end behind them, have at most limit bytes.
func NewWebSocket(limit int) WebSocket {
	return WebSocket{limit: limit - 1}
}

// NewWebSocketOfLines is NewWebSocket for clients that send no files: a binary message holds lines as a text message does, but need not be UTF-8.
func NewWebSocketOfLines(limit int) WebSocket {
	return WebSocket{limit: limit - 1, noFiles: true}
}

// Pending says whether Next has a piece in hand that needs no input.
func (w *WebSocket) Pending() bool { return w.whole }

// Next returns the first piece of buf, and how many bytes of buf it took.
//
//   - NoPiece and n == 0: more input is needed. The caller keeps buf and calls again with the same bytes and more behind them.
//   - NoPiece and n > 0: these bytes make no piece. The caller calls again with buf[n:].
//   - any other kind: a piece; n may be 0 if Pending was true.
//   - ErrTooLong: once for each message of lines over the limit, whose rest later calls skip.
//   - a *CloseError: the client has broken the protocol. There is nothing to be read behind it.
//
// Next may rewrite buf, also behind n: what it has rewritten is what it expects there. It allocates only for lines in fragments.
func (w *WebSocket) Next(buf []byte) (piece Piece, n int, err error) {
	if w.whole {
		if piece = w.nextOfText(); piece.Kind != NoPiece {
			return piece, 0, nil
		}
	}
	switch {
	case w.plain > 0:
		line, n := cutLine(buf[:w.plain])
		w.plain -= n
		return linePiece(line), n, nil
	case w.left > 0:
		piece, n = w.stream(buf)
		return piece, n, nil
	}
	h, n, err := readHeader(buf)
	if n == 0 || err != nil {
		return piece, 0, err
	}
	if h.op >= OpClose {
		return control(h, n, buf)
	}
	if err = w.begin(&h); err != nil {
		return piece, 0, err
	}
	if h.op == OpBinary && !w.noFiles || w.skipping {
		w.message, w.final, w.left, w.key = h.op, h.final, h.length, h.key
		w.endFrame()
		piece, took := w.stream(buf[n:])
		return piece, n + took, nil
	}
	return w.readLines(h, n, buf)
}

// nextOfText returns the next line of a message that was fragmented.
func (w *WebSocket) nextOfText() (piece Piece) {
	for len(w.text) > 0 && piece.Kind == NoPiece {
		line, n := cutLine(w.text)
		w.text = w.text[n:]
		piece = linePiece(line)
	}
	if w.whole = len(w.text) > 0; !w.whole {
		w.text = nil
	}
	return piece
}

// HasPrefix says whether the next piece of buf is a line that begins with prefix, as far as that can be told from one frame.
func (w *WebSocket) HasPrefix(buf, prefix []byte) bool {
	switch {
	case w.whole:
		return bytes.HasPrefix(w.text, prefix)
	case w.plain > 0:
		return bytes.HasPrefix(buf[:w.plain], prefix)
	}
	h, n, err := readHeader(buf)
	if w.left > 0 || n == 0 || err != nil || h.op != OpText || h.length < int64(len(prefix)) || len(buf) < n+len(prefix) {
		return false
	}
	for i, b := range prefix {
		if buf[n+i]^byte(h.key>>(i%4*8)) != b {
			return false
		}
	}
	return true
}

// cutLine returns the first line of text, and how many bytes of text it took.
func cutLine(text []byte) (line []byte, n int) {
	if end := bytes.IndexByte(text, '\n'); end >= 0 {
		return cutReturn(text[:end]), end + 1
	}
	return cutReturn(text), len(text)
}

func linePiece(line []byte) Piece {
	if len(line) == 0 {
		return Piece{}
	}
	return Piece{Kind: LinePiece, Bytes: line}
}

// begin looks whether a message may be followed by that frame. The opcode of a continuation becomes that of its message.
func (w *WebSocket) begin(h *frameHeader) error {
	switch {
	case h.op != OpContinuation && w.message != OpContinuation:
		return errInterleaved
	case h.op == OpContinuation && w.message == OpContinuation:
		return errContinuation
	case h.op == OpContinuation:
		h.op = w.message
	}
	return nil
}

// stream takes bytes of a frame that needn't come as a whole.
func (w *WebSocket) stream(buf []byte) (piece Piece, n int) {
	n = int(min(w.left, int64(len(buf))))
	if n == 0 {
		return piece, 0
	}
	if !w.skipping {
		w.key = unmask(buf[:n], w.key)
		piece = Piece{Kind: BinaryPiece, Bytes: buf[:n]}
	}
	w.left -= int64(n)
	w.endFrame()
	return piece, n
}

// endFrame ends the message, if it is at its end.
func (w *WebSocket) endFrame() {
	if w.left == 0 && w.final {
		w.message, w.skipping = OpContinuation, false
	}
}

// readLines reads a frame of a message of lines, whose header is the first n bytes of buf.
func (w *WebSocket) readLines(h frameHeader, n int, buf []byte) (piece Piece, took int, err error) {
	if h.length > int64(w.limit-len(w.text)) {
		w.text, w.skipping = nil, true
		w.message, w.final, w.left, w.key = h.op, h.final, h.length, h.key
		w.endFrame()
		return piece, n, ErrTooLong
	}
	end := n + int(h.length)
	if len(buf) < end {
		return piece, 0, nil
	}
	payload := buf[n:end]
	unmask(payload, h.key)
	if h.final && len(w.text) == 0 {
		w.message = OpContinuation
		if h.op == OpText && !utf8.Valid(payload) {
			return piece, 0, errNotUTF8
		}
		w.plain = len(payload)
		return piece, n, nil
	}
	w.message, w.text = h.op, append(w.text, payload...)
	if h.final {
		w.message, w.whole = OpContinuation, true
		if h.op == OpText && !utf8.Valid(w.text) {
			return piece, 0, errNotUTF8
		}
	}
	return piece, end, nil
}

// frameHeader is that of a client's frame.
type frameHeader struct {
	op     Opcode
	final  bool
	length int64
	key    uint32
}

// readHeader reads the header at the front of buf; n == 0 with a nil error means that more input is needed.
func readHeader(buf []byte) (h frameHeader, n int, err error) {
	if len(buf) < 2 {
		return h, 0, nil
	}
	h.op, h.final = Opcode(buf[0]&0xf), buf[0]&finalBit != 0
	if err := checkStart(h, buf); err != nil {
		return h, 0, err
	}
	switch h.length, n = int64(buf[1]&^maskBit), 2; {
	case h.length == length16 && len(buf) >= 4:
		h.length, n = int64(binary.BigEndian.Uint16(buf[2:])), 4
	case h.length == length64 && len(buf) >= 10:
		h.length, n = int64(binary.BigEndian.Uint64(buf[2:])), 10
	case h.length >= length16:
		return h, 0, nil
	}
	switch {
	case h.length < 0, n == 4 && h.length < length16, n == 10 && h.length <= 0xffff:
		return h, 0, errLength
	case h.length > MaxFrame:
		return h, 0, errFrameTooBig
	case len(buf) < n+4:
		return h, 0, nil
	}
	h.key = binary.LittleEndian.Uint32(buf[n:])
	return h, n + 4, nil
}

// checkStart looks at the first two bytes of a frame.
func checkStart(h frameHeader, buf []byte) error {
	switch {
	case buf[0]&reservedBit != 0:
		return errReserved
	case h.op > OpBinary && h.op < OpClose || h.op > OpPong:
		return errOpcode
	case buf[1]&maskBit == 0:
		return errNoMask
	case h.op >= OpClose && (!h.final || buf[1]&^maskBit > maxControl):
		return errControl
	}
	return nil
}

// control reads a control frame, whose header is the first n bytes of buf.
func control(h frameHeader, n int, buf []byte) (piece Piece, took int, err error) {
	end := n + int(h.length)
	if len(buf) < end {
		return piece, 0, nil
	}
	payload := buf[n:end]
	unmask(payload, h.key)
	switch h.op {
	case OpPing:
		return Piece{Kind: PingPiece, Bytes: payload}, end, nil
	case OpClose:
		code, err := closeCode(payload)
		return Piece{Kind: ClosePiece, Code: code}, end, err
	}
	return piece, end, nil
}

// closeCode reads the payload of a close.
func closeCode(payload []byte) (code uint16, err error) {
	if len(payload) == 0 {
		return 0, nil
	}
	if len(payload) == 1 {
		return 0, errCloseCode
	}
	code = binary.BigEndian.Uint16(payload)
	switch {
	case code < 1000, code >= 1004 && code <= 1006, code >= 1015 && code < 3000, code >= 5000:
		return 0, errCloseCode
	case !utf8.Valid(payload[2:]):
		return 0, errNotUTF8
	}
	return code, nil
}

package dialogue

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"

	"looproom/codec"
)

// NewWebSocket returns a stage for a server with an http door at addr, as NewTCP does for one with a line door. A dialogue in which a client
// closes its sending side alone, or sends what is no text, can't be played on it.
func NewWebSocket(addr string) *TCP {
	return &TCP{addr: addr, overWeb: true, conns: map[string]*conn{}}
}

// WebSocket is a client's side of WebSocket behind the handshake, as a stream of lines: each line that is written goes out as a text message, and
// each that comes is read with an LF behind it. Bytes of files stand among them as they are. One goroutine may read and one may write.
type WebSocket struct {
	net.Conn
	in     *bufio.Reader
	begun  []byte // a line that was written without its end
	ready  []byte // has come and is to be read
	closed bool   // the server's close has come

	// Code and Reason are of the server's close, once a read has returned io.EOF; 0 is none.
	Code   uint16
	Reason string

	Protocol string // the subprotocol that the server has chosen; "": none
}

// OpenWebSocket does the handshake on a connection, with these lines of header besides, each with its end. The error tells what the server has
// answered if it doesn't want it.
func OpenWebSocket(c net.Conn, header string) (*WebSocket, error) {
	request := "GET /ws HTTP/1.1\r\nHost: " + c.RemoteAddr().String() + "\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n" +
		"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n" + header + "\r\n"
	if _, err := io.WriteString(c, request); err != nil {
		return nil, err
	}
	w := &WebSocket{Conn: c, in: bufio.NewReaderSize(c, 32<<10)}
	response, err := http.ReadResponse(w.in, &http.Request{Method: http.MethodGet})
	if err != nil {
		return nil, err
	}
	// RFC 6455 section 1.3 has the answer to this key.
	if response.StatusCode == http.StatusSwitchingProtocols && response.Header.Get("Sec-WebSocket-Accept") == "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=" {
		w.Protocol = response.Header.Get("Sec-WebSocket-Protocol")
		return w, nil
	}
	defer response.Body.Close()
	body, _ := io.ReadAll(response.Body)
	return nil, fmt.Errorf("%s: %s", response.Status, bytes.TrimSpace(body))
}

// Write implements io.Writer: it sends the whole lines, and keeps an unfinished one.
func (w *WebSocket) Write(b []byte) (int, error) {
	w.begun = append(w.begun, b...)
	var out []byte
	for {
		line, rest, ended := bytes.Cut(w.begun, []byte{'\n'})
		if !ended {
			break
		}
		out = codec.AppendMaskedFrame(out, codec.OpText, rand.Uint32(), line)
		w.begun = rest
	}
	_, err := w.Conn.Write(out)
	return len(b), err
}

// WriteFrame sends one frame of a client's.
func (w *WebSocket) WriteFrame(op codec.Opcode, payload []byte) error {
	_, err := w.Conn.Write(codec.AppendMaskedFrame(nil, op, rand.Uint32(), payload))
	return err
}

// Read implements io.Reader. After the server's close, which it answers, it returns io.EOF.
func (w *WebSocket) Read(b []byte) (int, error) {
	for len(w.ready) == 0 {
		if w.closed {
			return 0, io.EOF
		}
		if err := w.next(); err != nil {
			return 0, err
		}
	}
	n := copy(b, w.ready)
	w.ready = w.ready[n:]
	return n, nil
}

// next reads a frame. What is there of a small one stays for the next time if the rest doesn't come in time.
func (w *WebSocket) next() error {
	start, err := w.in.Peek(2)
	if err != nil {
		return err
	}
	header := map[byte]int{126: 4, 127: 10}[start[1]]
	if start, err = w.in.Peek(max(header, 2)); err != nil {
		return err
	}
	op, size := codec.Opcode(start[0]&0xf), codec.FrameSize(start)
	if _, err = w.in.Peek(min(size, w.in.Size())); err != nil {
		return err
	}
	frame := make([]byte, size)
	if _, err = io.ReadFull(w.in, frame); err != nil {
		return err
	}
	switch payload := frame[max(header, 2):]; op {
	case codec.OpText:
		w.ready = append(payload, '\n')
	case codec.OpBinary:
		w.ready = payload
	case codec.OpPong:
	case codec.OpClose:
		return w.close(payload)
	default:
		return errors.New("the server sent a frame of another kind")
	}
	return nil
}

// close answers the server's close.
func (w *WebSocket) close(payload []byte) error {
	w.closed = true
	if len(payload) >= 2 {
		w.Code, w.Reason = binary.BigEndian.Uint16(payload), string(payload[2:])
	}
	_ = w.WriteFrame(codec.OpClose, payload) // it may have closed already
	return nil
}

// CloseWrite is what a client of WebSocket can't do.
func (*WebSocket) CloseWrite() error {
	return errors.New("a WebSocket has no sending side that could be closed alone")
}

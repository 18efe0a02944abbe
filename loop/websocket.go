//go:build linux

package loop

import (
	"errors"

	"looproom/codec"
	"looproom/loop/room"
	"looproom/loop/transfer"
)

// webSocket is what a peer of an http door has besides: how its stream is cut, and how it ends.
type webSocket struct {
	frames codec.WebSocket
	ending bool   // it is known by which code it ends
	code   uint16 // of the close; 0: it has none
	reason string
	ended  bool // the close is on its way
}

// web is p's side of WebSocket, nil if it doesn't talk by one.
func (p *peer) web() *webSocket {
	if p.rare == nil {
		return nil
	}
	return p.rare.web
}

// pieces is frames for p who talks by WebSocket.
func (l *eventLoop) pieces(p *peer, w *webSocket, buf []byte) []byte {
	limit := l.server.limits.Load()
	limited, nothing := limit.lines.Every > 0, 0
	for (len(buf) > 0 || w.frames.Pending()) && p.hold == holdsNothing {
		if l.mustWait(p, buf) {
			break
		}
		if p.deaf() || w.ending {
			return nil
		}
		if l.turnIsOver(p) || limited && p.rare.skip == 0 && !l.mayHandle(p, limit, buf) {
			break
		}
		piece, n, err := w.frames.Next(buf)
		if n == 0 && piece.Kind == codec.NoPiece && err == nil {
			break
		}
		buf = buf[n:]
		switch isLine := piece.Kind == codec.LinePiece || piece.Kind == codec.PingPiece || err != nil; {
		case isLine:
			nothing = 0
		default:
			nothing++
		}
		if limited && piece.Kind != codec.BinaryPiece && nothing != 1 { // the header of a message comes before its lines
			l.payFor(p, limit, nothing == 0)
		}
		l.piece(p, piece, err)
	}
	return buf
}

// piece does what one piece says.
func (l *eventLoop) piece(p *peer, piece codec.Piece, err error) {
	switch {
	case err != nil:
		l.notAPiece(p, err)
	case piece.Kind == codec.LinePiece && p.rare.skip > 0:
		l.hangUp(p, transfer.ErrTextInFile)
	case piece.Kind == codec.LinePiece:
		l.handle(p, piece.Bytes)
	case piece.Kind == codec.BinaryPiece && p.rare.skip < int64(len(piece.Bytes)):
		l.hangUp(p, transfer.ErrNotInFile)
	case piece.Kind == codec.BinaryPiece:
		p.rare.skip -= int64(len(piece.Bytes))
	case piece.Kind == codec.PingPiece:
		l.pong(p, piece.Bytes)
	case piece.Kind == codec.ClosePiece:
		l.hungUp(p, piece.Code)
	}
}

// notAPiece is when a message is too long, or the client has broken the protocol.
func (l *eventLoop) notAPiece(p *peer, err error) {
	var broken *codec.CloseError
	switch {
	case errors.As(err, &broken):
		l.hangUp(p, broken)
	case p.rare.skip > 0:
		l.hangUp(p, transfer.ErrTextInFile)
	default:
		l.frame(p, nil, err)
	}
}

// pong answers a ping.
func (l *eventLoop) pong(p *peer, payload []byte) {
	if p.deaf() {
		return
	}
	l.text = codec.AppendFrameHeader(l.text[:0], codec.OpPong, len(payload))
	l.text = append(l.text, payload...)
	l.writer.Send(&p.out, l.text)
}

// hangUp ends p's connection because of what it has sent, behind all that it is owed.
func (l *eventLoop) hangUp(p *peer, why *codec.CloseError) {
	l.logEnd(p, "WebSocket: "+why.Reason)
	l.endBy(p, why.Code, why.Reason)
}

// hungUp is when the client has closed, with that code.
func (l *eventLoop) hungUp(p *peer, code uint16) {
	l.logEnd(p, "closed by the client")
	l.endBy(p, code, "")
}

// endBy ends p's connection by that code. From now on nothing that it sends counts.
func (l *eventLoop) endBy(p *peer, code uint16, reason string) {
	w := p.rare.web
	w.ending, w.code, w.reason = true, code, reason
	p.dropTail()
	cmd := l.command(p.id, room.Disconnect)
	l.submit(&cmd)
}

// endWeb says that nothing more comes. False: that is not sent yet.
func (l *eventLoop) endWeb(p *peer, w *webSocket) bool {
	if w.ended {
		return true
	}
	w.ended = true
	switch {
	case w.ending:
	case l.draining:
		w.code, w.reason = codec.CloseGoingAway, "the server is shutting down"
	case p.logged:
		w.code, w.reason = codec.ClosePolicy, "disconnected by the server"
	default:
		w.code, w.reason = codec.CloseNormal, "bye"
	}
	l.writer.Send(&p.out, codec.AppendCloseFrame(nil, w.code, w.reason))
	return false
}

//go:build linux

package loop

import (
	"looproom/codec"
	"looproom/loop/room"
)

// webSocket is what a peer of an http door has besides: how it ends.
type webSocket struct {
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
	p.session.End()
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

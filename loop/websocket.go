//go:build linux

package loop

import (
	"looproom/codec"
	"looproom/loop/ending"
)

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
func (e *ends) hangUp(p *peer, why *codec.CloseError) {
	p.more().closeBy = why
	e.leave(p, ending.WebSocket, why.Reason)
}

// hungUp is when the client has closed, with that code.
func (e *ends) hungUp(p *peer, code uint16) {
	p.more().closeBy = &codec.CloseError{Code: code}
	e.leave(p, ending.ClosedByClient, "")
}

// Closes that say no more than the reason of an end does.
var (
	closeGoingAway = &codec.CloseError{Code: codec.CloseGoingAway, Reason: "the server is shutting down"}
	closePolicy    = &codec.CloseError{Code: codec.ClosePolicy, Reason: "disconnected by the server"}
	closeNormal    = &codec.CloseError{Code: codec.CloseNormal, Reason: "bye"}
)

// closesBy is the close by which p's WebSocket ends.
func (p *peer) closesBy(draining bool) *codec.CloseError {
	switch {
	case p.rare != nil && p.rare.closeBy != nil:
		return p.rare.closeBy
	case draining:
		return closeGoingAway
	case p.end.Why() != ending.None:
		return closePolicy
	}
	return closeNormal
}

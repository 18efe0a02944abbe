//go:build linux

package loop

import (
	"looproom/loop/ending"
	"looproom/loop/session"
)

// endOfInput is when the client has closed its sending side, or its connection altogether: nobody can tell the one from the other
// before something is written. gnet closes its descriptor now; what p is still owed goes out by one of our own.
func (e *ends) endOfInput(p *peer) {
	l := e.loop
	e.note(p, p.end.InputEnds(), "")
	switch {
	case p.closed():
		return
	case l.server.doorOf(p).Pages() && p.upload() == nil:
		e.cut(p, ending.ClosedByClient, "") // a browser can't close its sending side alone
		return
	case l.server.doorOf(p).Echo():
		l.writer.Send(&p.out, p.session.Last().Bytes)
		l.weigh(p)
		e.note(p, p.end.Handled(), "")
	default:
		if p.session.Hold() == session.Nothing && p.end.Heeds() {
			l.inputs.goThrough(p, l.server.clock(), nil) // it may have waited until just now
		}
		e.handled(p)
	}
	if p.upload() != nil && !p.closed() {
		l.transfers.takeOver(p)
		return
	}
	l.writer.Flush(&p.out)
	if !p.closed() {
		e.keepWriting(p)
	}
}

// resumed is when the input of p, which had waited, has been gone through.
func (e *ends) resumed(p *peer) {
	switch {
	case !p.end.InputOver() || p.closed():
	case p.upload() != nil:
		e.loop.transfers.takeOver(p)
	default:
		e.handled(p)
	}
}

// handled handles what has no end of the last that p has sent, and then tells the room that nothing more comes, unless some of its input still waits. Who numbers lines
// sends again what was not confirmed: else a part of a line would be said in the line's place, or besides.
func (e *ends) handled(p *peer) {
	if p.session.Hold() != session.Nothing {
		return
	}
	l := e.loop
	switch f := p.session.Last(); {
	case p.deaf():
	case f.Kind == session.Stranger:
		l.inputs.refuseProtocol(p, f.Opening)
	case f.Kind == session.Line && l.inputs.understand(p, f.Bytes) && !p.session.Numbers():
		l.inputs.obey(p)
	}
	if p.session.Hold() == session.Nothing {
		e.note(p, p.end.Handled(), "")
	}
}

// keepWriting gives p a descriptor of its own.
func (e *ends) keepWriting(p *peer) {
	fd, err := p.Dup()
	if err != nil {
		e.cut(p, ending.Broken, err.Error())
		return
	}
	e.loop.replace(p, fd)
}

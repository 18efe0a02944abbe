//go:build linux

package loop

import (
	"looproom/loop/ending"
	"looproom/loop/room"
	"looproom/loop/session"
)

// answered is when a client that speaks IRC has been told all that one of its lines leads to.
func answered(l effects, p *peer, e *room.Event) {
	c := p.irc()
	if c == nil {
		return
	}
	before := c.Set()
	l.fanOut.tell(p, e)
	if c.Set() != before {
		p.readIRC()
		l.fanOut.mirror.reform(p)
	}
	over(l, p)
	if !l.isHome() && !c.Waits() {
		l.inputs.resume(p, session.ForHome)
	}
}

// over ends p's connection, if it speaks IRC and has been told that.
func over(l effects, p *peer) {
	if c := p.irc(); c != nil && c.Over() {
		l.ends.leave(p, ending.None, "")
	}
}

// endAsk ends what p, who speaks IRC, has asked the server's accounts: they have answered.
func endAsk(l *eventLoop, p *peer) {
	c := p.irc()
	if c == nil {
		return
	}
	if tag := c.Asks(); tag != 0 {
		cmd := l.server.command(p.id(), room.Reply)
		cmd.Tag, cmd.Last = tag, true
		l.submitNew(cmd)
	}
}

//go:build linux

package loop

import (
	"time"

	"looproom/loop/dialect/irc"
	"looproom/loop/remote"
	"looproom/loop/room"
	"looproom/loop/session"
)

// inputs is the loop where it has the input of its clients gone through, and does what their frames say.
type inputs struct{ *eventLoop }

// read takes bytes from p. buf is borrowed.
func (l inputs) read(p *peer, buf []byte) {
	if !p.end.Heeds() || l.draining {
		return
	}
	now := l.server.clock()
	l.meter.Begin(now)
	l.goThrough(p, now, buf)
	l.checkRecvq(p)
}

// goThrough handles what of p's input waits, and buf behind it, as far as it may be handled now.
func (l inputs) goThrough(p *peer, now time.Duration, buf []byte) {
	l.input.BeginTurn(now)
	l.input.Read(&p.session, l.server.limits.Load().lines, now, buf)
	for l.input.Has() && !l.mustWait(p) && !p.deaf() && l.heed(p, l.input.Next()) {
	}
	if p.deaf() {
		p.session.End()
	}
	l.input.Keep()
	l.weigh(p)
	l.watchPause(p)
}

// heed does what f says, and says whether there may be more.
func (l inputs) heed(p *peer, f session.Frame) (more bool) {
	if f.Reply != nil {
		cmd := l.server.command(p.id(), room.Reply)
		cmd.Text = string(f.Reply)
		l.submitNew(cmd)
	}
	switch f.Kind {
	case session.Done:
		return false
	case session.Wait:
		l.waits(p, f.At)
		return false
	case session.Line:
		l.handle(p, f.Bytes)
	case session.TooLong:
		if c := p.irc(); c != nil {
			c.TooLong(func(cmd *room.Command) { obeyIRC(l, p, cmd) })
			return true
		}
		l.refuse(p, room.Refusal{Why: room.LineOverLimit, N: int64(l.server.cfg.MaxLine)})
	case session.Uncut:
		l.echo(p, f)
	case session.Ping:
		l.pong(p, f.Bytes)
	case session.Close:
		l.ends.hungUp(p, f.Code)
	case session.Broken:
		l.ends.hangUp(p, f.Why)
	case session.Stranger:
		l.refuseProtocol(p, f.Opening)
	}
	return true
}

// echo sends f back, at once if nothing waits for p. No more than answersMost of it is kept: the rest waits as input.
func (l inputs) echo(p *peer, f session.Frame) {
	n, err := l.writer.WriteNow(&p.out, f.Bytes)
	for rest := f.Bytes[n:]; err == nil && len(rest) > 0 && !p.deaf(); rest = rest[n:] {
		if p.out.Answers() >= answersMost {
			l.writer.Flush(&p.out)
		}
		if n = min(len(rest), answersMost-p.out.Answers()); n <= 0 {
			l.input.Unread(f, len(rest))
			l.holdForReader(p)
			return
		}
		l.writer.Send(&p.out, rest[:n])
	}
}

// handle does what a line says.
func (l inputs) handle(p *peer, line []byte) {
	if c := p.irc(); c != nil {
		hearIRC(l, p, c, line)
		return
	}
	if l.understand(p, line) {
		l.obey(p)
	}
}

// understand reads frame into l.cmd, and says whether there is something in it.
func (l inputs) understand(p *peer, frame []byte) bool {
	plant(frame)
	l.meter.Tally.Lines++
	l.cmd = l.server.command(p.id(), 0)
	said := native.Parse(frame, &l.cmd)
	if l.cmd.Numbers() {
		p.session.Number()
	}
	return said
}

// obey does what p says by l.cmd.
func (l inputs) obey(p *peer) {
	if l.server.cluster != nil && answersHere(l.eventLoop, p) {
		return
	}
	switch l.cmd.Verb {
	case room.Send, room.Files, room.Get:
		if !l.server.doorOf(p).TakesFiles() {
			l.refuse(p, room.Refusal{Why: room.FilesNeedLines})
			return
		}
		if l.cmd.Verb == room.Send {
			p.session.HoldFor(session.ForUpload)
		}
	case room.Join:
		if key, ok := remote.KeyOf(p.address); ok {
			l.cmd.Group = key.Number()
		}
	case room.Refuse:
		if l.server.doorOf(p).TakesFiles() && l.cmd.N > 0 {
			p.session.Skip(l.cmd.N) // the bytes of a SEND that is none
		}
	}
	switch {
	case l.cmd.Verb.Asks():
		p.session.HoldFor(session.ForAnswer)
	case !atOnce(l.eventLoop) && l.cmd.Verb.AnswersLong():
		p.session.HoldFor(session.ForHome)
	}
	l.submit(&l.cmd)
}

// hearIRC does what a line of p's says.
func hearIRC(l inputs, p *peer, c *irc.Client, line []byte) {
	plant(line)
	l.meter.Tally.Lines++
	p.rare.irc.heard, p.rare.irc.pinged = l.server.clock(), false
	c.Hear(line, func(cmd *room.Command) { obeyIRC(l, p, cmd) })
	if i := p.rare.irc; c.Opens() != i.grown {
		i.grown, i.grownAt = c.Opens(), i.heard
	}
	afterIRC(l, p, c)
}

// obeyIRC does what p says by cmd.
func obeyIRC(l inputs, p *peer, cmd *room.Command) {
	now := l.server.command(p.id(), cmd.Verb)
	cmd.Client, cmd.At, cmd.Wall = now.Client, now.At, now.Wall
	l.cmd = *cmd
	l.obey(p)
}

// afterIRC has the input of p wait if it must: its next line means what the answer to the last one makes of it.
func afterIRC(l inputs, p *peer, c *irc.Client) {
	if !atOnce(l.eventLoop) && c.Waits() && p.session.Hold() == session.Nothing {
		p.session.HoldFor(session.ForHome)
	}
}

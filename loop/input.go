//go:build linux

package loop

import (
	"time"

	"looproom/loop/meter"
	"looproom/loop/room"
	"looproom/loop/session"
	"looproom/loop/unit"
)

func (l *eventLoop) open(p *peer) {
	p.opened = true
	l.writer.Open(&p.out, uint64(p.id), p.Conn.Descriptor(), p.door.form(true), p.door.url.skip)
	if p.secure() != nil {
		l.writer.Seal(&p.out)
	}
	slot := int(p.id.Slot())
	for len(l.peers) <= slot {
		l.peers = append(l.peers, nil)
	}
	l.peers[slot] = p
	p.become(meter.Guest)
	if !p.door.url.echo() {
		l.introduce(p)
	}
	if early := p.session.Waiting(); early > 0 && !l.draining {
		l.meter.Tally.BytesIn += uint64(early)
		l.read(p, nil)
	}
	if p.secure() != nil {
		l.readSecure(p, nil) // something may have come with the end of the handshake
	}
}

// introduce brings p into the room.
func (l *eventLoop) introduce(p *peer) {
	cmd := l.command(p.id, room.Connect)
	cmd.Name, cmd.Text = l.server.guestNames.Of(p.address), p.address
	if from, ok := p.remote(); ok {
		if _, hasAddress := from.Address(); !hasAddress {
			cmd.Text = from.String()
		}
	}
	l.submit(&cmd)
	l.answers.Came(p.id)
	if l.draining {
		l.sayClosing(p)
	}
}

// read takes bytes from p. buf is borrowed.
func (l *eventLoop) read(p *peer, buf []byte) {
	if p.deaf() || p.logged || l.draining {
		return
	}
	now := l.server.clock()
	l.meter.Begin(now)
	l.goThrough(p, now, buf)
	l.checkRecvq(p)
}

// goThrough handles what of p's input waits, and buf behind it, as far as it may be handled now.
func (l *eventLoop) goThrough(p *peer, now time.Duration, buf []byte) {
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
func (l *eventLoop) heed(p *peer, f session.Frame) (more bool) {
	if f.Reply != nil {
		cmd := l.command(p.id, room.Reply)
		cmd.Text = string(f.Reply)
		l.submit(&cmd)
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
		l.refuse(p, room.LineTooLong, "a line has at most "+unit.Size(l.server.cfg.MaxLine).Words()+"; it was dropped")
	case session.Uncut:
		l.echo(p, f)
	case session.Ping:
		l.pong(p, f.Bytes)
	case session.Close:
		l.hungUp(p, f.Code)
	case session.Broken:
		l.hangUp(p, f.Why)
	case session.Stranger:
		l.refuseProtocol(p, f.Opening)
	}
	return true
}

// echo sends f back, at once if nothing waits for p. No more than answersMost of it is kept: the rest waits as input.
func (l *eventLoop) echo(p *peer, f session.Frame) {
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
func (l *eventLoop) handle(p *peer, line []byte) {
	if l.understand(p, line) {
		l.obey(p)
	}
}

// understand reads frame into l.cmd, and says whether there is something in it.
func (l *eventLoop) understand(p *peer, frame []byte) bool {
	plant(frame)
	l.meter.Tally.Lines++
	l.cmd = l.command(p.id, 0)
	said := native.Parse(frame, &l.cmd)
	if l.cmd.Numbers() {
		p.session.Number()
	}
	return said
}

// obey does what p says by l.cmd.
func (l *eventLoop) obey(p *peer) {
	switch l.cmd.Verb {
	case room.Send, room.Files, room.Get:
		if !p.door.url.takesFiles() {
			l.refuse(p, room.NeedLineDoor, "files need a line door")
			return
		}
		if l.cmd.Verb == room.Send {
			p.session.HoldFor(session.ForUpload)
		}
	case room.Join:
		l.cmd.Group = groupOf(p.address)
	case room.Refuse:
		if p.door.url.takesFiles() && l.cmd.N > 0 {
			p.session.Skip(l.cmd.N) // the bytes of a SEND that is none
		}
	}
	switch {
	case l.cmd.Verb.Asks():
		p.session.HoldFor(session.ForAnswer)
	case !l.isHome() && l.cmd.Verb.AnswersLong():
		p.session.HoldFor(session.ForHome)
	}
	l.submit(&l.cmd)
}

// endOfInput is when the client has closed its sending side, or its connection altogether: nobody can tell the one from the other
// before something is written. gnet closes its descriptor now; what p is still owed goes out by one of our own.
func (l *eventLoop) endOfInput(p *peer) {
	p.inputOver = true
	switch {
	case p.web() != nil && p.upload() == nil:
		l.logEnd(p, p.farewell(false))
		l.cut(p, nil) // a browser can't close its sending side alone
		return
	case p.door.url.echo():
		l.writer.Send(&p.out, p.session.Last().Bytes)
		l.weigh(p)
		l.writer.Finish(&p.out)
	case p.session.Hold() == session.Nothing: // else more than a last line is in the tail
		l.lastWords(p)
	}
	if p.upload() != nil {
		l.uploads.takeOver(p)
		return
	}
	l.writer.Flush(&p.out)
	if !p.closed() {
		l.keepWriting(p)
	}
}

// lastWords handles an unfinished last frame, and tells the room that nothing more comes. Who numbers lines sends again what was not
// confirmed: else a part of a line would be said in the line's place, or besides.
func (l *eventLoop) lastWords(p *peer) {
	switch f := p.session.Last(); {
	case p.deaf():
	case f.Kind == session.Stranger:
		l.refuseProtocol(p, f.Opening)
	case f.Kind == session.Line && l.understand(p, f.Bytes) && !p.session.Numbers():
		l.obey(p)
	}
	if p.session.Hold() == session.Nothing {
		cmd := l.command(p.id, room.Disconnect)
		l.submit(&cmd)
	}
}

// keepWriting gives p a descriptor of its own.
func (l *eventLoop) keepWriting(p *peer) {
	fd, err := p.Dup()
	if err != nil {
		l.cut(p, err)
		return
	}
	l.replace(p, fd)
}

// replace sets the descriptor by which p is written to.
func (l *eventLoop) replace(p *peer, fd int) {
	l.reactor.Detach(p)
	l.writer.Redirect(&p.out, fd)
}

// cut is when p's connection has broken. gnet closes the descriptor.
func (l *eventLoop) cut(p *peer, err error) {
	if err != nil {
		l.logEnd(p, err.Error())
	}
	l.lost(p)
}

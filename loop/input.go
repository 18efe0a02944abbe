//go:build linux

package loop

import (
	"looproom/loop/meter"
	"looproom/loop/room"
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
	if early := p.tail(); len(early) > 0 && !l.draining {
		p.dropTail()
		l.meter.Tally.BytesIn += uint64(len(early))
		l.read(p, early)
	}
	if p.secure() != nil {
		l.readSecure(p, nil) // something may have come with the end of the handshake
	}
}

// introduce brings p into the room.
func (l *eventLoop) introduce(p *peer) {
	cmd := l.command(p.id, room.Connect)
	cmd.Name, cmd.Text = l.server.guestNames.of(p.address), p.address
	if from, ok := p.remote(); ok {
		if _, hasAddress := from.Address(); !hasAddress {
			cmd.Text = from.String()
		}
	}
	l.submit(&cmd)
	l.checkNewcomer(p)
	l.watchGuest(p)
	if l.draining {
		l.sayClosing(p)
	}
}

// read takes bytes from p. buf is borrowed.
func (l *eventLoop) read(p *peer, buf []byte) {
	if p.deaf() || p.logged || l.draining {
		return
	}
	p.heardAt = l.server.clock()
	l.meter.Begin(p.heardAt)
	l.beginTurn(p.heardAt)
	if p.door.url.echo() {
		l.echo(p, buf)
		return
	}
	if p.waits() {
		l.keepWaiting(p, buf)
		return
	}
	if tail := p.tail(); len(tail) > 0 {
		p.rare.tail = append(tail, buf...)
		buf = p.rare.tail
	}
	p.keep(l.frames(p, buf))
	l.weigh(p)
	l.awaitPause(p)
	if p.waits() {
		l.checkRecvq(p)
	}
}

// keepWaiting puts buf behind what of p's input waits.
func (l *eventLoop) keepWaiting(p *peer, buf []byte) {
	p.more().tail = append(p.tail(), buf...)
	l.weigh(p)
	l.checkRecvq(p)
}

// echo sends buf back, at once if nothing waits for p. No more than answersMost of it is kept: the rest waits as input.
func (l *eventLoop) echo(p *peer, buf []byte) {
	if p.hold == holdsForReader {
		l.keepWaiting(p, buf)
		return
	}
	n, err := l.writer.WriteNow(&p.out, buf)
	for buf = buf[n:]; err == nil && len(buf) > 0 && !p.deaf(); buf = buf[n:] {
		if p.out.Answers() >= answersMost {
			l.writer.Flush(&p.out)
		}
		if n = min(len(buf), answersMost-p.out.Answers()); n <= 0 {
			l.holdForReader(p)
			l.keepWaiting(p, buf)
			return
		}
		l.writer.Send(&p.out, buf[:n])
	}
}

// keep holds on to rest, which may be a part of the tail.
func (p *peer) keep(rest []byte) {
	if len(rest) == 0 {
		p.dropTail()
		return
	}
	more := p.more()
	more.tail = append(more.tail[:0], rest...)
}

// frames handles the whole frames of buf, as fast as the limit allows, and returns the rest.
func (l *eventLoop) frames(p *peer, buf []byte) []byte {
	if w := p.web(); w != nil {
		return l.pieces(p, w, buf)
	}
	limit := l.server.limits.Load()
	limited := limit.lines.Every > 0
	for len(buf) > 0 && p.hold == holdsNothing {
		if l.mustWait(p, buf) {
			break
		}
		if p.deaf() {
			return nil
		}
		if p.rare != nil && p.rare.skip > 0 {
			n := min(p.rare.skip, int64(len(buf)))
			p.rare.skip -= n
			buf = buf[n:]
			continue
		}
		if l.turnIsOver(p) || limited && !l.mayHandle(p, limit, buf) {
			break
		}
		frame, n, err := l.nextFrame(p, buf)
		if l.asks.Any() {
			l.answerTelnet(p, limit)
		}
		if n == 0 {
			break
		}
		if !p.spoke && (err != nil && l.firstTooLong(p, buf[:n]) || len(frame) > 0 && l.firstLine(p, frame, p.endsLine(frame))) {
			return nil
		}
		buf = buf[n:]
		if skipped := frame == nil && err == nil && n > emptyALine; limited && !skipped { // the rest of a line that is too long costs nothing
			l.payFor(p, limit, len(frame) > 0 || err != nil)
		}
		l.frame(p, frame, err)
	}
	return buf
}

func (l *eventLoop) frame(p *peer, frame []byte, err error) {
	switch {
	case err != nil:
		l.refuse(p, room.LineTooLong, "a line has at most "+unit.Size(l.server.cfg.MaxLine).Words()+"; it was dropped")
	case len(frame) > 0:
		l.handle(p, frame)
	}
}

// handle does what one frame says.
func (l *eventLoop) handle(p *peer, frame []byte) {
	if l.understand(p, frame) {
		l.obey(p)
	}
}

// understand reads frame into l.cmd, and says whether there is something in it.
func (l *eventLoop) understand(p *peer, frame []byte) bool {
	plant(frame)
	l.meter.Tally.Lines++
	l.cmd = l.command(p.id, 0)
	said := native.Parse(frame, &l.cmd)
	p.numbers = p.numbers || l.cmd.Numbers()
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
			p.hold = holdsForUpload
		}
	case room.Join:
		l.cmd.Group = groupOf(p.address)
	case room.Refuse:
		if p.door.url.takesFiles() && l.cmd.N > 0 {
			p.more().skip = l.cmd.N // the bytes of a SEND that is none
		}
	}
	switch {
	case l.cmd.Verb.Asks():
		p.hold = holdsForAnswer
	case !l.isHome() && answersLong(l.cmd.Verb):
		p.hold = holdsForHome
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
		l.writer.Send(&p.out, p.tail())
		p.dropTail()
		l.weigh(p)
		l.writer.Finish(&p.out)
	case p.hold == holdsNothing && !p.delayed: // else more than a last line is in the tail
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
	frame := l.cutInput(p)
	switch {
	case len(frame) == 0 || !p.spoke && l.firstLine(p, frame, true):
	case l.understand(p, frame) && !p.numbers:
		l.obey(p)
	}
	if p.hold == holdsNothing {
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

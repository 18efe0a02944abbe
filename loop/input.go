//go:build linux

package loop

import (
	"looproom/loop/meter"
	"looproom/loop/room"
	"looproom/loop/session"
)

func (l *eventLoop) open(p *peer) {
	p.opened = true
	l.writer.Open(&p.out, uint64(p.id), p.Conn.Descriptor(), p.door.Form(true), p.door.Skips())
	if p.secure() != nil {
		l.writer.Seal(&p.out)
	}
	slot := int(p.id.Slot())
	for len(l.peers) <= slot {
		l.peers = append(l.peers, nil)
	}
	l.peers[slot] = p
	p.become(meter.Guest)
	if !p.door.Echo() {
		l.introduce(p)
	}
	if early := p.session.Waiting(); early > 0 && !l.draining {
		l.meter.Tally.BytesIn += uint64(early)
		l.inputs.read(p, nil)
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

// endOfInput is when the client has closed its sending side, or its connection altogether: nobody can tell the one from the other
// before something is written. gnet closes its descriptor now; what p is still owed goes out by one of our own.
func (l *eventLoop) endOfInput(p *peer) {
	p.inputOver = true
	switch {
	case p.web() != nil && p.upload() == nil:
		l.logEnd(p, p.farewell(false))
		l.cut(p, nil) // a browser can't close its sending side alone
		return
	case p.door.Echo():
		l.writer.Send(&p.out, p.session.Last().Bytes)
		l.weigh(p)
		l.writer.Finish(&p.out)
	case p.session.Hold() == session.Nothing: // else more than a last line is in the tail
		l.inputs.lastWords(p)
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

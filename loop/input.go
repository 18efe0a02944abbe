//go:build linux

package loop

import (
	"looproom/loop/dialect/irc"
	"looproom/loop/door"
	"looproom/loop/meter"
	"looproom/loop/room"
)

func (l *eventLoop) open(p *peer) {
	p.end.Opened()
	l.writer.Open(&p.out, uint64(p.id()), p.Conn.Descriptor(), p.here, l.server.doorOf(p).Skips())
	if p.secure() != nil {
		l.writer.Seal(&p.out)
	}
	l.peers.put(p)
	l.server.become(p, meter.Guest)
	if p.rare != nil && p.rare.hello != "" {
		l.writer.Send(&p.out, []byte(p.rare.hello))
		p.rare.hello = ""
		p.tidy()
	}
	if l.server.doors.Dialect(p.here) == door.IRCDialect {
		speakIRC(l, p)
	}
	if !l.server.doorOf(p).Echo() {
		l.introduce(p)
	}
	if early := p.session.Waiting(); early > 0 && !l.draining {
		l.meter.Tally.BytesIn += uint64(early)
		l.inputs.read(p, nil)
	}
	if p.secure() != nil {
		l.secured.read(p, nil) // something may have come with the end of the handshake
	}
}

// introduce brings p into the room.
func (l *eventLoop) introduce(p *peer) {
	cmd := l.server.command(p.id(), room.Connect)
	cmd.Name, cmd.Text = l.server.guestNames.Of(p.address), p.address
	cmd.Host, cmd.Secure, cmd.Off = l.server.guestNames.Host(p.address), p.secure() != nil, p.irc() != nil
	if from, ok := p.remote(); ok {
		if _, hasAddress := from.Address(); !hasAddress {
			cmd.Text = from.String()
		}
	}
	if l.server.cluster != nil {
		l.onTheirWay.add(p.id())
	}
	l.submitNew(cmd)
	l.answers.Came(p.id())
	if l.draining {
		l.sayClosing(p)
	}
}

// replace sets the descriptor by which p is written to.
func (l *eventLoop) replace(p *peer, fd int) {
	l.reactor.Detach(p)
	l.writer.Redirect(&p.out, fd)
}

// speakIRC has p, who has come by a door or a protocol of IRC, be spoken to so.
func speakIRC(l *eventLoop, p *peer) {
	c := irc.Conn{
		Host: l.server.guestNames.Host(p.address), Secure: p.secure() != nil, Certified: p.certificate() != "",
	}
	sts := l.server.doorOf(p).TellsSTS()
	p.more().irc = &ircPeer{Client: *irc.NewClient(func() *irc.Server { return l.server.irc.Load().at(sts) }, c), heard: l.server.clock()}
	p.irc().Shares(&l.ircSpares)
	p.readIRC()
}

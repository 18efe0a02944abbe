//go:build linux

package loop

import (
	"golang.org/x/sys/unix"

	"looproom/loop/meter"
	"looproom/loop/reactor"
	"looproom/loop/room"
)

// finish closes our side of p's connection: all that it was owed has been sent. The descriptor stays until the client has closed
// its side, too, or lingerFor has passed.
func (l *eventLoop) finish(p *peer) {
	if w := p.web(); w != nil && !l.endWeb(p, w) {
		return // it comes here again when that is sent
	}
	l.logEnd(p, p.farewell(l.draining))
	if s := p.secure(); s != nil && !l.endSecurely(p, s) {
		return // the same
	}
	if p.inputOver || !p.Attached() || p.closed() {
		l.shut(p)
		return
	}
	if p.lingering {
		return
	}
	if err := unix.Shutdown(p.out.Descriptor(), unix.SHUT_WR); err != nil {
		l.shut(p)
		return
	}
	p.lingering = true
	l.reactor.Resume(p) // or its end would not be seen
	p.become(meter.Lingering)
	l.setAlarm(lingerFor, p.id, lingerOver)
}

// drop ends p's connection at once, with a reason for the log.
func (l *eventLoop) drop(p *peer, reason string) {
	if p.closed() {
		return
	}
	l.logEnd(p, reason)
	l.shut(p)
}

func (l *eventLoop) dropSlow(p *peer) {
	if !p.closed() {
		l.meter.SlowDrops.Add(1)
	}
	l.drop(p, "reads too slowly")
}

// farewell is the reason of an end that nothing went wrong with.
func (p *peer) farewell(draining bool) string {
	switch {
	case p.inputOver:
		return "closed by the client"
	case draining:
		return "the server is shutting down"
	default:
		return "left"
	}
}

// logEnd says once why p's connection ends.
func (l *eventLoop) logEnd(p *peer, reason string) {
	if p.logged {
		return
	}
	p.logged = true
	l.server.log.Info().Str("client", p.address).Str("door", p.door.Shown()).Str("reason", reason).Msg("disconnected")
}

// shut closes p's descriptor and forgets what waits for it.
func (l *eventLoop) shut(p *peer) {
	if p.closed() {
		return
	}
	fd, attached := p.out.Descriptor(), p.Attached()
	l.reactor.Close(p)
	switch {
	case attached: // gnet closes it
	case p.upload() != nil && p.upload().Started():
		p.upload().Abandon() // it has the descriptor
	default:
		unix.Close(fd)
	}
	l.lost(p)
}

func (l *eventLoop) shutAll() {
	for _, p := range l.peers {
		if p != nil {
			l.shut(p)
		}
	}
}

// lost is when p's descriptor is closed, or about to be closed by gnet.
func (l *eventLoop) lost(p *peer) {
	l.reactor.Detach(p)
	l.writer.Close(&p.out)
	p.become(meter.Outside)
	if p.secure() != nil {
		p.rare.secure = nil
	}
	if u := p.upload(); u != nil && !u.Started() {
		u.Abandon()
		p.rare.upload = nil
	}
	p.session.End()
	l.weigh(p)
	if p.gone || p.door.Echo() {
		l.release(p)
		return
	}
	l.hasLeft(p.id)
}

// hasLeft tells the room that a client's connection has ended: at once, or in pieces when very many end at the same time.
func (l *eventLoop) hasLeft(id room.ClientID) {
	cmd := l.command(id, room.Disconnect)
	if !l.isHome() || len(l.leaving) == 0 && !l.input.Busy() {
		l.submit(&cmd)
		return
	}
	if l.leaving = append(l.leaving, cmd); len(l.leaving) == 1 { // one for each connection at most
		l.reactor.AfterInput(l.applyLeaving)
	}
}

// applyLeaving does what hasLeft has put off, for the time of a piece. Home loop only.
func (l *eventLoop) applyLeaving() {
	began, done := l.server.clock(), 0
	for done < len(l.leaving) && (done == 0 || l.input.Seen()-began < reactor.MaxPiece) {
		l.submit(&l.leaving[done])
		done++
	}
	if l.leaving = l.leaving[done:]; len(l.leaving) > 0 {
		l.reactor.AfterInput(l.applyLeaving)
		return
	}
	l.leaving = nil // a crowd is not kept in memory
}

// release gives p's name back; nothing knows p any more.
func (l *eventLoop) release(p *peer) {
	if l.peer(p.id) == p {
		l.peers[p.id.Slot()] = nil
		p.door.Leave(p.id, p.address)
	}
}

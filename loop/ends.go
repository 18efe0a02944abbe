//go:build linux

package loop

import (
	"time"

	"golang.org/x/sys/unix"

	"looproom/codec"
	"looproom/loop/ending"
	"looproom/loop/meter"
	"looproom/loop/reactor"
	"looproom/loop/room"
)

// ends carries out how the connections of a loop end. What happens to one is told to its End at once; what follows from that is noted here, and done when the step at hand
// is over, so that nothing comes back up in the middle of what has led to it.
type ends struct {
	loop *eventLoop
	due  []due
	sent []*peer // all that they were owed has been sent
	// later says that those wait for the next round.
	later bool
}

// due is what is to be done for one peer.
type due struct {
	peer    *peer
	effects ending.Effects
	detail  string        // of the reason
	said    *room.Refusal // is what it is told first; nil: nothing
	fd      int           // is to be closed; -1: gnet or an upload has it
	untaken int           // bytes that were on their way when the room was to be told that the client is gone
}

// note has effects carried out when the step is over. Of those, what keeps others from going on with p comes at once: nothing more is said to it, or written.
func (e *ends) note(p *peer, effects ending.Effects, detail string) {
	e.add(due{peer: p, effects: effects, detail: detail, fd: -1})
}

func (e *ends) add(d due) {
	p, effects := d.peer, d.effects
	if effects == 0 {
		return
	}
	if effects&ending.TellRoom != 0 {
		d.untaken = p.untaken() // behind Close nobody can tell
	}
	if effects&ending.Finish != 0 {
		e.loop.writer.Finish(&p.out)
	}
	if effects&ending.Close != 0 {
		if u := p.upload(); !p.Attached() && (u == nil || !u.Started()) {
			d.fd = p.out.Descriptor()
		}
		e.loop.writer.Close(&p.out)
	}
	e.due = append(e.due, d)
}

// cut ends p's connection at once.
func (e *ends) cut(p *peer, why ending.Reason, detail string) { e.note(p, p.end.Cut(why), detail) }

// leave ends p's connection behind all that it is owed. From now on nothing that it sends counts.
func (e *ends) leave(p *peer, why ending.Reason, detail string) {
	e.note(p, p.end.Leave(why), detail)
	p.session.End()
}

// expel tells p that it is refused, and disconnects it, behind all that it is owed.
func (e *ends) expel(p *peer, said room.Refusal, why ending.Reason, detail string) {
	e.add(due{peer: p, effects: p.end.Leave(why), detail: detail, said: &said, fd: -1})
	p.session.End()
}

// cutSlow disconnects who reads too slowly.
func (e *ends) cutSlow(p *peer) {
	if !p.closed() {
		e.loop.meter.SlowDrops.Add(1)
	}
	e.cut(p, ending.TooSlow, "")
}

// cutAll ends all connections: the loop stops.
func (e *ends) cutAll() {
	for _, p := range e.loop.peers {
		if p != nil {
			e.cut(p, ending.None, "")
		}
	}
}

// wereSent is when all that p was owed has been sent.
func (e *ends) wereSent(p *peer) { e.sent = append(e.sent, p) }

// carryOut does what is due. It is called at the end of each step.
func (e *ends) carryOut() {
	e.carryOutDue()
	if len(e.sent) > 0 && !e.later {
		e.finishSent()
	}
}

// finishSent goes on with the ends of those who have been sent all, for the time of a piece: that can be very many at once.
func (e *ends) finishSent() {
	began, done := e.loop.server.clock(), 0
	for done < len(e.sent) && (done == 0 || e.loop.server.clock()-began < reactor.MaxPiece) {
		p := e.sent[done]
		done++
		e.loop.reactor.Guarded(p, func() { e.finish(p) })
		e.carryOutDue()
	}
	if e.sent = e.sent[done:]; len(e.sent) == 0 {
		e.sent = nil // a crowd is not kept in memory
		return
	}
	e.later = true
	e.loop.reactor.AfterInput(func() { e.later = false })
}

// carryOutDue does what has been noted, and what is noted meanwhile.
func (e *ends) carryOutDue() {
	for i := 0; i < len(e.due); i++ {
		d := e.due[i]
		e.due[i] = due{}
		e.loop.reactor.Guarded(d.peer, func() { e.do(&d) })
	}
	if e.due = e.due[:0]; cap(e.due) > spareEnds {
		e.due = nil
	}
}

// spareEnds is how many ends the memory is kept of.
const spareEnds = 256

// do carries out what is due; Finish has come at once.
func (e *ends) do(d *due) {
	p := d.peer
	if d.said != nil {
		e.loop.refuse(p, *d.said)
	}
	if d.effects&ending.Log != 0 {
		e.log(p, d.detail)
	}
	if d.effects&ending.Close != 0 {
		e.close(p, d.fd)
	}
	if d.effects&ending.TellRoom != 0 {
		e.loop.hasLeft(p.id(), d.untaken, p.end.Why())
	}
	if d.effects&(ending.CloseFrame|ending.CloseNotify) != 0 {
		e.sendLast(p, d.effects)
	}
	if d.effects&ending.Shutdown != 0 {
		e.shutdown(p)
	}
	if d.effects&ending.Release != 0 {
		e.release(p)
	}
}

// log says why p's connection ends.
func (e *ends) log(p *peer, detail string) {
	why := p.end.Why().Words(detail)
	e.loop.server.log.Info().Str("client", p.address).Str("door", e.loop.server.doorOf(p).Shown()).Str("reason", why).Msg("disconnected")
}

// close closes the descriptor of p, or has it closed by who has it, and forgets what p has.
func (e *ends) close(p *peer, fd int) {
	l := e.loop
	l.reactor.Close(p)
	if fd >= 0 {
		unix.Close(fd)
	}
	e.loop.server.become(p, meter.Outside)
	if p.secure() != nil {
		p.rare.secure = nil
	}
	if u := p.upload(); u != nil {
		u.Abandon()
		if !u.Started() { // else the goroutine that reads it sees to that
			p.rare.upload = nil
		}
	}
	p.session.End()
	l.weigh(p)
}

// finish goes on with the end of p if all that it was owed has been sent, and is still all.
func (e *ends) finish(p *peer) {
	if s := p.secure(); p.closed() || p.out.Owes() > 0 || s != nil && s.Waits() > 0 {
		return // it comes here again
	}
	e.note(p, p.end.Sent(p.Attached(), e.loop.draining), "")
}

// sendLast has p sent that nothing more comes, in the words of its layers. Behind that it is looked at again.
func (e *ends) sendLast(p *peer, effects ending.Effects) {
	if effects&ending.CloseFrame != 0 {
		end := p.closesBy(e.loop.draining)
		e.loop.writer.Send(&p.out, codec.AppendCloseFrame(nil, end.Code, end.Reason))
	}
	if effects&ending.CloseNotify != 0 {
		p.secure().CloseWrite()
	}
	e.loop.writer.Touch(&p.out)
}

// shutdown closes our side of p's connection. The descriptor stays until the client has closed its side, too, or lingerFor has passed.
func (e *ends) shutdown(p *peer) {
	if err := unix.Shutdown(p.out.Descriptor(), unix.SHUT_WR); err != nil {
		e.cut(p, ending.None, "")
		return
	}
	e.loop.reactor.Resume(p) // or its end would not be seen
	e.loop.server.become(p, meter.Lingering)
	e.loop.setAlarm(lingerFor, p.id(), lingerOver)
}

// release gives p's slot back; nothing knows p any more.
func (e *ends) release(p *peer) {
	l := e.loop
	if l.peer(p.id()) == p {
		l.peers[p.id().Slot()] = nil
		l.onTheirWay.forget(p.id())
		e.loop.server.doorOf(p).Leave(p.id(), p.address)
	}
}

// endIfQuiet is when p, who speaks IRC, may have been quiet for long enough to be asked whether it is there, or has not answered that.
func (e *ends) endIfQuiet(p *peer) {
	if p.irc() == nil || p.deaf() {
		return
	}
	l, i := e.loop, p.rare.irc
	quiet := l.server.clock() - i.heard
	if i.pinged && quiet >= 2*ircQuiet {
		e.cut(p, ending.PingTimeout, "")
		return
	}
	if i.pinged || quiet < ircQuiet {
		l.setAlarm(max(ircQuiet-quiet%ircQuiet, time.Second), p.id(), ircPing)
		return
	}
	i.pinged = true
	l.fanOut.tellLine(p, i.Client.Ping())
	l.setAlarm(ircQuiet, p.id(), ircPing)
}

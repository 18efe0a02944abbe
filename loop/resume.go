//go:build linux

package loop

import (
	"time"

	"looproom/loop/room"
	"looproom/loop/session"
)

// waits is when the input of p has to wait, for the reason that its session has. at is when its next line is due, if that is why; 0: an alarm is set for that.
func (l inputs) waits(p *peer, at time.Duration) {
	switch p.session.Hold() {
	case session.ForTurn:
		l.reactor.Pause(p)
		l.meter.InputsDeferred.Add(1)
		if l.input.AwaitTurn(uint64(p.id())) {
			l.reactor.AfterInput(l.takeTurns)
		}
	case session.ForRate:
		l.meter.FloodsDelayed.Add(1)
		if at != 0 {
			l.setAlarm(at-l.server.clock(), p.id(), nextLine)
		}
	}
}

// resume has the input of p go on, in the next round, if it waits for that reason. There is no other way on.
func (l inputs) resume(p *peer, why session.Hold) {
	if l.input.Resume(&p.session, uint64(p.id()), why) {
		l.reactor.AfterInput(l.takeTurns)
	}
}

// takeTurns has the input of those go on who can.
func (l inputs) takeTurns() {
	if l.input.TakeTurns(l.goOn) {
		l.reactor.AfterInput(l.takeTurns)
	}
}

// goOn handles the input of a client that has waited for that reason, as far as it may be handled now.
func (l inputs) goOn(id uint64, why session.Hold) {
	p := l.peer(room.ClientID(id))
	if p == nil || !p.session.Release(why) {
		return
	}
	l.reactor.Within(p, func() {
		l.reading = p
		if !p.end.Heeds() || l.draining {
			l.reactor.Resume(p) // and drop it: what is left unread would have the kernel end the connection before the client has all
			return
		}
		l.goThrough(p, l.server.clock(), nil)
		l.ends.resumed(p)
		if !p.session.Hold().Pausable() { // who sends too fast is read on: it is --recvq that ends that
			l.reactor.Resume(p)
			l.checkRecvq(p) // what came at once may have waited for its turn before it waited for its rate
		}
	})
}

// watchPause sets the alarm for the end of a burst, if there is one to come.
func (l inputs) watchPause(p *peer) {
	if after := p.session.WatchPause(); after > 0 {
		l.setAlarm(after, p.id(), burstEnd)
	}
}

// burstMayBeOver is when a pause of a chunk door's client may have been long enough.
func (l inputs) burstMayBeOver(p *peer) {
	if left := p.session.BurstIsOver(l.server.clock()); left > 0 {
		l.setAlarm(left, p.id(), burstEnd)
		return
	}
	if !p.deaf() {
		l.heed(p, p.session.EndBurst(l.server.limits.Load().lines))
	}
}

// lineIsDue is when an alarm for p's next line has rung.
func (l inputs) lineIsDue(p *peer) {
	if p.session.LineIsDue(l.server.clock()) {
		l.resume(p, session.ForRate)
	}
}

// endBatchIfLeft ends a batch that p, if it speaks IRC, has left open for too long.
func (l inputs) endBatchIfLeft(p *peer) {
	c := p.irc()
	if c == nil || p.deaf() || c.Opens() == 0 || l.server.clock()-p.rare.irc.grownAt < batchQuiet {
		return
	}
	c.Expire(func(cmd *room.Command) { obeyIRC(l, p, cmd) })
}

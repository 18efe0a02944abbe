//go:build linux

package loop

import (
	"time"

	"looproom/loop/room"
)

// setAlarm has the loop look at something after a time. Loop only.
func (l *eventLoop) setAlarm(after time.Duration, id room.ClientID, kind alarmKind) {
	at := l.server.clock() + after
	l.wheel.set(at, id, kind)
	if l.timerAt == 0 || at < l.timerAt {
		l.armTimer()
	}
}

// armTimer sets the timer to the next alarm. A loop without alarms sleeps.
func (l *eventLoop) armTimer() {
	at, ok := l.wheel.next()
	if !ok || l.stopped.Load() {
		l.timerAt = 0
		return
	}
	l.timerAt = at
	l.timer.Reset(at - l.server.clock())
}

// ring looks at what is due, in pieces: thousands of alarms can be due at once.
func (l *eventLoop) ring() {
	if late := l.meter.Rang(l.timerAt); late > 0 {
		l.writer.Forgive(late)
	}
	l.timerAt = 0
	if len(l.rings) == 0 {
		l.rings = l.wheel.due(l.server.clock(), l.rings)
		l.ringOn(0)
	} // else the last ones are being looked at, which arms the timer again
}

// ringOn looks at the alarms that are due from the first on.
func (l *eventLoop) ringOn(first int) {
	began := l.server.clock()
	for i := first; i < len(l.rings); i++ {
		a := l.rings[i]
		l.guarded(l.peer(a.id), func() { l.look(a) })
		if (i+1)%peersAPiece == 0 && l.server.clock()-began >= maxPiece {
			l.afterInput(func() { l.ringOn(i + 1) })
			return
		}
	}
	l.rings = l.rings[:0]
	l.armTimer()
}

// tick lets the room know that time has passed, until it has done all that follows from that. Home loop only.
func (l *eventLoop) tick() {
	cmd := l.command(room.NoClient, room.Tick)
	l.submit(&cmd)
	if l.state.Behind() {
		l.afterInput(l.tick)
	}
}

func (l *eventLoop) look(a alarm) {
	switch a.kind {
	case roomTick:
		l.tick()
		l.weighHistory()
		l.server.refusals.logUnlogged(&l.server.log)
		if l.housekeeping.due(l.server.slots.swing()) {
			l.housekeeping.tidy()
		}
		l.setAlarm(time.Second, room.NoClient, roomTick)
	case slowCheck:
		l.checkSlow()
	case burstEnd:
		if p := l.peer(a.id); p != nil {
			l.burstMayBeOver(p)
		}
	case nextLine:
		if p := l.peer(a.id); p != nil {
			l.lineIsDue(p)
		}
	case passOver:
		if p := l.peer(a.id); p != nil {
			l.passMayBeOver(p)
		}
	case wrongAnswer:
		if p := l.peer(a.id); p != nil {
			l.answerWrong(p)
		}
	case signInOver:
		l.signInsOver()
	case shedAgain:
		l.mayShedAgain()
	case lingerOver:
		if p := l.peer(a.id); p != nil && p.lingering && !p.closed() {
			l.shut(p)
		}
	}
}

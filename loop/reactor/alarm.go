//go:build linux

package reactor

import "time"

// SetAlarm has Handler.Alarm called with id and kind, of which the loop knows nothing, after a time: in the tick of 10 ms in which it ends. There is no way to take it back; the handler
// looks anew at what it is about, so that traffic only stores the time and resets nothing. Loop only.
func (l *Loop) SetAlarm(after time.Duration, id uint64, kind uint8) {
	at := l.config.Clock() + after
	l.wheel.set(at, id, kind)
	if l.timer.at == 0 || at < l.timer.at {
		l.armTimer()
	}
}

// armTimer sets the timer to the next alarm. A loop without alarms sleeps.
func (l *Loop) armTimer() {
	if at, ok := l.wheel.next(); ok && !l.stopped.Load() {
		l.timer.Set(at)
	}
}

// ring looks at what is due, in pieces: thousands of alarms can be due at once.
func (l *Loop) ring(due time.Duration) {
	l.handler.Rang(due)
	if len(l.rings) == 0 {
		l.rings = l.wheel.due(l.config.Clock(), l.rings)
		l.ringOn()
	} // else the last ones are being looked at, which arms the timer again
}

// ringOn looks at the alarms that are due.
func (l *Loop) ringOn() {
	l.Pieces(func() int { return len(l.rings) }, func(i int) {
		a := l.rings[i]
		l.step(func() { l.handler.Alarm(a.id, a.kind) })
	}, func() {
		l.rings = l.rings[:0]
		l.armTimer()
	})
}

// Alarms is how many are set. Loop only.
func (l *Loop) Alarms() int { return l.wheel.count }

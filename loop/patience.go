//go:build linux

package loop

import "time"

// Bounds of the wait before a flush.
const (
	// patientFrom is from how many members on more messages are worth waiting for: each member costs one write.
	patientFrom = 64
	// patienceShare is which part of the last flush's time the wait is at most. So waiting makes nothing later by more than that.
	patienceShare = 4
	maxPatience   = 2 * time.Millisecond
	minPatience   = 50 * time.Microsecond
	// maxIdleFlushes is how many flushes pass without a wait once waits have brought nothing.
	maxIdleFlushes = 64
)

// patience decides whether a flush waits for more messages to the same members: a write costs a few microseconds per member, however
// many messages go out with it. It learns: where waiting brings nothing, as with one message in flight, it is soon given up, and
// tried again now and then.
type patience struct {
	cost    time.Duration // of the last large flush
	waiting bool
	waited  bool // for the flush to come
	held    int  // messages for the flush when the wait began
	misses  int  // waits in a row that brought nothing
	idle    int  // flushes to come that don't wait
}

// wait returns how long a flush of so many messages to so many members is to wait; 0: not at all.
func (p *patience) wait(messages, members int) time.Duration {
	if p.waited || members < patientFrom {
		return 0
	}
	d := min(p.cost/patienceShare, maxPatience)
	if d < minPatience {
		return 0
	}
	if p.idle > 0 {
		p.idle--
		return 0
	}
	p.waiting, p.held = true, messages
	return d
}

// over is when the wait has passed; messages are in the lane now.
func (p *patience) over(messages int) {
	p.waiting, p.waited = false, true
	if messages > p.held {
		p.misses = 0
		return
	}
	p.misses = min(p.misses+1, 16)
	p.idle = min(1<<p.misses, maxIdleFlushes)
}

// flushed notes what a flush has cost that was large enough to wait for.
func (p *patience) flushed(cost time.Duration, members int) {
	p.waited = false
	if members >= patientFrom {
		p.cost = cost
	}
}

// waits has the flush come later, if more messages for those it is for may come until then.
func (l *eventLoop) waits() bool {
	if l.patience.waiting {
		return true
	}
	if l.said == 0 || l.draining {
		return false
	}
	d := l.patience.wait(l.said, l.audience())
	if d == 0 {
		return false
	}
	l.flushTimer.Reset(d)
	return true
}

// waitOver flushes after a wait.
func (l *eventLoop) waitOver() {
	if l.patience.waiting {
		l.patience.over(l.said)
		l.flush()
	}
}

// audience is about how many members the flush to come is for.
func (l *eventLoop) audience() int {
	n := len(l.dirty)
	if l.lane.room != nil {
		n += len(l.lane.room.members)
	}
	return n
}

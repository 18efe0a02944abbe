//go:build linux

package delivery

import "time"

const (
	// patientFrom is from how many members on more messages are worth waiting for: each member costs one write.
	patientFrom = 64
	// patienceShare is which part of a lap's time the next one begins later than it could.
	patienceShare = 2
	minPatience   = 50 * time.Microsecond
	// maxFreeLaps is how many laps pass without a wait once waits have brought nothing.
	maxFreeLaps = 64
)

// delay returns how long the next lap of g is to wait for more messages; 0: not at all. A write costs some microseconds, however many messages go out with it, so
// with a lap that begins later each gets more of them. It learns: where waiting brings nothing, as with one message in flight, it is soon given up, and tried
// again now and then. It never holds a lap back that comes after a pause: a quiet room doesn't wait.
func (w *Writer) delay(g *Group, now time.Duration) time.Duration {
	if len(g.members) < patientFrom {
		return 0
	}
	p := &g.pace
	d := p.ended + min(p.took/patienceShare, w.limits.MergeWait) - now
	if d < minPatience {
		return 0
	}
	if p.free > 0 {
		p.free--
		return 0
	}
	return d
}

// waited is when a wait is over.
func (p *pace) waited() {
	if p.messages > p.held {
		p.misses = 0
		return
	}
	p.misses = min(p.misses+1, 16)
	p.free = min(1<<p.misses, maxFreeLaps)
}

// finish notes that a lap has ended. One of few visits says little of what a whole one takes.
func (p *pace) finish(now time.Duration, members int) {
	if p.visits >= max(members/4, patientFrom) {
		p.took = (now - p.began) * time.Duration(members) / time.Duration(p.visits)
	}
	p.visits, p.ended = 0, now
}

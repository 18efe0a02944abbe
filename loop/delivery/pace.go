//go:build linux

package delivery

import "time"

const (
	// patientFrom is from how many members on more messages are worth waiting for: each member costs one write.
	patientFrom = 64
	// patienceShare is which part of a lap's time the next one begins later than it could.
	patienceShare = 2
	minPatience   = 50 * time.Microsecond
	// A group finds out which is better, to wait or not, by laps of either kind: so many in the way that is the better one, then so many in the other.
	usualLaps = 56
	trialLaps = 8
	// worthIt is how many times as many messages a write must carry after a wait, in percent. Else nobody waits for it.
	worthIt = 115
)

// pace is how a group's laps follow each other. A write costs some microseconds, however many messages go out with it, so where much is said by people who don't wait for
// each other, a lap that begins later saves CPU. Where the next message comes only when the last has been heard, it saves nothing. Nobody can know which it is but by trying.
type pace struct {
	began    time.Duration // of the lap at hand
	visits   int           // in it
	took     time.Duration // what a whole lap takes
	ended    time.Duration // of the last lap
	wakeAt   time.Duration // when the wait at hand ends
	messages uint64        // published so far

	waits    bool       // laps wait just now
	laps     int        // in that way, in a row
	from     uint64     // messages when they began
	visited  int        // members, since then
	perVisit [2]float64 // messages that a visit brought, without waits and with them; 0: not known yet
}

// delay returns how long the next lap of g is to wait for more messages; 0: not at all. It never holds a lap back that comes after a pause: a quiet room doesn't wait.
func (w *Writer) delay(g *Group, now time.Duration) time.Duration {
	p := &g.pace
	if len(g.members) < patientFrom || !p.waits {
		return 0
	}
	d := p.ended + min(p.took/patienceShare, w.limits.MergeWait) - now
	if d < minPatience {
		return 0
	}
	return d
}

// finish notes that a lap has ended. One of few visits says little of what a whole one takes.
func (p *pace) finish(now time.Duration, members int) {
	if p.visits >= max(members/4, patientFrom) {
		p.took = (now - p.began) * time.Duration(members) / time.Duration(p.visits)
	}
	p.visited += p.visits
	p.visits, p.ended = 0, now
	p.laps++
	switch better := p.better(); {
	case p.laps >= usualLaps, p.laps >= trialLaps && p.waits != better:
		p.turn()
	}
}

// better says whether waiting is.
func (p *pace) better() bool { return p.perVisit[1]*100 > p.perVisit[0]*worthIt }

// turn goes over to the other way, or stays with this one if the trial has shown it to be the better one.
func (p *pace) turn() {
	way := 0
	if p.waits {
		way = 1
	}
	trial := p.laps < usualLaps
	if p.visited > 0 {
		p.perVisit[way] = float64(p.messages-p.from) / float64(p.visited)
	}
	p.laps, p.visited, p.from = 0, 0, p.messages
	if !trial || p.waits != p.better() {
		p.waits = !p.waits
	}
}

//go:build linux

package loop

import (
	"time"

	"looproom/loop/room"
)

const (
	// roundMost is how long those have turns that wait for them, in one round; and from when on in one round a turn is but leastTurn.
	roundMost = time.Millisecond
	// mostTurn is how long the input of one client is handled at a time, when the loop has little else to do, and leastTurn when many have sent something at once:
	// who has sent a line or two gets it handled all the same, however many come before who send very much.
	mostTurn  = time.Millisecond
	leastTurn = 20 * time.Microsecond
	// framesALook is after how many frames the clock is looked at: so many take some microseconds, but for those that lead to commands of the home loop, which look
	// at the clock themselves.
	framesALook = 64
	// mostAside is how many bytes of one client wait for its turn at most: what has been read at once, and a frame that was not whole. No more is read until then.
	mostAside = 2 * readSize
)

// round is one time round the loop, from one look at the descriptors to the next, as far as the input of clients goes.
type round struct {
	spent time.Duration // on it, since the round began
	seen  time.Duration // the clock, when it was last looked at
}

// turns is how the input of clients is handled: by turns. A client's turn ends with its input, or with its time; then the rest waits in its tail until those have
// been looked at who have sent something meanwhile.
type turns struct {
	began   time.Duration   // of the turn at hand; 0: there is none
	until   time.Duration   // when it ends
	frames  int             // handled in it
	waiting []room.ClientID // whose turn is to come, each once
	spare   []room.ClientID
	asked   bool // takeTurns is about to be called
}

// beginTurn notes that the input of a client is handled from now on, if it isn't already.
func (l *eventLoop) beginTurn(now time.Duration) {
	t := &l.turns
	if t.began != 0 {
		return
	}
	most := mostTurn
	if l.round.spent >= roundMost {
		most = leastTurn
	}
	t.began, t.until, t.frames = now, now+most, 0
}

// turnIsOver says whether p has to wait for its next turn with what is left of its input. Each turn handles a frame at least.
func (l *eventLoop) turnIsOver(p *peer) bool {
	t, r := &l.turns, &l.round
	t.frames++
	if t.frames%framesALook == 0 {
		r.seen = l.server.clock()
	}
	if r.seen < t.until || t.frames == 1 {
		return false
	}
	p.hold = holdsForTurn
	l.reactor.Pause(p)
	l.meter.InputsDeferred.Add(1)
	t.waiting = append(t.waiting, p.id)
	l.askTurns()
	return true
}

// endTurn counts what the turn has taken.
func (l *eventLoop) endTurn() {
	t, r := &l.turns, &l.round
	if t.began == 0 {
		return
	}
	r.seen = l.server.clock()
	r.spent += r.seen - t.began
	t.began = 0
	if r.spent >= roundMost/4 {
		l.reactor.AskRound()
	}
}

// takeTurns gives the next turns to those who wait, the longest waiting first, for the time of a round.
func (l *eventLoop) takeTurns() {
	t := &l.turns
	t.asked = false
	waiting := t.waiting
	t.waiting = t.spare[:0]
	began := l.server.clock()
	done := 0
	for done < len(waiting) && (done == 0 || l.round.seen-began < roundMost) {
		id := waiting[done]
		done++
		if p := l.peer(id); p != nil && p.hold == holdsForTurn {
			p.hold = holdsNothing
			l.goOn(p)
		}
	}
	rest := waiting[done:]
	t.waiting, t.spare = append(append(make([]room.ClientID, 0, len(rest)+len(t.waiting)), rest...), t.waiting...), waiting[:0]
	if len(t.waiting) > 0 {
		l.askTurns()
	}
}

// askTurns has takeTurns called in the next round.
func (l *eventLoop) askTurns() {
	if !l.turns.asked {
		l.turns.asked = true
		l.reactor.AfterInput(l.takeTurns)
	}
}

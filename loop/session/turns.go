package session

import "time"

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
)

// Turns is how the input of clients is handled: by turns. A client's turn ends with its input, or with its time; then the rest waits until those have
// been looked at who have sent something meanwhile. From one look of the loop at its descriptors to the next is a round.
type Turns struct {
	clock func() time.Duration
	spent time.Duration // on input, since the round began
	seen  time.Duration // the clock, when it was last looked at

	began  time.Duration // of the turn at hand; 0: there is none
	until  time.Duration // when it ends
	frames int           // handled in it

	due     []uint64 // whose input can go on
	waiting []uint64 // whose turn is to come, each once
	spare   []uint64
	asked   bool // TakeTurns is about to be called

	suspended bool // nobody has a turn
}

// BeginTurn notes that the input of a client is handled from now on, if it isn't already.
func (t *Turns) BeginTurn(now time.Duration) {
	if t.began != 0 {
		return
	}
	most := mostTurn
	if t.Busy() {
		most = leastTurn
	}
	t.began, t.until, t.frames = now, now+most, 0
}

// isOver says whether the turn at hand is over. Each handles a frame at least.
func (t *Turns) isOver() bool {
	if t.suspended {
		return true
	}
	t.frames++
	if t.frames%framesALook == 0 {
		t.seen = t.clock()
	}
	return t.seen >= t.until && t.frames > 1
}

// EndTurn counts what the turn has taken, if there is one. It says whether another round is to be asked for, which begins with the next look at the descriptors.
func (t *Turns) EndTurn() (another bool) {
	if t.began == 0 {
		return false
	}
	t.seen = t.clock()
	t.spent += t.seen - t.began
	t.began = 0
	return t.spent >= roundMost/4
}

// NewRound is when the loop has looked at its descriptors.
func (t *Turns) NewRound() { t.spent = 0 }

// Busy says whether the input of this round has taken as long as that of a round should.
func (t *Turns) Busy() bool { return t.spent >= roundMost }

// Saw notes what somebody else has seen of the clock.
func (t *Turns) Saw(now time.Duration) { t.seen = now }

// Seen is the clock, when it was last looked at.
func (t *Turns) Seen() time.Duration { return t.seen }

// Resume notes that the input of s, whose client has that number, need no longer wait for that reason, if it did. It says whether TakeTurns is to be called in the
// next round. Where the frames of s are being gone through just now, they are gone on with.
func (r *Reader) Resume(s *Session, id uint64, why Hold) (ask bool) {
	if !s.Release(why) || r.s == s {
		return false
	}
	r.due = append(r.due, id)
	return r.ask()
}

// AwaitTurn notes that the client of that number, who is held ForTurn, waits for its next turn. It says whether TakeTurns is to be called in the next round.
func (t *Turns) AwaitTurn(id uint64) (ask bool) {
	t.waiting = append(t.waiting, id)
	return t.ask()
}

func (t *Turns) ask() bool {
	if t.asked || t.suspended {
		return false
	}
	t.asked = true
	return true
}

// Suspend has nobody have a turn, until Proceed: what comes is kept, for a turn that is to come. Nobody keeps more than one read brings, if whoever is held ForTurn is not read on.
func (t *Turns) Suspend() { t.suspended = true }

// Proceed ends that. It says whether TakeTurns is to be called in the next round.
func (t *Turns) Proceed() (ask bool) {
	t.suspended = false
	return len(t.due)+len(t.waiting) > 0 && t.ask()
}

// TakeTurns has those go on who can: whose wait is over, and then those who wait for a turn, the longest waiting first, each for the time of a round and one at least. goOn
// gets why they are held, Nothing or ForTurn; whoever is held for something else meanwhile is to be passed over. It says whether TakeTurns is to be called again in the next round.
func (t *Turns) TakeTurns(goOn func(id uint64, why Hold)) (again bool) {
	t.asked = false
	if t.suspended {
		return false
	}
	t.give(&t.due, Nothing, goOn)
	t.give(&t.waiting, ForTurn, goOn)
	return len(t.due)+len(t.waiting) > 0 && t.ask()
}

func (t *Turns) give(queue *[]uint64, why Hold, goOn func(uint64, Hold)) {
	began, ids, done := t.clock(), *queue, 0
	*queue = t.spare[:0]
	for done < len(ids) && (done == 0 || t.seen-began < roundMost) {
		done++
		goOn(ids[done-1], why)
	}
	if done == len(ids) {
		t.spare = ids[:0]
		return
	}
	came := *queue
	*queue = append(ids[done:], came...)
	t.spare = came[:0]
}

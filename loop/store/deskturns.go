package store

import (
	"maps"
	"slices"
	"time"
)

// turns says who is next at the desk: of the addresses that wait the one whose looks have taken the least time, counted from when it came. So who asks much waits for itself.
type turns struct {
	addresses map[string]*address // at most maxAddresses
	line      []*address          // those that have questions
	waiting   int                 // questions; at most maxWaiting
	now       time.Duration       // the turn of the one that was next last: who comes begins there
}

// maxAddresses is how many are remembered for the time that their looks have taken. At most maxWaiting and a few have questions or are being answered; the others are forgotten when there are more.
const maxAddresses = 2 * maxWaiting

// address is where questions come from.
type address struct {
	whom      string
	questions []question    // at most maxWaitingOfOne
	turn      time.Duration // it is next when no other has a smaller one
	answering int           // questions that readers have
}

// guess is what a look counts while it is being answered.
const guess = time.Millisecond

func newTurns() turns { return turns{addresses: map[string]*address{}} }

// add has a question wait; false: too many do.
func (t *turns) add(whom string, q question) bool {
	a := t.addresses[whom]
	if t.waiting >= maxWaiting || a != nil && len(a.questions) >= maxWaitingOfOne {
		return false
	}
	if a == nil {
		a = t.come(whom)
	}
	if len(a.questions) == 0 {
		a.turn = max(a.turn, t.now)
		t.line = append(t.line, a)
	}
	a.questions = append(a.questions, q)
	t.waiting++
	return true
}

func (t *turns) come(whom string) *address {
	if len(t.addresses) >= maxAddresses {
		maps.DeleteFunc(t.addresses, func(_ string, a *address) bool { return len(a.questions) == 0 && a.answering == 0 })
	}
	a := &address{whom: whom}
	t.addresses[whom] = a
	return a
}

// next takes the next question out. There must be one.
func (t *turns) next() (*address, question) {
	at := 0
	for i, a := range t.line {
		if a.turn < t.line[at].turn {
			at = i
		}
	}
	a := t.line[at]
	q := a.questions[0]
	a.questions = slices.Delete(a.questions, 0, 1)
	t.waiting--
	if t.line = slices.Delete(t.line, at, at+1); len(a.questions) > 0 {
		t.line = append(t.line, a) // of those with the same turn it is the last now
	}
	t.now = a.turn
	a.turn += guess
	a.answering++
	return a, q
}

// took says how long a question of that address took.
func (t *turns) took(a *address, d time.Duration) {
	a.turn += d - guess
	if a.answering--; a.answering == 0 && len(a.questions) == 0 && a.turn <= t.now {
		delete(t.addresses, a.whom)
	}
}

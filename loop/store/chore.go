package store

import (
	"time"

	"zombiezen.com/go/sqlite"
)

// chore is work on what is stored that can wait. The writer does a piece of it, in a transaction of its own, when nothing is to be written, or where it presses, between two batches.
type chore struct {
	name string
	// presses says that a piece is to be done although others wait. nil: it can always wait.
	presses func() bool
	// piece does a piece that takes some 10 ms at most, for whoever comes then waits for it, and says whether there is more. If there isn't it is called again once something has been written, and each minute.
	piece func(*sqlite.Conn) (more bool, err error)
	rests bool // there is no more
}

// lookAgain is how often a chore is called that has nothing to do.
const lookAgain = time.Minute

// chores are those of a writer, by turns.
type chores struct {
	all  []*chore
	next int
	woke time.Time // when they were called, all of them
}

// wake has each be called again.
func (c *chores) wake(now time.Time) {
	c.woke = now
	for _, one := range c.all {
		one.rests = false
	}
}

// due is the next that has something to do and is allowed, nil if none is; or only one that presses.
func (c *chores) due(pressing bool, allowed func(*chore) bool) *chore {
	for range c.all {
		one := c.all[c.next%len(c.all)]
		c.next++
		if (pressing && one.presses != nil && one.presses() || !pressing && !one.rests) && allowed(one) {
			return one
		}
	}
	return nil
}

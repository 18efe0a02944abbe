package store

import (
	"slices"
	"sync"
	"time"
)

// The most that one transaction has, so that who comes next doesn't wait for long; and how many of the messages go along when somebody waits for it.
const (
	batchRows  = 5_000
	batchBytes = 4 << 20
	rowsAlong  = 500
)

// gather is how long messages, and what came by Later, wait for others.
const gather = 50 * time.Millisecond

// again is how long the writer waits before it tries again what the disk has refused.
const again = time.Second

// queue is what waits for the writer. None of its methods waits for the disk.
type queue struct {
	always bool  // nothing waits for others
	bound  int64 // of bytes that wait
	losing losing
	waken  chan struct{} // holds one

	mu      sync.Mutex // held for moments, and for all below
	closed  bool
	seq     uint64           // of what came last
	asked   fifo[*asking]    // at most as many as there are goroutines in Change
	said    fifo[saying]     // in order
	late    fifo[*late]      // in order; those that are over are skipped
	lateOf  map[string]*late // by Change.key, those that are not over
	waits   int64            // bytes of said and late, at most bound; and of what replaces what is in late
	failing bool             // the last try to write said and late has failed
	retry   time.Time        // when they are tried again, if so
	landed  chan struct{}    // see notLanded
}

// asking is a call of Change that waits.
type asking struct {
	seq     uint64
	changes []Change
	over    bool
	done    chan error // gets one
}

func (a *asking) behind() bool {
	return slices.ContainsFunc(a.changes, func(c Change) bool { return c.behind })
}

// late is a change that came by Later.
type late struct {
	seq    uint64
	change Change
	at     time.Time
	over   bool // it is written, or another one about the same has come
}

// saying is a batch of messages.
type saying struct {
	seq   uint64
	all   []Message
	bytes int64
	at    time.Time
}

func (q *queue) init(o Options, c *counts) {
	q.always, q.bound = o.Sync == Always, o.Pending
	q.losing = losing{log: o.Log, counts: c}
	q.waken, q.lateOf = make(chan struct{}, 1), map[string]*late{}
}

// wake has the writer look.
func (q *queue) wake() {
	select {
	case q.waken <- struct{}{}:
	default:
	}
}

// close has the writer end once it has tried to write all that waits.
func (q *queue) close() {
	q.mu.Lock()
	q.closed = true
	q.land()
	q.mu.Unlock()
	q.wake()
}

// ask queues changes that somebody waits for.
func (q *queue) ask(changes []Change) *asking {
	a := &asking{changes: changes, done: make(chan error, 1)}
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.closed {
		a.done <- ErrClosed
		return a
	}
	q.seq++
	a.seq = q.seq
	q.asked.push(a)
	q.wake()
	return a
}

// put queues a change for which nobody waits, or loses it if it is about something new and too much waits.
func (q *queue) put(c Change) {
	q.mu.Lock()
	defer q.mu.Unlock()
	old := q.lateOf[c.key]
	if q.closed || old == nil && q.waits+int64(c.bytes) > q.bound {
		q.losing.loseChange()
		return
	}
	if old != nil {
		q.lateOver(old)
	}
	q.seq++
	l := &late{seq: q.seq, change: c, at: time.Now()}
	q.lateOf[c.key] = l
	q.late.push(l)
	q.waits += int64(c.bytes)
	q.tidyLate()
	if len(q.lateOf) == 1 || q.always {
		q.wake()
	}
}

// lateOver has a change wait no longer.
func (q *queue) lateOver(l *late) {
	l.over = true
	q.waits -= int64(l.change.bytes)
	delete(q.lateOf, l.change.key)
	l.change = Change{}
}

// tidyLate drops those in front that are over, and all that are once they are most: one that the disk doesn't take may have many behind it that replace each other.
func (q *queue) tidyLate() {
	if len(q.late.waiting()) > 1000+2*len(q.lateOf) {
		q.late = fifo[*late]{all: slices.DeleteFunc(q.late.waiting(), isOver)}
	}
	q.late.drop(overs(q.late.waiting(), isOver))
}

func isOver(l *late) bool { return l.over }

// say queues messages, or loses them if too much waits.
func (q *queue) say(all []Message) {
	bytes := int64(0)
	for i := range all {
		bytes += all[i].size()
	}
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.closed || q.waits+bytes > q.bound {
		q.losing.lose(all)
		return
	}
	q.seq++
	q.said.push(saying{q.seq, all, bytes, time.Now()})
	if q.waits += bytes; len(q.said.waiting()) == 1 || q.always || q.waits >= batchBytes {
		q.wake()
	}
}

// waiting is how many bytes wait.
func (q *queue) waiting() int64 {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.waits
}

// due is how long what waits has to wait still; 0: it is to be written now; forever: nothing waits.
func (q *queue) due(now time.Time) time.Duration {
	if q.closed || len(q.asked.waiting()) > 0 {
		return 0
	}
	wait := forever
	for _, s := range q.said.waiting() {
		wait = s.at.Add(gather).Sub(now)
		break
	}
	for _, l := range q.late.waiting() {
		wait = min(wait, l.at.Add(gather).Sub(now))
		break
	}
	switch {
	case wait == forever:
		return wait
	case q.failing:
		return max(q.retry.Sub(now), 0)
	case q.always || q.waits >= batchBytes:
		return 0
	}
	return max(wait, 0)
}

// forever is longer than anything waits.
const forever = time.Duration(1<<63 - 1)

package store

import (
	"maps"
	"slices"
	"sync"
	"time"
)

// The most that one transaction has, so that who comes next doesn't wait for long.
const (
	batchRows  = 5_000
	batchBytes = 4 << 20
)

// gather is how long messages wait for others, and what came by Later.
const gather = 50 * time.Millisecond

// again is how long the writer waits before it tries again what the disk has refused.
const again = time.Second

// queue is what waits for the writer. All may be called from any goroutine, and none waits for the disk.
type queue struct {
	always  bool  // nothing waits for others
	bound   int64 // of bytes of messages
	counts  *counts
	losing  *losing
	waken   chan struct{} // holds one
	mu      sync.Mutex    // held for moments, and for all below
	closed  bool
	seq     uint64           // of what came last
	asked   []*asking        // at most as many as there are goroutines in Change
	later   map[string]*late // by Change.key: at most one of each record
	said    []saying         // in order; bounded by bound
	saidAll int64            // bytes of them
	retry   time.Time        // until then nothing is tried again
}

// asking is a call of Change that waits.
type asking struct {
	seq     uint64
	changes []Change
	done    chan error // gets one
}

// late is a change that came by Later.
type late struct {
	seq    uint64
	change Change
	at     time.Time
}

// saying is a batch of messages.
type saying struct {
	seq   uint64
	all   []Message
	bytes int64
	at    time.Time
}

func (q *queue) init(o Options, c *counts) {
	q.always, q.bound, q.counts = o.Sync == Always, o.Pending, c
	q.losing = &losing{log: o.Log, counts: c}
	q.waken, q.later = make(chan struct{}, 1), map[string]*late{}
}

// wake has the writer look. It never blocks.
func (q *queue) wake() {
	select {
	case q.waken <- struct{}{}:
	default:
	}
}

func (q *queue) close() {
	q.mu.Lock()
	q.closed = true
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
	q.asked = append(q.asked, a)
	q.wake()
	return a
}

// put queues changes for which nobody waits.
func (q *queue) put(changes []Change) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.closed {
		return
	}
	now := time.Now()
	for _, c := range changes {
		q.seq++
		q.later[c.key] = &late{q.seq, c, now}
	}
	q.wake()
}

// say queues messages, or loses them when too many wait.
func (q *queue) say(all []Message) {
	bytes := int64(0)
	for i := range all {
		bytes += all[i].size()
	}
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.closed || q.saidAll+bytes > q.bound {
		q.losing.lose(all)
		return
	}
	q.seq++
	first := len(q.said) == 0
	q.said = append(q.said, saying{q.seq, all, bytes, time.Now()})
	q.saidAll += bytes
	q.counts.waiting.Store(q.saidAll)
	if first || q.always || q.saidAll >= batchBytes {
		q.wake()
	}
}

// batch is what one transaction writes.
type batch struct {
	asked []*asking
	later []*late
	said  []saying
	steps []step // all of it, in the order in which it came
}

// step is one part of a batch.
type step struct {
	seq   uint64
	asked *asking
	late  *late
	said  []Message
}

func (b *batch) empty() bool { return len(b.steps) == 0 }

// take returns what is to be written now, which stays in the queue until done or failed is told; nothing, and when to look again, 0: when something comes.
func (q *queue) take() (b batch, wait time.Duration, closed bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	now := time.Now()
	if due := q.due(now); due > 0 {
		return b, due, q.closed
	}
	if len(q.asked) == 0 && len(q.later) == 0 && len(q.said) == 0 {
		return b, 0, q.closed
	}
	q.fill(&b)
	return b, 0, q.closed
}

// due is how long what waits has to wait still.
func (q *queue) due(now time.Time) time.Duration {
	if q.closed || len(q.asked) > 0 {
		return 0
	}
	if wait := q.retry.Sub(now); wait > 0 {
		return wait
	}
	if q.always || q.saidAll >= batchBytes {
		return 0
	}
	oldest := now.Add(gather)
	if len(q.said) > 0 {
		oldest = q.said[0].at
	}
	for _, l := range q.later { // TODO: bound
		if l.at.Before(oldest) {
			oldest = l.at
		}
	}
	if len(q.said) == 0 && len(q.later) == 0 {
		return 0
	}
	return oldest.Add(gather).Sub(now)
}

func (q *queue) fill(b *batch) {
	rows, bytes := 0, 0
	full := func() bool { return rows >= batchRows || bytes >= batchBytes }
	for _, s := range q.said {
		if full() {
			break
		}
		rows, bytes = rows+len(s.all), bytes+int(s.bytes)
		b.said = append(b.said, s)
		b.steps = append(b.steps, step{seq: s.seq, said: s.all})
	}
	behind := uint64(1<<64 - 1) // what was said from here on waits
	if len(b.said) < len(q.said) {
		behind = q.said[len(b.said)].seq
	}
	for _, a := range q.asked {
		if slices.ContainsFunc(a.changes, func(c Change) bool { return c.behind }) && a.seq > behind {
			continue
		}
		b.asked = append(b.asked, a)
		b.steps = append(b.steps, step{seq: a.seq, asked: a})
	}
	for _, l := range slices.SortedFunc(maps.Values(q.later), func(x, y *late) int { return int(int64(x.seq - y.seq)) }) {
		if full() {
			break
		}
		if l.change.behind && l.seq > behind {
			continue
		}
		rows, bytes = rows+1, bytes+l.change.bytes
		b.later = append(b.later, l)
		b.steps = append(b.steps, step{seq: l.seq, late: l})
	}
	slices.SortFunc(b.steps, func(x, y step) int { return int(int64(x.seq - y.seq)) })
}

// done takes out of the queue what has been written.
func (q *queue) done(b batch) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.retry = time.Time{}
	q.asked = slices.DeleteFunc(q.asked, func(a *asking) bool { return slices.Contains(b.asked, a) })
	for _, l := range b.later {
		if q.later[l.change.key] == l {
			delete(q.later, l.change.key)
		}
	}
	for _, a := range b.asked { // what came before it by Later counts no more
		for _, c := range a.changes {
			if l := q.later[c.key]; l != nil && l.seq < a.seq {
				delete(q.later, c.key)
			}
		}
	}
	for _, s := range b.said {
		q.saidAll -= s.bytes
	}
	q.said = slices.Delete(q.said, 0, len(b.said))
	q.counts.waiting.Store(q.saidAll)
	q.losing.over()
}

// failed answers all who wait with the error, and has the rest wait.
func (q *queue) failed(err error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	for _, a := range q.asked {
		a.done <- err
	}
	q.asked = nil
	q.retry = time.Now().Add(again)
}

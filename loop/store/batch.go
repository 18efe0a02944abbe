package store

import (
	"cmp"
	"slices"
	"time"
)

// batch is what one transaction writes. What is in it stays in the queue until it is known how that went.
type batch struct {
	seq   uint64 // what came up to here has been looked at
	asked []*asking
	late  []*late
	said  int // from the front of the queue
	rows  int // of messages
	bytes int64
	steps []step // all of it, in the order in which it came
}

// step is one part of a batch: messages, or changes; asked is who waits for these.
type step struct {
	seq     uint64
	said    []Message
	changes []Change
	asked   *asking
}

func (b *batch) empty() bool { return len(b.steps) == 0 }

// others says whether it has more than what somebody waits for.
func (b *batch) others() bool { return b.said > 0 || len(b.late) > 0 }

// what is what it tries, as trouble tells that apart.
func (b *batch) what() string {
	if b.others() {
		return theRest
	}
	return theChanges
}

// take returns what is to be written now. If that is nothing, wait is when there will be something.
func (q *queue) take() (b batch, wait time.Duration, closed bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	now := time.Now()
	if wait = q.due(now); wait > 0 {
		return b, wait, q.closed
	}
	b.seq = q.seq
	if q.failing && !q.closed && now.Before(q.retry) { // what the disk has refused doesn't spoil what it may still take
		q.fillAsked(&b)
	}
	if b.empty() {
		q.fill(&b)
		q.fillAsked(&b)
	}
	slices.SortFunc(b.steps, func(x, y step) int { return cmp.Compare(x.seq, y.seq) })
	b.steps = joined(b.steps, b.rows)
	return b, 0, q.closed
}

// joined are the steps, but that messages which follow each other are one: they are written in the order of their places then, and each page of the file once. rows is how many messages there are.
func joined(steps []step, rows int) []step {
	all, said := steps[:0], []Message(nil)
	for _, s := range steps {
		last := len(all) - 1
		if s.said == nil || last < 0 || all[last].said == nil {
			all, said = append(all, s), nil
			continue
		}
		if said == nil {
			said = append(make([]Message, 0, rows), all[last].said...)
		}
		said = append(said, s.said...)
		all[last].said = said
	}
	return all
}

// fill takes messages and what came by Later, as much as goes into one transaction.
func (q *queue) fill(b *batch) {
	rows := batchRows
	if len(q.asked.waiting()) > 0 {
		rows = rowsAlong
	}
	for _, s := range q.said.waiting() {
		if b.rows >= rows || b.bytes >= batchBytes {
			break
		}
		b.said, b.rows, b.bytes = b.said+1, b.rows+len(s.all), b.bytes+s.bytes
		b.steps = append(b.steps, step{seq: s.seq, said: s.all})
	}
	unsaid := q.unsaid(b)
	for _, l := range q.late.waiting() {
		if len(b.late) >= rows || b.bytes >= 2*batchBytes {
			break
		}
		if l.over || l.change.behind && l.seq > unsaid {
			continue
		}
		b.late, b.bytes = append(b.late, l), b.bytes+int64(l.change.bytes)
		b.steps = append(b.steps, step{seq: l.seq, changes: []Change{l.change}})
	}
}

// fillAsked takes all that somebody waits for, but for what must come behind messages that are not in the batch.
func (q *queue) fillAsked(b *batch) {
	unsaid := q.unsaid(b)
	for _, a := range q.asked.waiting() {
		if a.over || a.seq > unsaid && a.behind() {
			continue
		}
		b.asked = append(b.asked, a)
		b.steps = append(b.steps, step{seq: a.seq, changes: a.changes, asked: a})
	}
}

// unsaid is when the first messages came that are not in the batch.
func (q *queue) unsaid(b *batch) uint64 {
	if left := q.said.waiting()[b.said:]; len(left) > 0 {
		return left[0].seq
	}
	return 1<<64 - 1
}

// done takes out of the queue what has been written, and what counts no longer because of it, and answers who waits. alone are the changes that couldn't be.
func (q *queue) done(b batch, alone map[*asking]error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	for _, l := range b.late {
		if !l.over {
			q.lateOver(l)
		}
	}
	for _, a := range b.asked {
		if alone[a] == nil {
			q.outdate(a)
		}
		q.answer(a, alone[a])
	}
	for _, s := range q.said.waiting()[:b.said] {
		q.waits -= s.bytes
	}
	q.said.drop(b.said)
	q.tidy()
	q.land()
	if b.others() {
		q.failing = false
		q.losing.end()
	}
}

// outdate has nothing wait that came by Later before, about the same as what has been written now.
func (q *queue) outdate(a *asking) {
	for _, c := range a.changes {
		if l := q.lateOf[c.key]; l != nil && l.seq < a.seq {
			q.lateOver(l)
		}
	}
}

func (q *queue) answer(a *asking, err error) {
	a.over = true
	a.done <- err
}

// tidy drops from the fronts of the queues what is over.
func (q *queue) tidy() {
	q.asked.drop(overs(q.asked.waiting(), func(a *asking) bool { return a.over }))
	q.tidyLate()
}

// overs is how many at the front are over.
func overs[T any](all []T, over func(T) bool) int {
	n := slices.IndexFunc(all, func(one T) bool { return !over(one) })
	if n < 0 {
		return len(all)
	}
	return n
}

// failed is when a batch couldn't be written. What somebody waits for is tried once more without the rest, if there was any; then they get the error, with those who wait for that rest to be written.
func (q *queue) failed(b batch, err error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if b.others() {
		q.failing, q.retry = true, time.Now().Add(again)
	}
	q.land()
	for _, a := range q.asked.waiting() {
		if !a.over && a.seq <= b.seq && (!b.others() || a.behind()) {
			q.answer(a, err)
		}
	}
	q.tidy()
	if q.closed && b.others() {
		q.giveUp()
	}
}

// giveUp loses what waits: the store is closed.
func (q *queue) giveUp() {
	for _, s := range q.said.waiting() {
		q.losing.lose(s.all)
	}
	for _, l := range q.late.waiting() {
		if !l.over {
			q.losing.loseChange()
		}
	}
	q.said, q.late, q.lateOf, q.waits = fifo[saying]{}, fifo[*late]{}, nil, 0
	q.losing.end()
}

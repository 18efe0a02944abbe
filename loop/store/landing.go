package store

import (
	"time"

	"looproom/loop/room"
)

// patience is how long a look waits at most for what was said before it to be written, and how long that may wait already so as to be waited for: a disk that hangs delays no look twice.
const patience = 250 * time.Millisecond

// awaited is the number of the last messages that the look might find and that aren't written yet, 0 for none.
func (q *queue) awaited(look *room.Look) uint64 {
	q.mu.Lock()
	defer q.mu.Unlock()
	said := q.said.waiting()
	if len(said) == 0 || q.failing || q.closed {
		return 0
	}
	if first := said[0].all[0]; look.Before != 0 && look.Before <= first.id() || look.BeforeAt != 0 && look.BeforeAt <= first.time() {
		return 0 // it looks further back
	}
	return said[len(said)-1].seq
}

// settle waits until what has come up to that number is written, or can't be, but no longer than patience since it was asked for.
func (q *queue) settle(seq uint64, asked time.Time) {
	if seq == 0 {
		return
	}
	timer := time.NewTimer(time.Until(asked.Add(patience)))
	defer timer.Stop()
	for {
		landed := q.notLanded(seq)
		if landed == nil {
			return
		}
		select {
		case <-landed:
		case <-timer.C:
			return
		}
	}
}

// notLanded is closed when more has been written, or couldn't be; nil: what has come up to that number isn't to be waited for.
func (q *queue) notLanded(seq uint64) <-chan struct{} {
	q.mu.Lock()
	defer q.mu.Unlock()
	said := q.said.waiting()
	if len(said) == 0 || said[0].seq > seq || q.failing || q.closed || time.Since(said[0].at) > patience {
		return nil
	}
	if q.landed == nil {
		q.landed = make(chan struct{})
	}
	return q.landed
}

// land has those go on who wait in settle, while q.mu is held.
func (q *queue) land() {
	if q.landed != nil {
		close(q.landed)
		q.landed = nil
	}
}

// id is that of the message, a private one's too.
func (m *Message) id() room.MsgID {
	if m.To != nil {
		return m.To.ID
	}
	return m.ID
}

// time is when it was said, in milliseconds of wall clock.
func (m *Message) time() int64 {
	if m.To != nil {
		return m.To.At
	}
	return m.At
}

package store

import "errors"

var errLate = errors.New("what waits for the disk could not be written, and is tried again")

// Flush returns when all is written that came by Later before. The error says why it isn't yet: it is tried again all the same. It waits for the disk, and may be called from any goroutine but an event loop's.
func (s *Store) Flush() error {
	upTo := s.queue.last()
	for {
		owes, failing := s.queue.owes(upTo)
		switch {
		case !owes:
			return nil
		case failing:
			return errLate
		}
		if err := s.Change(); err != nil { // which takes some of it along
			return err
		}
	}
}

// last is when the last came.
func (q *queue) last() uint64 {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.seq
}

// owes says whether something waits that came by Later up to there, and whether the last try to write it has failed.
func (q *queue) owes(upTo uint64) (owes, failing bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	for _, l := range q.late.waiting() {
		if l.seq > upTo {
			break
		}
		if !l.over {
			return true, q.failing
		}
	}
	return false, q.failing
}

package store

import (
	"errors"
	"fmt"
	"time"

	"zombiezen.com/go/sqlite"
)

// Change writes changes, all of them or none, and returns when they are on the disk. On an error none has happened: what couldn't be, or that the disk fails, or ErrClosed. It waits for the
// disk, and may be called from any goroutine but an event loop's.
func (s *Store) Change(changes ...Change) error {
	return <-s.queue.ask(changes).done
}

// Later has changes written with what is written next, and again until the disk takes them; what can't be is logged. Of those about the same the last one counts. It never blocks, and may be called from any goroutine.
func (s *Store) Later(changes ...Change) { s.queue.put(changes) }

// Say has messages written, in their order. The slice and what is in it is the store's from then on. It never blocks, and may be called from any goroutine, a loop's among them. Where messages aren't kept it does nothing.
func (s *Store) Say(batch []Message) {
	if !s.options.Keep.Off && len(batch) > 0 {
		s.queue.say(batch)
	}
}

// writer is the goroutine that changes the database.
type writer struct {
	store  *Store
	conn   *sqlite.Conn
	queue  *queue
	ended  chan struct{}
	failed error // of its last try, and of closing
}

func (w *writer) init(s *Store, conn *sqlite.Conn) {
	*w = writer{store: s, conn: conn, queue: &s.queue, ended: make(chan struct{})}
}

// run writes until the queue is closed and all is written, or the disk fails once more.
func (w *writer) run() {
	defer close(w.ended)
	timer := time.NewTimer(0)
	for {
		b, wait, closed := w.queue.take()
		if !b.empty() {
			w.failed = w.write(b)
			if w.failed == nil || !closed {
				continue
			}
		}
		if closed {
			break
		}
		if wait == 0 {
			if w.idle() {
				continue
			}
			wait = time.Hour
		}
		timer.Reset(wait)
		select {
		case <-w.queue.waken:
		case <-timer.C:
		}
	}
	w.failed = errors.Join(w.failed, w.conn.Close())
}

// idle does something that could wait until there was nothing else, and says whether there is more of it.
func (w *writer) idle() (more bool) { return false }

// write writes a batch in one transaction, and acknowledges it.
func (w *writer) write(b batch) error {
	start := time.Now()
	alone, err := w.transaction(b)
	if err != nil {
		w.queue.failed(fmt.Errorf("%s: %w", w.store.path, err))
		w.store.counts.failing.Store(true)
		return err
	}
	w.store.counts.failing.Store(false)
	w.store.counts.committed(time.Since(start))
	w.queue.done(b)
	for _, a := range b.asked {
		a.done <- alone[a]
	}
	return nil
}

// transaction returns the error of the disk, and those of changes that couldn't be.
func (w *writer) transaction(b batch) (alone map[*asking]error, err error) {
	if err := executeAll(w.conn, "BEGIN IMMEDIATE"); err != nil {
		return nil, err
	}
	defer func() {
		if err != nil && !w.conn.AutocommitEnabled() {
			err = errors.Join(err, executeAll(w.conn, "ROLLBACK"))
		}
	}()
	for _, s := range b.steps {
		if err := w.step(s); err != nil {
			if ofDisk(err) {
				return nil, err
			}
			if s.asked != nil {
				if alone == nil {
					alone = map[*asking]error{}
				}
				alone[s.asked] = err
			} else {
				w.store.options.Log.Error().Err(err).Msg("a record or message can't be stored")
			}
		}
	}
	return alone, executeAll(w.conn, "COMMIT")
}

// step writes one part of a batch, or nothing of it.
func (w *writer) step(s step) error {
	if err := executeAll(w.conn, "SAVEPOINT step"); err != nil {
		return err
	}
	err := w.do(s)
	if err == nil || ofDisk(err) {
		return errors.Join(err, executeAll(w.conn, "RELEASE step"))
	}
	return errors.Join(err, executeAll(w.conn, "ROLLBACK TO step; RELEASE step"))
}

func (w *writer) do(s step) error {
	switch {
	case s.late != nil:
		return s.late.change.do(w.conn)
	case s.asked == nil:
		return w.store.writeMessages(w.conn, s.said)
	}
	for _, c := range s.asked.changes {
		if err := c.do(w.conn); err != nil {
			return err
		}
	}
	return nil
}

// ofDisk says whether the error is of the disk, or of the database as a whole, and not of what was to be written.
func ofDisk(err error) bool {
	switch sqlite.ErrCode(err).ToPrimary() {
	case sqlite.ResultConstraint, sqlite.ResultMismatch, sqlite.ResultTooBig, sqlite.ResultError, sqlite.ResultRange:
		return false
	}
	return true
}

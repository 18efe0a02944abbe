package store

import (
	"cmp"
	"errors"
	"fmt"
	"time"

	"zombiezen.com/go/sqlite"
)

// Change writes changes, all of them or none, and returns when they are on the disk. On an error none has happened: the error says what couldn't be, or that the disk fails, or is ErrClosed.
// It waits for the disk, and may be called from any goroutine but an event loop's.
func (s *Store) Change(changes ...Change) error {
	s.first.Store(nil)
	return <-s.queue.ask(changes).done
}

// Later has changes written with what is written next, and tried again until the disk takes them. Of those about the same the last one counts, a Change of it among them. One that can't be is logged. It never blocks, and
// may be called from any goroutine.
func (s *Store) Later(changes ...Change) {
	s.first.Store(nil)
	for _, c := range changes {
		s.queue.put(c)
	}
}

// Say has messages written, in their order. The slice and what is in it is the store's from then on. It never blocks, and may be called from any goroutine. It does nothing where messages aren't kept.
func (s *Store) Say(batch []Message) {
	if !s.options.Keep.Off && len(batch) > 0 {
		s.queue.say(batch)
	}
}

// writer is the goroutine that changes the database.
type writer struct {
	conn        *sqlite.Conn
	path        string
	log         sound // the write-ahead log
	queue       *queue
	counts      *counts
	trouble     trouble
	messages    func(*sqlite.Conn, []Message) error // writes messages, in a transaction
	settled     func(happened bool)                 // is told how each transaction has ended, that of a chore too; nil: nobody wants to know
	chores      chores
	checkpoints checkpoints
	ended       chan struct{}
	failed      error // of the last try, and of closing
}

// run writes until the queue is closed, and what waits then is written, or can't be.
func (w *writer) run() {
	defer close(w.ended)
	timer := time.NewTimer(0)
	for {
		b, wait, closed := w.queue.take()
		switch {
		case !b.empty():
			w.failed = w.write(b)
			w.between()
			continue
		case closed:
			w.failed = cmp.Or(w.failed, w.checkpoints.end(w.conn, w.log.path))
			return
		}
		if w.idle() {
			continue
		}
		timer.Reset(min(wait, w.checkpoints.wait(time.Now()), lookAgain))
		select {
		case <-w.queue.waken:
		case <-timer.C:
		}
	}
}

// write writes a batch in one transaction, and answers who waits for it.
func (w *writer) write(b batch) error {
	start := time.Now()
	w.trouble.begin()
	var alone map[*asking]error
	err := w.transaction(func() (err error) {
		alone, err = w.steps(b.steps)
		return err
	})
	w.trouble.end(b.what(), err)
	if err != nil {
		w.queue.failed(b, fmt.Errorf("%s: %w", w.path, err))
		return err
	}
	w.counts.committed(time.Since(start), b.rows)
	w.checkpoints.written(b.bytes)
	w.chores.wake(start)
	w.queue.done(b, alone)
	return nil
}

// transaction does something in a transaction, which has happened if there is no error.
func (w *writer) transaction(do func() error) (err error) {
	if err := run(w.conn, "BEGIN IMMEDIATE", nil); err != nil {
		return err
	}
	if w.settled != nil {
		defer func() { w.settled(err == nil) }()
	}
	if err = do(); err == nil {
		err = run(w.conn, "COMMIT", nil)
	}
	if err != nil && !w.conn.AutocommitEnabled() { // SQLite itself takes some transactions back, as on a full disk
		err = cmp.Or(err, run(w.conn, "ROLLBACK", nil))
	}
	if err == nil {
		w.log.note()
	} else {
		w.log.failed(err)
	}
	return err
}

// steps writes the parts of a batch. alone are the changes that couldn't be, each for itself; the error is that of the disk.
func (w *writer) steps(all []step) (alone map[*asking]error, err error) {
	for _, s := range all {
		err := w.step(s)
		switch {
		case err == nil:
		case ofDisk(err) || w.conn.AutocommitEnabled():
			return nil, err
		case s.asked == nil:
			w.trouble.log.Error().Err(err).Int("messages", len(s.said)).Msg("something can't be stored as it is, and never will be")
		case alone == nil:
			alone = map[*asking]error{s.asked: err}
		default:
			alone[s.asked] = err
		}
	}
	return alone, nil
}

// step writes one part of a batch, or nothing of it.
func (w *writer) step(s step) error {
	if s.said != nil { // a savepoint would copy each page that they are written to; what can't be is left out
		return w.do(s)
	}
	if err := run(w.conn, "SAVEPOINT step", nil); err != nil {
		return err
	}
	err := w.do(s)
	if err == nil {
		return run(w.conn, "RELEASE step", nil)
	}
	if ofDisk(err) {
		return err
	}
	undone := run(w.conn, "ROLLBACK TO step", nil)
	return cmp.Or(undone, run(w.conn, "RELEASE step", nil), err)
}

func (w *writer) do(s step) error {
	if s.said != nil {
		return w.messages(w.conn, s.said)
	}
	for _, c := range s.changes {
		if c.do == nil {
			return errNoChange
		}
		if err := c.do(w.conn); err != nil {
			return err
		}
	}
	return nil
}

// errNoChange is a mistake of the caller.
var errNoChange = errors.New("a change must be made by one of the functions of store that return one")

// between is what is done between two batches.
func (w *writer) between() {
	now := time.Now()
	if c := w.chores.due(true, w.allowed(now)); c != nil {
		w.chore(c)
	}
	if w.checkpoints.due(now, false) && w.trouble.allows(theCheckpoint, now) {
		w.checkpoint(now)
	}
}

// idle does something of what can wait, and says whether it has.
func (w *writer) idle() bool {
	now := time.Now()
	if w.checkpoints.due(now, true) && w.trouble.allows(theCheckpoint, now) {
		w.checkpoint(now)
		return true
	}
	if now.Sub(w.chores.woke) >= lookAgain {
		w.chores.wake(now)
	}
	c := w.chores.due(false, w.allowed(now))
	if c != nil {
		w.chore(c)
	}
	return c != nil
}

// allowed says whether a chore may be done now.
func (w *writer) allowed(now time.Time) func(*chore) bool {
	return func(c *chore) bool { return w.trouble.allows(c.name, now) }
}

func (w *writer) checkpoint(now time.Time) {
	w.trouble.begin()
	w.trouble.end(theCheckpoint, w.checkpoints.make(w.conn, now))
}

// chore does a piece of a chore. One that fails rests.
func (w *writer) chore(c *chore) {
	w.trouble.begin()
	err := w.transaction(func() error {
		more, err := c.piece(w.conn)
		c.rests = !more || err != nil
		return err
	})
	if err == nil && !c.rests {
		w.checkpoints.written(choreBytes)
	}
	if err != nil {
		c.rests = true
		err = fmt.Errorf("%s: %w", c.name, err)
	}
	w.trouble.end(c.name, err)
}

// ofDisk says whether an error is that of the disk, or of the database as a whole, and not of what was to be written.
func ofDisk(err error) bool {
	switch sqlite.ErrCode(err).ToPrimary() {
	case sqlite.ResultConstraint, sqlite.ResultMismatch, sqlite.ResultTooBig, sqlite.ResultError, sqlite.ResultRange:
		return false
	}
	return true
}

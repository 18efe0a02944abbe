package store

import (
	"errors"
	"runtime"
	"sync"
	"time"

	"looproom/loop/room"
)

// The most that wait at the desk, of one address and in all.
const (
	maxWaitingOfOne = 64
	maxWaiting      = 4_096
)

// maxRows is how many messages one look gets at most, whatever it asks for.
const maxRows = 500

// desk answers looks, on readers' goroutines, so that no loop waits. Each has a thread of its own that gives way to the loops.
type desk struct {
	path   string
	queue  *queue
	counts *counts
	mu     sync.Mutex
	some   sync.Cond // something waits, or it is closed
	turns  turns
	closed bool
	ended  sync.WaitGroup
}

// question is a look that waits.
type question struct {
	look  *room.Look
	done  func(Found, error)
	said  uint64    // what came up to that number is to be written before, see queue.awaited
	asked time.Time // when it came
}

// open has readers begin: two, or one if there is one processor.
func (d *desk) open(path string, q *queue, c *counts) {
	d.path, d.queue, d.counts, d.turns = path, q, c, newTurns()
	d.some.L = &d.mu
	for range min(2, runtime.GOMAXPROCS(0)) {
		r := &reader{}
		r.openNow(path)
		d.ended.Go(func() { d.serve(r) })
	}
}

// close has those who wait told ErrClosed, and returns when no reader is left. A look under way is answered before.
func (d *desk) close() {
	d.mu.Lock()
	d.closed = true
	d.some.Broadcast()
	d.mu.Unlock()
	d.ended.Wait()
}

// Ask has a reader answer a look, of who has the address whom, and calls done on the reader's goroutine, once; Found.Rows is done's. It never blocks, and may be called from any goroutine.
// What was said before is waited for, if it is on its way to the disk, for a quarter of a second at most. Addresses take turns, and one whose looks have taken long waits longer. false: too many wait, of that address or in all, or the store is closed; done is never called then.
//
// The error is ErrNoWord, ErrClosed, or one of the disk.
func (s *Store) Ask(whom string, look *room.Look, done func(Found, error)) bool {
	d, q := &s.desk, question{look, done, s.queue.awaited(look), time.Now()}
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.closed || !d.turns.add(whom, q) {
		return false
	}
	d.some.Signal()
	return true
}

// serve answers until the desk is closed. Its thread ends with it.
func (d *desk) serve(r *reader) {
	runtime.LockOSThread()
	giveWay()
	defer func() {
		if r.conn != nil {
			_ = r.conn.Close()
		}
	}()
	for {
		who, q, closed := d.next()
		if closed {
			return
		}
		d.queue.settle(q.said, q.asked)
		ofProcess.begin()
		start := time.Now()
		found, err := d.answer(r, q.look)
		d.counts.looks.Add(1)
		d.counts.looking.Add(int64(time.Since(start)))
		q.done(found, err)
		ofProcess.end()
		d.mu.Lock()
		d.turns.took(who, time.Since(start))
		d.mu.Unlock()
	}
}

// next waits for a question. When the desk is closed it answers those who wait.
func (d *desk) next() (who *address, q question, closed bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for d.turns.waiting == 0 && !d.closed {
		d.some.Wait()
	}
	for d.closed && d.turns.waiting > 0 {
		_, q := d.turns.next()
		d.mu.Unlock()
		q.done(Found{}, ErrClosed)
		d.mu.Lock()
	}
	if d.closed {
		return nil, question{}, true
	}
	who, q = d.turns.next()
	return who, q, false
}

// openNow opens the connection before it is needed: a disk that hangs by then lets nobody open the write-ahead log, but read what is in memory. Where that fails it is tried again.
func (r *reader) openNow(path string) {
	if conn, err := openReader(path); err == nil {
		r.conn = conn
	}
}

// answer reads, on a connection that is opened anew after an error.
func (d *desk) answer(r *reader, look *room.Look) (found Found, err error) {
	if r.conn == nil {
		if r.conn, err = openReader(d.path); err != nil {
			return Found{}, err
		}
	}
	err = r.snapshot(func() error {
		found, err = r.answer(look)
		return err
	})
	if err != nil && !errors.Is(err, ErrNoWord) {
		err = errors.Join(err, r.conn.Close())
		r.conn = nil
	}
	return found, err
}

// answer answers a look, of which one field says what may be seen: its rooms, its account.
func (r *reader) answer(look *room.Look) (Found, error) {
	bounded := *look
	bounded.N = max(1, min(look.N, maxRows))
	switch look.Verb {
	case room.History:
		return r.history(&bounded)
	case room.Search:
		return r.search(&bounded)
	case room.Export:
		return r.export(&bounded)
	case room.Targets:
		return r.targets(&bounded)
	}
	return Found{}, errors.New("nobody can look so")
}

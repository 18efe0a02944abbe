//go:build linux

package rival

import (
	"context"
	"errors"
	"sync"

	"golang.org/x/sys/unix"
)

// queued is the chat with two threads for each client: one reads and does what the client says under the hub's lock, which only
// queues the bytes for each receiver; the other writes all that is queued for its client in one call. Nobody waits for a receiver that
// doesn't read; it is dropped when maxPending bytes are queued for it.
//
// The writing threads wait for a sync.Cond. The same server in C with pthreads, measured beside it (500 receivers, 2 CPUs, CPU per
// delivery), takes a third to a half of this one's with 1 message in flight, where Go needs more switches to go on with a locked thread,
// and about twenty times as much with 64: there each signal wakes a thread for one message, and Go's scheduler wakes late, so that writes merge.
// Waiting in futex(2) here loses that merging, too, and gains nothing with 1 message.
type queued struct {
	hub  *hub
	crew *crew
	o    Options
}

// queue is what one client is still to get, a receiver. Any thread may call it.
type queue struct {
	conn *blockingConn

	mu      sync.Mutex
	filled  sync.Cond // for the writing thread: there are bytes, or the end
	drained sync.Cond // for an echo: there is room
	bytes   []byte
	ended   bool // no more bytes come
	broken  bool // what is queued goes nowhere
}

func newQueue(conn *blockingConn) *queue {
	q := &queue{conn: conn}
	q.filled.L, q.drained.L = &q.mu, &q.mu
	return q
}

func serveQueued(ctx context.Context, o Options) error {
	l, err := listen(o)
	if err != nil {
		return err
	}
	defer l.close()
	o.ready(l.addr)
	s := &queued{hub: newHub(o), o: o}
	if o.Echo {
		s.crew = newCrew(2, s.echo)
		return s.crew.serve(ctx, l)
	}
	s.crew = newCrew(2, s.talk)
	context.AfterFunc(ctx, s.hub.close)
	var ticking sync.WaitGroup
	ticking.Go(func() { tickUntil(ctx.Done(), s.hub.tick) })
	defer ticking.Wait()
	return s.crew.serve(ctx, l)
}

// startWriting starts the second thread of a client. stop has it write what is left and waits for its end.
func (s *queued) startWriting(q *queue) (stop func()) {
	done := make(chan struct{})
	s.crew.start(func() {
		defer close(done)
		q.writeAll()
	})
	return func() {
		q.finish()
		<-done
	}
}

// talk serves a client on its first thread.
func (s *queued) talk(conn *blockingConn) {
	q := newQueue(conn)
	stop := s.startWriting(q)
	s.hub.mu.Lock()
	m := s.hub.admit(q)
	s.hub.mu.Unlock()
	talk := newSession(m, s.hub.do, s.o.maxLine())
	talk.connect(conn.name)
	left := conn.converse(talk)
	stop()
	if left {
		conn.linger()
	}
}

// echo serves an echo's client on its first thread.
func (s *queued) echo(conn *blockingConn) {
	q := newQueue(conn)
	stop := s.startWriting(q)
	for {
		b, _ := conn.read()
		if len(b) == 0 || !q.sendWithRoom(b) {
			break
		}
	}
	stop()
}

// send queues b, or drops the client where it has too much waiting.
func (q *queue) send(b []byte) {
	q.mu.Lock()
	defer q.mu.Unlock()
	switch {
	case q.broken || q.ended:
	case len(q.bytes)+len(b) > maxPending:
		q.breakLocked()
	default:
		q.add(b)
	}
}

// echoRoom is how many bytes of an echo are queued until its client has to wait.
const echoRoom = 256 << 10

// sendWithRoom is send for who can wait. It returns false when the connection broke.
func (q *queue) sendWithRoom(b []byte) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	for len(q.bytes) > echoRoom && !q.broken {
		q.drained.Wait()
	}
	if !q.broken {
		q.add(b)
	}
	return !q.broken
}

func (q *queue) add(b []byte) {
	if len(q.bytes) == 0 {
		q.filled.Signal()
	}
	q.bytes = append(q.bytes, b...)
}

// finish lets the writing thread end when all is written.
func (q *queue) finish() {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.ended = true
	q.filled.Signal()
}

func (q *queue) breakLocked() {
	q.broken, q.bytes = true, nil
	q.conn.hangUp()
	q.filled.Signal()
	q.drained.Signal()
}

// writeAll is the second thread of a client. It returns when all is written, or nothing more can be.
func (q *queue) writeAll() {
	var spare []byte
	for {
		b := q.take(spare)
		if len(b) == 0 {
			return
		}
		if !q.write(b) {
			q.mu.Lock()
			q.breakLocked()
			q.mu.Unlock()
			return
		}
		if spare = b; cap(b) > maxRead {
			spare = nil // one burst should not cost memory for good
		}
	}
}

// take waits for bytes and returns all there are; none at the end. The queue goes on with the memory of spare.
func (q *queue) take(spare []byte) []byte {
	q.mu.Lock()
	defer q.mu.Unlock()
	for len(q.bytes) == 0 && !q.ended && !q.broken {
		q.filled.Wait()
	}
	b := q.bytes
	q.bytes = spare[:0]
	q.drained.Signal()
	return b
}

// write writes b as long as the client may still read. A slow client is none that has gone, unless it has nothing more to say.
func (q *queue) write(b []byte) bool {
	for {
		rest, err := q.conn.write(b)
		if err == nil {
			return true
		}
		if !errors.Is(err, unix.EAGAIN) || q.lonely() {
			return false
		}
		b = rest
	}
}

// lonely says that nobody but the writing thread has to do with the client.
func (q *queue) lonely() bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.ended
}

var _ receiver = (*queue)(nil)

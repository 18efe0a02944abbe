//go:build linux

package generator

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"looproom/bench"
	"looproom/bench/match"
)

// fleet is all clients of a run.
type fleet struct {
	options    Options
	workload   bench.Workload
	ways       []Way // in which clients read, by turns
	began      time.Time
	workers    []*worker
	clients    []*client
	senders    []*sender
	byRoom     [][]*sender
	credits    []atomic.Int64 // by sender: completed messages of closed loops that another worker has seen
	closedLoop bool
	storm      bool

	talking atomic.Bool
	closed  atomic.Bool
	failed  atomic.Int64 // clients that could not come in
	left    atomic.Int64 // clients that left
	done    sync.WaitGroup
}

// now is the time since the fleet began. Safe for any goroutine.
func (f *fleet) now() time.Duration { return time.Since(f.began) }

func newFleet(w bench.Workload, o Options) (*fleet, error) {
	f := &fleet{
		options: o, workload: w, ways: o.ways(&w), began: time.Now(), storm: w.Kind == bench.Storm,
		closedLoop: w.Kind == bench.Echo || w.Kind == bench.Fanout || (w.Kind == bench.Rooms && w.Rate == 0),
	}
	for i := range o.Workers {
		worker, err := newWorker(f, i)
		if err != nil {
			return nil, err
		}
		f.workers = append(f.workers, worker)
	}
	f.deal()
	for _, worker := range f.workers {
		f.done.Go(worker.run)
	}
	return f, nil
}

func (f *fleet) dialect(c *client) bench.Dialect { return f.ways[c.way].Dialect }

// hello is what c says first: to be in its room, or to talk in all.
func (f *fleet) hello(c *client) []bench.HelloStep {
	if c.index == 0 && byTurns(&f.workload) {
		return f.dialect(c).(bench.Rover).Tour(0, f.workload.Rooms)
	}
	return f.dialect(c).Hello(c.index, c.room)
}

// deal makes the clients and gives them to rooms, ways to read and workers in turn: client i is in room i%Rooms, on worker i%Workers, and the
// members of each room read in turn in each way, and at each node.
func (f *fleet) deal() {
	w := &f.workload
	for i := range w.Clients {
		c := &client{
			index: i, room: i % w.Rooms, way: i / w.Rooms % len(f.ways), node: i / w.Rooms / len(f.ways) % (1 + len(f.options.Nodes)),
			slow: i >= w.Clients-w.Slow,
		}
		f.clients = append(f.clients, c)
		worker := f.workers[i%len(f.workers)]
		worker.clients = append(worker.clients, c)
		worker.toDial = append(worker.toDial, c)
	}
	f.appoint()
}

// appoint makes the first clients senders, and tells everyone how many there are in its room. The one that talks by turns is a sender in each
// room.
func (f *fleet) appoint() {
	w := &f.workload
	f.byRoom = make([][]*sender, w.Rooms)
	if byTurns(w) {
		for room := range w.Rooms {
			f.add(f.clients[0], room)
		}
	} else {
		for i := range f.senderCount() {
			f.add(f.clients[i], f.clients[i].room)
		}
	}
	f.credits = make([]atomic.Int64, len(f.senders))
	for _, c := range f.clients {
		c.next = make([]uint32, len(f.byRoom[c.room]))
	}
	f.countReceivers()
	for _, worker := range f.workers {
		worker.slots = make([][]slot, len(f.senders))
		for i, s := range f.senders {
			if s.needs[worker.number] > 0 {
				worker.slots[i] = make([]slot, len(s.due))
			}
		}
	}
}

// add makes c a sender in a room.
func (f *fleet) add(c *client, room int) {
	s := &sender{number: uint32(len(f.senders)), inRoom: len(f.byRoom[room]), room: room, client: c, worker: f.workers[c.index%len(f.workers)]}
	f.byRoom[room] = append(f.byRoom[room], s)
	f.senders = append(f.senders, s)
	s.worker.senders = append(s.worker.senders, s)
	s.newRings(f.inFlight())
	if f.workload.Answers && c.asks == nil {
		c.asks = &match.Counter{Pattern: f.dialect(c).(bench.Asker).Answer()}
	}
}

func (f *fleet) senderCount() int {
	switch f.workload.Kind {
	case bench.Echo:
		return f.workload.Clients
	case bench.Fanout:
		return 1
	case bench.Idle, bench.Storm:
		return 0
	default:
		return f.workload.Senders
	}
}

// inFlight is how many messages of a sender are kept track of at once.
func (f *fleet) inFlight() int {
	w := &f.workload
	switch {
	case w.Kind == bench.Echo:
		return 2 * w.Depth
	case w.Kind == bench.Fanout:
		return 2 * w.Window
	case f.closedLoop:
		return 4
	default:
		return max(1024, ringsOfAll/max(1, f.senderCount()))
	}
}

// ringsOfAll is how many messages of all senders of an open loop are kept track of at least; more on their way than that is a server
// that doesn't keep up.
const ringsOfAll = 1 << 19

// countReceivers finds for every sender who gets its messages.
func (f *fleet) countReceivers() {
	readers := make([][]int32, f.workload.Rooms) // by room and worker
	for i := range readers {
		readers[i] = make([]int32, len(f.workers))
	}
	for i, c := range f.clients {
		if !c.slow {
			readers[c.room][i%len(f.workers)]++
		}
	}
	for _, s := range f.senders {
		s.needs = make([]int32, len(f.workers))
		for i := range f.workers {
			s.needs[i] = f.readersOf(s, i, readers[s.room][i])
			s.total += int64(s.needs[i])
			if s.needs[i] > 0 {
				s.workers++
			}
		}
	}
}

// readersOf is how many clients of a worker get what s says, where n of its room are there.
func (f *fleet) readersOf(s *sender, worker int, n int32) int32 {
	here := s.worker.number == worker
	switch {
	case f.workload.Kind == bench.Echo && here:
		return 1
	case f.workload.Kind == bench.Echo:
		return 0
	case here && !s.client.slow && s.client.room == s.room:
		return n - 1
	}
	return n
}

// connect brings all clients in. It returns when all are, or have failed, or ctx is done.
func (f *fleet) connect(ctx context.Context) error {
	for _, w := range f.workers {
		w.ring()
	}
	last, since := int64(-1), time.Now()
	for {
		in, failed := f.in(), f.failed.Load()
		f.options.Progress(Progress{Phase: "connecting", Clients: int(in), Fraction: float64(in) / float64(len(f.clients))})
		if in+failed >= int64(len(f.clients)) {
			return nil
		}
		if in+failed != last {
			last, since = in+failed, time.Now()
		}
		if time.Since(since) > connectPatience {
			return fmt.Errorf("%d of %d clients are in, and for %v no other has come in", in, len(f.clients), connectPatience)
		}
		if err := pause(ctx, tick); err != nil {
			return err
		}
	}
}

// in is how many clients are connected and have said hello.
func (f *fleet) in() (n int64) {
	for _, w := range f.workers {
		n += w.in.Load()
	}
	return n
}

// disconnects is why connections ended that should not have, by reason.
func (f *fleet) disconnects() map[string]int {
	all := map[string]int{}
	for _, w := range f.workers {
		w.do(func() {
			for reason, n := range w.lost {
				all[reason] += n
			}
		})
	}
	return all
}

// each runs do on every worker, one after the other.
func (f *fleet) each(do func(w *worker)) {
	for _, w := range f.workers {
		w.do(func() { do(w) })
	}
}

// close ends all connections and the workers.
func (f *fleet) close() {
	if f == nil {
		return
	}
	f.closed.Store(true)
	for _, w := range f.workers {
		w.ring()
	}
	f.done.Wait()
}

const tick = 5 * time.Millisecond

var errInterrupted = errors.New("interrupted")

// pause waits for d, or for ctx to be done.
func pause(ctx context.Context, d time.Duration) error {
	select {
	case <-ctx.Done():
		return errInterrupted
	case <-time.After(d):
		return nil
	}
}

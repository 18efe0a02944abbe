//go:build linux

package generator

import (
	"time"

	"looproom/bench"
)

// complete is when a message of s has come to all of its receivers; by is the worker that found it so. Any worker may call it.
func (w *worker) complete(by *worker, s *sender) {
	if !w.fleet.closedLoop {
		return
	}
	if by == w {
		s.credit++
		return
	}
	w.fleet.credits[s.number].Add(1)
	w.ring()
}

// refill has senders with credit talk: those of a closed loop.
func (w *worker) refill() {
	if !w.fleet.closedLoop || !w.fleet.talking.Load() {
		return
	}
	for _, s := range w.senders {
		if n := w.fleet.credits[s.number].Swap(0); n > 0 {
			s.credit += int(n)
		}
		if s.credit > 0 {
			w.talk(s, s.credit, w.fleet.now())
			s.credit = 0
		}
	}
}

// sendDue sends what is due in an open loop.
func (w *worker) sendDue() {
	if w.schedule.stopped || len(w.senders) == 0 {
		return
	}
	now := w.fleet.now()
	for {
		due, ok := w.schedule.take(now)
		if !ok {
			return
		}
		s := w.senders[w.turn%len(w.senders)]
		w.turn++
		w.talk(s, 1, due)
		lag := w.fleet.now() - due
		w.counts.lag.Record(lag)
		if lag > lateBy {
			w.counts.late++
		}
	}
}

// talk sends n messages of s with one write.
func (w *worker) talk(s *sender, n int, due time.Duration) {
	c := s.client
	// In a ring that is full the oldest message is still missing somewhere: the server doesn't keep up.
	if c.stage != ready || len(c.out) > maxOut || s.left[s.seq&s.mask].Load() != 0 {
		w.counts.skipped += int64(n)
		return
	}
	w.scratch = w.scratch[:0]
	for range n {
		w.words = appendRecord(w.words[:0], s.number, s.seq, w.fleet.workload.Size)
		w.scratch = w.fleet.options.Dialect.Say(w.scratch, c.index, c.room, w.words)
		at := s.seq & s.mask
		s.due[at].Store(int64(due))
		s.left[at].Store(s.workers)
		s.seq++
	}
	w.counts.sent += int64(n)
	w.counts.expected += int64(n) * s.total
	w.await.Add(int64(n) * s.total)
	if err := c.send(w.scratch); err != nil {
		w.end(c, err)
		return
	}
	w.poll(c)
}

// startTalking begins a phase of traffic.
func (w *worker) startTalking(rate float64) {
	load := &w.fleet.workload
	if !w.fleet.closedLoop {
		if len(w.senders) > 0 {
			share := rate * float64(len(w.senders)) / float64(len(w.fleet.senders))
			w.schedule = newSchedule(share, load.Poisson, w.fleet.now(), uint64(w.number))
		}
		return
	}
	depth := 1
	switch load.Kind {
	case bench.Echo:
		depth = load.Depth
	case bench.Fanout:
		depth = load.Window
	}
	for _, s := range w.senders {
		s.credit = 0
		w.talk(s, max(depth, 1), w.fleet.now())
	}
}

// stopTalking ends it; what is on its way may still come.
func (w *worker) stopTalking() {
	w.schedule.stopped = true
	for _, s := range w.senders {
		s.credit = 0
		w.fleet.credits[s.number].Store(0)
	}
}

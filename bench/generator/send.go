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
	together := 0
	for _, s := range w.senders {
		if n := w.fleet.credits[s.number].Swap(0); n > 0 {
			s.credit += int(n)
		}
		if byTurns(&w.fleet.workload) {
			together += s.credit
		} else if s.credit > 0 {
			w.talk(s, s.credit, w.fleet.now())
		}
		s.credit = 0
	}
	if together > 0 {
		w.talk(w.senders[0], together, w.fleet.now())
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

// talk sends n messages of s with one write. The one who talks in several rooms goes from one to the next.
func (w *worker) talk(s *sender, n int, due time.Duration) {
	c := s.client
	if c.stage != ready || len(c.out) > maxOut {
		w.counts.skipped += int64(n)
		return
	}
	w.scratch = w.scratch[:0]
	for range n {
		if byTurns(&w.fleet.workload) {
			s = w.senders[w.turn%len(w.senders)]
			w.turn++
		}
		w.say(s, due)
	}
	if err := c.send(w.scratch); err != nil {
		w.end(c, err)
		return
	}
	w.poll(c)
}

// say appends a message of s to what is to be sent, and counts it.
func (w *worker) say(s *sender, due time.Duration) {
	at := s.seq & s.mask
	// In a ring that is full the oldest message is still missing somewhere: the server doesn't keep up.
	if s.left[at].Load() != 0 {
		w.counts.skipped++
		return
	}
	w.words = appendRecord(w.words[:0], s.number, s.seq, w.fleet.workload.Size)
	w.scratch = w.append(w.scratch, s)
	s.due[at].Store(int64(due))
	s.left[at].Store(s.workers)
	s.seq++
	w.counts.sent++
	w.counts.expected += s.total
	w.await.Add(s.total)
	if s.client.asks != nil {
		w.scratch = w.fleet.dialect(s.client).(bench.Asker).Ask(w.scratch)
		w.counts.asked++
		w.await.Add(1)
	}
}

// append appends the words at hand as a message of s.
func (w *worker) append(dst []byte, s *sender) []byte {
	d := w.fleet.dialect(s.client)
	if byTurns(&w.fleet.workload) {
		return d.(bench.Rover).SayIn(dst, s.client.index, s.room, w.words)
	}
	return d.Say(dst, s.client.index, s.room, w.words)
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
		if byTurns(load) {
			return
		}
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

//go:build linux

package generator

import (
	"time"

	"looproom/bench"
)

// readable takes what has come for c.
func (w *worker) readable(c *client) {
	n, err := c.receive(w.buf[tailRoom:])
	if err != nil {
		w.end(c, err)
		return
	}
	if n == 0 {
		return
	}
	in := w.buf[tailRoom : tailRoom+n]
	switch c.stage {
	case greeting:
		w.greeted(c, in)
	case ready:
		w.deliveries(c, n)
	}
}

// smallRead is up to how many bytes a read is searched for what the server says by itself though there are messages in it.
const smallRead = 512

// deliveries finds the messages in the n bytes behind the tail room.
func (w *worker) deliveries(c *client, n int) {
	begin := tailRoom - len(c.tail)
	copy(w.buf[begin:], c.tail)
	in := w.buf[begin : tailRoom+n]
	now := w.fleet.now()
	found := int64(0)
	records := reader{buf: in, size: w.fleet.workload.Size}
	for {
		number, seq, ok := records.next()
		if !ok {
			c.tail = append(c.tail[:0], in[records.at:]...)
			break
		}
		if int(number) < len(w.fleet.senders) {
			w.delivery(c, w.fleet.senders[number], seq, now)
			found++
		}
	}
	if c.asks != nil {
		w.counts.answers += int64(c.asks.Count(w.buf[tailRoom : tailRoom+n]))
	}
	w.heard.Store(w.counts.received + w.counts.answers)
	if found == 0 || n < smallRead {
		w.control(c, w.buf[tailRoom:tailRoom+n])
	}
	w.refill()
}

// control answers what the server says by itself.
func (w *worker) control(c *client, in []byte) {
	w.scratch = w.fleet.dialect(c).Control(w.scratch[:0], in)
	if len(w.scratch) > 0 {
		if err := c.send(w.scratch); err != nil {
			w.end(c, err)
		}
	}
}

// delivery counts one message that came to c.
func (w *worker) delivery(c *client, s *sender, seq uint64, now time.Duration) {
	if (c == s.client) != (w.fleet.workload.Kind == bench.Echo) || c.room != s.room {
		return // one's own message, which some servers send back
	}
	next := &c.next[s.inRoom]
	if uint32(seq) != *next {
		if !w.outOfOrder(c, s, uint32(seq), next) {
			return
		}
	} else {
		*next++
	}
	w.counts.received++
	w.counts.lastArrival = int64(now)
	at := seq & s.mask
	latency := now - time.Duration(s.due[at].Load())
	w.counts.latency.record(latency)
	if c.node != s.client.node {
		w.counts.across.record(latency)
	}
	slot := &w.slots[s.number][at]
	if slot.seq != uint32(seq) {
		slot.seq, slot.here = uint32(seq), 0
	}
	if slot.here++; slot.here == s.needs[w.number] && s.left[at].Add(-1) == 0 {
		w.counts.last.Record(latency)
		s.worker.complete(w, s)
	}
}

// outOfOrder deals with a delivery that isn't the next one, and says whether it is new.
func (w *worker) outOfOrder(c *client, s *sender, seq uint32, next *uint32) bool {
	ahead := int32(seq - *next)
	if ahead > 0 {
		for missing := *next; missing != seq; missing++ {
			w.gaps[gap{c.index, s.number, missing}] = struct{}{}
		}
		*next = seq + 1
		return true
	}
	g := gap{c.index, s.number, seq}
	if _, missing := w.gaps[g]; missing {
		delete(w.gaps, g)
		w.counts.reordered++
		return true
	}
	if int32(seq-uint32(s.first.Load())) < 0 {
		w.counts.stale++
	} else {
		w.counts.duplicated++
	}
	return false
}

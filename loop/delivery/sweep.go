//go:build linux

package delivery

import (
	"cmp"
	"slices"
	"time"

	"golang.org/x/sys/unix"
)

const (
	// turn is how long a sweep works at a time. Then the loop reads its input before it goes on.
	turn = 300 * time.Microsecond
	// longTurn and longestTurn are that when messages come faster than they go out: when streams hold more than behind bytes, and farBehind. Nothing else
	// slows down who sends as fast as it can, and the memory would grow.
	longTurn    = time.Millisecond
	longestTurn = 20 * time.Millisecond
	behind      = 4 << 20
	farBehind   = 16 << 20
	// visitsAtOnce is how many members are written to before the clock is looked at, and another group has its turn.
	visitsAtOnce = 16
	// drawsAtOnce is how many pieces of sources are made before the clock is looked at: each is more work than a write.
	drawsAtOnce = 4
)

// Sweep writes what waits, for one turn. more says that there is more to be done now: it wants to be called again soon, whether Host.Wake has been called or not. It returns at the latest when
// the turn is over and one last batch of visitsAtOnce writes.
func (w *Writer) Sweep() (more bool) {
	began := w.host.Now()
	end := began + w.turn()
	w.resume(began)
	w.dropSlow()
	w.goRound(began + (end-began)/2)
	w.flushDirty(end)
	w.goRound(end)
	w.spill()
	w.tidyOwn()
	return w.active.len() > 0 || w.swept < len(w.dirty) || len(w.tooMuch) > 0 || w.spiller.at > 0
}

// goRound visits the members of groups until nobody has anything pending, or the time has come.
func (w *Writer) goRound(end time.Duration) {
	for w.active.len() > 0 {
		g := w.active.pop()
		switch w.round(g, visitsAtOnce) {
		case active:
			w.active.push(g)
		case paused:
			w.paused = append(w.paused, g)
		}
		if w.host.Now() >= end {
			return
		}
	}
}

func (w *Writer) turn() time.Duration {
	switch fresh := w.pool.held - w.pool.stuck; {
	case fresh > farBehind:
		return longestTurn
	case fresh > behind:
		return longTurn
	}
	return turn
}

// flushDirty writes to those who have been told something alone, until the time has come.
func (w *Writer) flushDirty(end time.Duration) {
	for i := 1; w.swept < len(w.dirty); i++ {
		w.drawn = 0
		w.flushSome(min(visitsAtOnce, len(w.dirty)-w.swept))
		if (i%2 == 0 || w.drawn > 0) && w.host.Now() >= end {
			break
		}
	}
	if w.swept == len(w.dirty) {
		w.dirty, w.swept = w.dirty[:0], 0
		if cap(w.dirty) > maxSpareDirty {
			w.dirty = nil
		}
	} else if w.swept > maxSpareDirty {
		w.dirty = w.dirty[:copy(w.dirty, w.dirty[w.swept:])]
		w.swept = 0
	}
}

const maxSpareDirty = 4096

func (w *Writer) flushSome(n int) {
	defer w.recovered()
	for ; n > 0 && w.drawn < drawsAtOnce; n-- {
		r := w.dirty[w.swept]
		w.dirty[w.swept] = nil
		w.swept++
		r.unset(dirty)
		w.at = r
		w.Flush(r)
	}
	w.at = nil
}

// round visits at most n members of g, where its sweep has stopped, and says how g goes on.
func (w *Writer) round(g *Group, n int) (next groupState) {
	defer w.recovered()
	g.state, next = active, active // should a visit panic, the group stays in the list
	for ; n > 0; n-- {
		if g.cursor >= g.limit {
			if next := w.lap(g); next != active {
				return next
			}
		}
		r := g.members[g.cursor]
		g.cursor++
		g.pace.visits++
		w.at = r
		w.visit(r)
	}
	w.at = nil
	return active
}

// visit writes to r what is pending for it.
func (w *Writer) visit(r *Receiver) {
	if r.out != nil || r.is&(full|sealed|finished) != 0 || r.fd < 0 {
		w.settle(r)
		if r.out != nil && !r.has(full) {
			w.flush(r)
		}
		return
	}
	b := w.batch.of(w, r)
	if b == nil {
		return
	}
	n, errno := w.write(r, b.iov)
	if errno == 0 && n == b.bytes {
		w.heard(r)
		return
	}
	w.settle(r)
	if r.out == nil {
		return
	}
	if n > 0 {
		w.took(r, n)
	}
	if errno != 0 {
		w.host.Failed(r, errno)
		return
	}
	w.Block(r)
}

// lap is when the sweep has come to the end of g.
func (w *Writer) lap(g *Group) (next groupState) {
	now := w.host.Now()
	g.pace.finish(now, len(g.members))
	if !g.wrap(w) {
		w.batch.forget()
		g.state = idle
		return idle
	}
	if d := w.delay(g, now); d > 0 {
		w.pause(g, now+d)
		return paused
	}
	g.pace.began = now
	return active
}

// pend has g swept.
func (w *Writer) pend(g *Group) {
	g.pend()
	g.pace.messages++
	if g.state != idle {
		return
	}
	if len(g.members) >= patientFrom {
		now := w.host.Now()
		if d := w.delay(g, now); d > 0 {
			w.pause(g, now+d)
			w.paused = append(w.paused, g)
			return
		}
		g.pace.began = now
	}
	g.state = active
	w.active.push(g)
	w.host.Wake()
}

// resume has the groups swept whose wait is over.
func (w *Writer) resume(now time.Duration) {
	kept := w.paused[:0]
	for _, g := range w.paused {
		if now < g.pace.wakeAt {
			kept = append(kept, g)
			continue
		}
		g.pace.began = now
		g.state = active
		w.active.push(g)
	}
	clear(w.paused[len(kept):])
	w.paused = kept
	if len(kept) > 0 {
		w.host.WakeAt(slices.MinFunc(kept, func(a, b *Group) int { return cmp.Compare(a.pace.wakeAt, b.pace.wakeAt) }).pace.wakeAt)
	}
}

func (w *Writer) pause(g *Group, until time.Duration) {
	g.state = paused
	g.pace.wakeAt = until
	w.host.WakeAt(until)
}

// recovered ends the connection that was written to when something panicked. Groups and lists are as they were before that visit, or after it.
func (w *Writer) recovered() {
	value := recover()
	if value == nil {
		return
	}
	r := w.at
	w.at = nil
	w.batch.forget()
	w.host.Panicked(r, value)
	w.host.Wake()
}

// batch is the write that was prepared last. Those who stand at the same offsets in the same groups get the same.
type batch struct {
	key   []place // whom it is for
	iov   []iovec
	text  []byte // what iov points to, where that had to be copied
	bytes int
	valid bool
}

// place is what is pending of a stream.
type place struct {
	stream *stream
	at     uint64
	end    uint64
}

// of returns the write for r, nil if nothing is pending. It has all that is.
func (b *batch) of(w *Writer, r *Receiver) *batch {
	if b.valid && b.fits(r) {
		if b.bytes == 0 {
			return nil
		}
		return b
	}
	b.prepare(w, r)
	if b.bytes == 0 {
		return nil
	}
	return b
}

// fits says whether exactly what b was made of is pending for r.
func (b *batch) fits(r *Receiver) bool {
	n := 0
	if st := &r.seat; st.stream != nil && st.at != st.stream.end {
		if len(b.key) == 0 || b.key[0] != (place{st.stream, st.at, st.stream.end}) {
			return false
		}
		n = 1
	}
	if r.more == nil {
		return n == len(b.key)
	}
	for i := range *r.more {
		st := &(*r.more)[i]
		if st.stream == nil || st.at == st.stream.end {
			continue
		}
		if n == len(b.key) || b.key[n] != (place{st.stream, st.at, st.stream.end}) {
			return false
		}
		n++
	}
	return n == len(b.key)
}

func (b *batch) prepare(w *Writer, r *Receiver) {
	b.forget()
	for st := range r.seats {
		if st.at != st.stream.end {
			b.key = append(b.key, place{st.stream, st.at, st.stream.end})
		}
	}
	b.valid = true
	switch len(b.key) {
	case 0:
		return
	case 1:
		p := &b.key[0]
		b.iov = p.stream.appendIovecs(b.iov, p.at+uint64(p.stream.lead), p.end)
	default:
		b.gather(w.order.runs(r))
	}
	for i := range b.iov {
		b.bytes += int(b.iov[i].Len)
	}
}

// gather makes a write of runs. Many short ones are copied: the kernel takes as long for a slice as for some hundred bytes, and here they are for many.
func (b *batch) gather(runs []run) {
	lead := uint64(runs[0].stream.lead)
	if len(runs) <= fewRuns {
		for _, run := range runs {
			b.iov = run.stream.appendIovecs(b.iov, run.start+lead, run.end)
			lead = 0
		}
		return
	}
	b.text = b.text[:0]
	for _, run := range runs {
		run.stream.pieces(run.start+lead, run.end, func(c *chunk, from, to uint32) {
			b.text = append(b.text, c.bytes[from:to]...)
		})
		lead = 0
	}
	b.iov = append(b.iov, unix.Iovec{Base: &b.text[0], Len: uint64(len(b.text))})
}

const fewRuns = 4

// forget lets go of the memory of streams.
func (b *batch) forget() {
	clear(b.iov)
	clear(b.key)
	b.iov, b.key, b.bytes, b.valid = b.iov[:0], b.key[:0], 0, false
}

// queue is groups, first in, first out. A group is in it once, so the number of groups bounds it.
type queue struct {
	groups []*Group
	first  int
}

func (q *queue) len() int { return len(q.groups) - q.first }

func (q *queue) push(g *Group) {
	if q.first > 0 && len(q.groups) == cap(q.groups) {
		kept := copy(q.groups, q.groups[q.first:])
		clear(q.groups[kept:])
		q.groups, q.first = q.groups[:kept], 0
	}
	q.groups = append(q.groups, g)
}

func (q *queue) pop() *Group {
	g := q.groups[q.first]
	q.groups[q.first] = nil
	if q.first++; q.first == len(q.groups) {
		q.groups, q.first = q.groups[:0], 0
	}
	return g
}

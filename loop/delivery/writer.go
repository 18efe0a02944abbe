//go:build linux

package delivery

import (
	"time"
)

// Message is something to be told. It encodes itself at the end of dst in a form, all of it: with the end of a line, or the header of a frame.
type Message interface {
	Append(dst []byte, form uint8) []byte
}

// Host is what a Writer asks of the event loop that it belongs to. The Writer calls it on the loop's goroutine, in the middle of what it is called for itself; the
// host may call back, also to close the very receiver that it is told of.
type Host interface {
	// Layout tells how messages of a form are told apart.
	Layout(form uint8) Layout
	// Now is a clock that never goes back.
	Now() time.Duration
	// Wake has Sweep called once what has come is handled, and WakeAt at a time.
	Wake()
	WakeAt(at time.Duration)
	// Watch has Writable called, once, when the socket can take bytes. An error ends the receiver's connection.
	Watch(r *Receiver) error
	// Transmit writes to a sealed receiver: with Front, Took, WriteSealed and Written.
	Transmit(r *Receiver)
	// Finished is when all that a receiver was owed has been sent, and nothing more will be said to it.
	Finished(r *Receiver)
	// Failed is when the connection is to end: err is of a write or of Watch, or one of this package.
	Failed(r *Receiver, err error)
	// Skipped counts messages that a slow receiver was not told of, and returns the notice that stands in their place, laid out for it. skipped is all that
	// the notice speaks of, lost those of now.
	Skipped(r *Receiver, skipped, lost int) []byte
	// Eased is when few answers wait again for a receiver that Throttle was called for.
	Eased(r *Receiver)
	// Panicked is a panic in the middle of delivery. r, nil if it isn't known, will get nothing more.
	Panicked(r *Receiver, value any)
}

// Limits bound what waits for slow receivers, in bytes.
type Limits struct {
	// SendQ may wait for one that takes nothing for Grace; HardSendQ for nobody.
	SendQ, HardSendQ int
	Grace            time.Duration
	// MergeWait is the longest that a lap waits for more messages. 0: none does.
	MergeWait time.Duration
}

// Tally is what a Writer has counted since it was last emptied.
type Tally struct {
	Deliveries, Writes, Bytes uint64
}

// Writer delivers for one event loop. It must be made by New.
type Writer struct {
	// Tally is read and emptied by the host.
	Tally Tally

	host      Host
	limits    Limits
	pool      pool
	own       *chunk // of what is told to one receiver alone; nil: there is none
	spare     []*outbox
	copied    int    // bytes of all copies in outboxes, and of what their sources hold
	drawn     int    // pieces that sources have given since the sweep last looked at the clock
	fulls     int    // receivers whose sockets are full, but not narrow
	published uint64 // messages to groups

	dirty   []*Receiver // have something to be sent or finished, behind swept
	swept   int
	waiting []*Receiver // could not be sent all
	tooMuch []*Receiver // have too much waiting
	active  queue       // groups with something pending
	paused  []*Group    // that wait for more messages
	spiller spiller

	at      *Receiver   // who is written to just now
	scratch []byte      // a message, encoded
	twice   []*Receiver // who would be told of a message by two groups
	batch   batch
	order   ordering
	iov     []iovec
}

// New returns a Writer with no receivers.
func New(host Host, limits Limits) *Writer {
	return &Writer{host: host, limits: limits, spiller: spiller{most: spillMost}}
}

// SetLimits changes the limits, from the next time on that they are looked at.
func (w *Writer) SetLimits(limits Limits) { w.limits = limits }

// Held is how many bytes of memory hold messages: those of streams, and copies of the outboxes' own.
func (w *Writer) Held() int { return w.pool.held + w.copied }

// Memory is Held, and what is kept for use.
func (w *Writer) Memory() int { return w.pool.memory() + w.copied }

// SetSpill bounds the copies that slow receivers may have, in bytes, besides what this package allows.
func (w *Writer) SetSpill(bytes int) { w.spiller.most = min(bytes, spillMost) }

// Waiting is how many receivers could not be sent all.
func (w *Writer) Waiting() int { return len(w.waiting) }

// EachWaiting yields those. Nothing may be done with any of them meanwhile.
func (w *Writer) EachWaiting(yield func(*Receiver) bool) {
	for _, r := range w.waiting {
		if !yield(r) {
			return
		}
	}
}

// Full is how many receivers there are whose sockets can take no more, those aside that are Narrow.
func (w *Writer) Full() int { return w.fulls }

// Narrow says whether r's socket has a buffer that is counted elsewhere.
func (w *Writer) Narrow(r *Receiver, is bool) {
	was := r.has(full)
	w.setFull(r, false)
	if r.unset(narrow); is {
		r.set(narrow)
	}
	w.setFull(r, was)
}

func (w *Writer) setFull(r *Receiver, is bool) {
	if r.has(full) == is {
		return
	}
	n := 1
	if r.has(narrow) {
		n = 0
	}
	if is {
		r.set(full)
		w.fulls += n
	} else {
		r.unset(full)
		w.fulls -= n
	}
}

// Open makes r a receiver that is written to by a descriptor. id must be its alone; its low 32 bits are the slot by which members are ordered. form is one that it
// reads. mayLose says that it is to lose messages of its groups rather than its connection when it is slow. The zero Receiver is not open.
func (w *Writer) Open(r *Receiver, id uint64, fd int, form uint8, mayLose bool) {
	*r = Receiver{id: id, fd: int32(fd), form: form}
	if mayLose {
		r.set(skips)
	}
}

// Seal has the host write to r from now on.
func (w *Writer) Seal(r *Receiver) { r.set(sealed) }

// Redirect has r written to by another descriptor, also while something waits.
func (w *Writer) Redirect(r *Receiver, fd int) {
	r.fd = int32(fd)
	if r.has(full) {
		w.watch(r)
	}
}

// Close forgets what waits for r. Its descriptor is the host's to close. The groups are left by Leave.
func (w *Writer) Close(r *Receiver) {
	r.fd = -1
	w.discard(r)
	w.setFull(r, false)
	r.unset(throttled)
}

// Finish says that nothing more will be said to r: when all is sent, Host.Finished is called. What its groups say from now on is not for it.
func (w *Writer) Finish(r *Receiver) {
	if r.Deaf() {
		return
	}
	w.settle(r)
	r.set(finished)
	w.soil(r)
}

// Touch has the next sweep look at r, and Host.Transmit or Host.Finished called if they are due.
func (w *Writer) Touch(r *Receiver) { w.soil(r) }

// Flush writes to r now, and not with the next sweep.
func (w *Writer) Flush(r *Receiver) {
	if !r.has(full) {
		w.settle(r)
		w.flush(r)
	}
}

// Join makes r a member of g, which it is not yet, and reads in the form. It hears what is published from now on.
func (w *Writer) Join(r *Receiver, g *Group, form uint8) {
	w.settle(r)
	s := g.stream(w, form)
	s.readers++
	*r.freeSeat() = seat{stream: s, at: s.end}
	g.insert(r)
	switch n := r.groupCount(); {
	case n == 2:
		for other := range r.Groups {
			other.shared++
		}
	case n > 2:
		g.shared++
	}
}

// Leave takes r out of g. It still gets what was published before.
func (w *Writer) Leave(r *Receiver, g *Group) {
	st := r.seatIn(g)
	if st == nil {
		return
	}
	w.settle(r)
	switch n := r.groupCount(); {
	case n == 2:
		for other := range r.Groups {
			other.shared--
		}
	case n > 2:
		g.shared--
	}
	g.leave(w, st.stream)
	*st = seat{}
	r.tidy()
	g.remove(r)
}

// Switch has r read g in another form from now on.
func (w *Writer) Switch(r *Receiver, g *Group, form uint8) {
	st := r.seatIn(g)
	if st == nil || st.stream.form == form {
		return
	}
	w.settle(r)
	s := g.stream(w, form)
	s.readers++
	g.leave(w, st.stream)
	*st = seat{stream: s, at: s.end}
}

// FormIn is the form in which r reads g, false if it is no member.
func (w *Writer) FormIn(r *Receiver, g *Group) (uint8, bool) {
	if st := r.seatIn(g); st != nil {
		return st.stream.form, true
	}
	return 0, false
}

// Publish tells the members of g but the speaker, who may be nil or no member. m is encoded once for each form that is read in the group.
func (w *Writer) Publish(g *Group, speaker *Receiver, m Message) {
	if len(g.members) == 0 {
		return
	}
	var st *seat
	if speaker != nil {
		if st = speaker.seatIn(g); st != nil {
			if len(g.members) == 1 {
				return
			}
			w.settle(speaker)
		}
	}
	w.published++
	for _, s := range g.streams {
		w.scratch = m.Append(w.scratch[:0], s.form)
		s.append(w, w.scratch)
		w.Tally.Deliveries += uint64(s.readers)
	}
	if st != nil {
		st.at = st.stream.end
		w.Tally.Deliveries--
	}
	w.trimScratch()
	w.pend(g)
}

// PublishOnce tells the members of all of groups but the speaker, nobody twice.
func (w *Writer) PublishOnce(groups []*Group, speaker *Receiver, m Message) {
	for i, g := range groups {
		w.twice = w.twice[:0]
		for _, r := range g.members {
			if i > 0 && r != speaker && r.isInOneOf(groups[:i]) {
				w.settle(r)
				w.twice = append(w.twice, r)
			}
		}
		w.Publish(g, speaker, m)
		for _, r := range w.twice {
			st := r.seatIn(g)
			st.at = st.stream.end
			w.Tally.Deliveries--
		}
	}
	clear(w.twice)
}

// Tell tells r alone, behind all that has been published to its groups, what others say to it.
func (w *Writer) Tell(r *Receiver, m Message, form uint8) { w.tell(r, m, form, false) }

// Answer is Tell for what r has asked for itself: it counts for Receiver.Answers.
func (w *Writer) Answer(r *Receiver, m Message, form uint8) { w.tell(r, m, form, true) }

func (w *Writer) tell(r *Receiver, m Message, form uint8, answer bool) {
	if r.Deaf() {
		return
	}
	w.scratch = m.Append(w.scratch[:0], form)
	w.Tally.Deliveries++
	w.send(r, w.scratch, answer, w.host.Layout(form).lead())
	w.trimScratch()
}

// Send is Answer for bytes, which are copied. It also works for who is finished: what belongs to the end of a connection.
func (w *Writer) Send(r *Receiver, b []byte) {
	if !r.Closed() {
		w.send(r, b, true, 0)
	}
}

func (w *Writer) send(r *Receiver, b []byte, answer bool, lead uint8) {
	if len(b) == 0 {
		return
	}
	w.settle(r)
	if w.own == nil || w.own.room() < len(b) {
		w.newOwn(len(b))
	}
	start := uint32(len(w.own.bytes))
	w.own.bytes = append(w.own.bytes, b...)
	w.outboxOf(r).addRange(piece{chunk: w.own, start: start, end: uint32(len(w.own.bytes)), answer: answer}, lead)
	w.added(r)
}

// newOwn begins another chunk for what is told to one receiver alone, in the memory of the last one if nobody waits for that.
func (w *Writer) newOwn(need int) {
	class := 0
	if c := w.own; c != nil {
		if c.refs == 1 && cap(c.bytes) >= need {
			c.bytes = c.bytes[:0]
			return
		}
		class = classFor(cap(c.bytes)) + 1
		w.pool.detach(c)
	}
	w.own = w.pool.take(min(class, chunkClasses-1), need)
	w.grew()
}

// tidyOwn lets go of the chunk for what is told to one receiver alone when it has become large and nobody waits for it.
func (w *Writer) tidyOwn() {
	if c := w.own; c != nil && c.refs == 1 && cap(c.bytes) > smallestChunk {
		w.pool.detach(c)
		w.own = nil
	}
}

// TellFrom has r told what s gives, behind all that has been said to it. Until s has no more it counts as so many bytes of memory (holds), and as so many of answers (asks).
func (w *Writer) TellFrom(r *Receiver, s Source, holds, asks int) {
	if r.Deaf() {
		s.Close()
		return
	}
	w.settle(r)
	w.copied += w.outboxOf(r).addSource(s, holds, asks)
	w.Tally.Deliveries++
	w.added(r)
}

// Supply says that a source of r's which had nothing has something now, or is at its end. It holds so many bytes, which count as waiting until it gives them.
func (w *Writer) Supply(r *Receiver, s Source, bytes int) {
	if r.Closed() || r.out == nil {
		return
	}
	if e := r.out.extraOf(s); e != nil {
		w.count(r.out, bytes-e.held)
		e.held = bytes
	}
	w.added(r)
	if !r.has(full) {
		w.soil(r)
	}
}

// Throttle has Host.Eased called once no more than easeAt bytes of answers wait for r. It is the host's to hold back what it does for r until then.
func (w *Writer) Throttle(r *Receiver) { r.set(throttled) }

// easeAt is how many bytes of answers may wait for a receiver for whom there were too many, when the next of them may be made.
const easeAt = 16 << 10

// settle puts what is pending for r in its groups into its outbox.
func (w *Writer) settle(r *Receiver) {
	if r.more == nil && (r.seat.stream == nil || r.seat.at == r.seat.stream.end) {
		return
	}
	var pending *seat
	n := 0
	for st := range r.seats {
		if st.at != st.stream.end {
			pending = st
			n++
		}
	}
	switch {
	case n == 0:
		return
	case r.Deaf():
		w.heard(r)
		return
	case n == 1:
		w.takeRange(r, pending.stream, pending.at, pending.stream.end)
		pending.at = pending.stream.end
	default:
		for _, run := range w.order.runs(r) {
			w.takeRange(r, run.stream, run.start, run.end)
		}
		w.heard(r)
	}
	w.added(r)
}

// heard notes that nothing is pending for r in its groups.
func (w *Writer) heard(r *Receiver) {
	if st := &r.seat; st.stream != nil {
		st.at = st.stream.end
	}
	if r.more == nil {
		return
	}
	for i := range *r.more {
		if st := &(*r.more)[i]; st.stream != nil {
			st.at = st.stream.end
		}
	}
}

// takeRange puts a range of a stream into r's outbox.
func (w *Writer) takeRange(r *Receiver, s *stream, start, end uint64) {
	o, skippable := w.outboxOf(r), r.has(skips)
	s.pieces(start, end, func(c *chunk, from, to uint32) {
		o.addRange(piece{chunk: c, start: from, end: to, skippable: skippable}, s.lead)
	})
}

// added is when r's outbox has got something.
func (w *Writer) added(r *Receiver) {
	if r.out == nil {
		return
	}
	if r.out.waitingAt < 0 {
		w.soil(r)
	}
	if !r.has(over) && r.out.owes() > w.limits.HardSendQ {
		r.set(over)
		w.tooMuch = append(w.tooMuch, r)
		w.host.Wake()
	}
}

// soil has r looked at by the next sweep.
func (w *Writer) soil(r *Receiver) {
	if !r.has(dirty) {
		r.set(dirty)
		w.dirty = append(w.dirty, r)
		w.host.Wake()
	}
}

// trimScratch doesn't keep the memory of an answer that was very long.
func (w *Writer) trimScratch() {
	if cap(w.scratch) > largestChunk {
		w.scratch = nil
	}
}

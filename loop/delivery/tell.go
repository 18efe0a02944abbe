//go:build linux

package delivery

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
		e.weigh(w, r.out)
	}
	w.added(r)
	if !r.has(full) {
		w.Touch(r)
	}
}

// Throttle has Host.Eased called once no more than easeAt bytes of answers wait for r. It is the host's to hold back what it does for r until then.
func (w *Writer) Throttle(r *Receiver) { r.set(throttled) }

// easeAt is how many bytes of answers may wait for a receiver for whom there were too many, when the next of them may be made.
const easeAt = 16 << 10

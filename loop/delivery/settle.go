//go:build linux

package delivery

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
		w.Touch(r)
	}
	if !r.has(over) && r.out.owes() > w.limits.HardSendQ {
		r.set(over)
		w.tooMuch = append(w.tooMuch, r)
		w.host.Wake()
	}
}

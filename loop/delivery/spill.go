//go:build linux

package delivery

const (
	// spillOver is how many bytes of chunks slow receivers may keep alive before theirs are copied out of them.
	spillOver = 8 << 20
	// spillMost is how many bytes slow receivers may have in copies of their own. What many of them wait for is better left in the chunks, where it stands
	// once: a hundred clients that didn't read 8 MiB had them a hundred times, and copying took more than a second.
	spillMost = 128 << 20
	// spillWait is how many bytes of chunks they may keep alive whose bytes are not copied.
	spillWait = 32 << 20
	// spillTurn is how many bytes are copied at a time, or pieces looked at.
	spillTurn = 512 << 10
)

// spiller goes through those who wait, from the last to the first, and copies what they wait for out of the chunks that nobody else needs.
type spiller struct {
	asked bool // chunks have been added since it last went through
	most  int  // bytes that all copies may take
	at    int  // index in Writer.waiting behind the next one; 0: it is not going through
}

// grew is when another chunk is in use.
func (w *Writer) grew() { w.spiller.asked = true }

// spill goes on, for at most about spillTurn bytes. Nobody gets more than a quarter of what is left of spillMost, so that there is always some for those who wait for
// little. The others keep their chunks, and are too slow once those are too many.
func (w *Writer) spill() {
	s := &w.spiller
	if s.at == 0 {
		if !s.asked || w.pool.stuck <= spillOver {
			return
		}
		s.asked, s.at = false, len(w.waiting)
	}
	for budget := spillTurn; budget > 0 && s.at > 0; s.at-- {
		if s.at > len(w.waiting) {
			continue
		}
		budget -= w.spillOne(w.waiting[s.at-1])
	}
}

// spillOne returns what it has cost: bytes that were copied, and something for each piece that was looked at.
func (w *Writer) spillOne(r *Receiver) (cost int) {
	stuck := r.out.stuck()
	cost = 64 + 16*len(r.out.waiting())
	switch {
	case stuck == 0:
	case stuck <= (w.spiller.most-w.copied)/4:
		w.copyOut(r.out)
		cost += stuck
	case w.pool.stuck > spillWait:
		w.tooSlow(r)
		if r.out != nil && r.out.stuck() == stuck {
			w.host.Failed(r, ErrSlow) // there was nothing that it could lose
		}
	}
	return cost
}

// stuck is how many bytes of the outbox stand in chunks that no stream holds.
func (o *outbox) stuck() (n int) {
	for i := range o.waiting() {
		if p := &o.waiting()[i]; p.chunk != nil && !p.chunk.live {
			n += int(p.end - p.start)
		}
	}
	return n
}

// copyOut copies what stands in chunks that no stream holds.
func (w *Writer) copyOut(o *outbox) {
	for i := range o.waiting() {
		p := &o.waiting()[i]
		if p.chunk == nil || p.chunk.live {
			continue
		}
		own := append([]byte(nil), p.text()...)
		w.pool.release(p.chunk)
		o.own += len(own)
		w.copied += len(own)
		p.chunk, p.start, p.end, p.more = nil, 0, 0, &extra{bytes: own}
	}
}

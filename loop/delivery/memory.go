//go:build linux

package delivery

// Held is how many bytes of memory hold messages: those of streams, and copies of the outboxes' own.
func (w *Writer) Held() int { return w.pool.held + w.copied }

// Memory is Held, and what is kept for use.
func (w *Writer) Memory() int { return w.pool.memory() + w.copied }

// Lavish says whether more memory is kept for the next burst than in quiet times: then Tidy is to be called in about a second.
func Lavish(w *Writer) bool { return w.pool.lavish() }

// Tidy lets go of memory that is kept for the next burst and has not been used since Tidy was called last; or of all of it, if there is too little memory.
func Tidy(w *Writer, all bool) { w.pool.tidy(all) }

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

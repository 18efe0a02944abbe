//go:build linux

package delivery

import (
	"time"
	"unsafe"

	"golang.org/x/sys/unix"
)

// outbox is what goes to one receiver before what its streams have for it, in order.
type outbox struct {
	pieces []piece
	first  int // how many of pieces have been sent
	size   int // how many bytes wait
	own    int // of those, how many are copies of its own
	asides int // of those, how many its sources count by themselves: no bytes that wait
	// answers is how many of the bytes that wait the receiver has asked for, and what its sources count as.
	answers int
	// waitingAt is the receiver's index in the writer's list of those whose outbox could not be emptied, -1 if it isn't there.
	waitingAt int
	progress  time.Duration // when the socket last took some of what waits, or the client was seen to take some of what its socket had
	queued    int           // bytes in the socket that the client had not taken when that was last looked at, 0 if it was not; see takes
	usual     [2]piece      // the memory of pieces, as long as they are few
}

// piece is a part of an outbox: a range of a chunk, or what more says.
type piece struct {
	chunk      *chunk // nil: more is not
	start, end uint32 // in chunk
	more       *extra
	torn       uint32 // how many bytes at its front belong to a frame whose beginning has been sent (receivers of Messages that may skip only)
	skippable  bool   // messages to a group, of a receiver that may lose some
	answer     bool   // what the receiver has asked for; a source counts as what extra says
	begun      bool   // some of it has been sent: it may begin in the middle of a line
}

// extra is a piece that is in no chunk: bytes of its own, or what a source gives.
type extra struct {
	bytes  []byte
	source Source // nil for bytes alone
	holds  int    // bytes of memory that the source counts
	asks   int    // bytes of answers that the source counts as, until it has no more
	dry    bool   // the source has no more
	held   int    // bytes that the source has ready; they are counted already
	// skipped is how many messages the bytes say that the receiver has lost, 0 if they say something else.
	skipped int
}

// Source is an answer that is made as the receiver takes it: a file, a long list.
type Source interface {
	// Next returns the next bytes, borrowed until it is called again, or none; more says whether any come behind them. None, and more to come: they are on their
	// way, and Writer.Supply says when they are there.
	Next() (b []byte, more bool)
	// Close lets go of what the source holds. It comes once, and nothing after it.
	Close()
}

// Stock is a Source that may have more in memory than the next bytes: Held is how many bytes of memory that takes just now. It is asked when something has been supplied or
// taken, and counts in the place of what TellFrom was told.
type Stock interface {
	Source
	Held() int
}

const (
	pieceSize  = int(unsafe.Sizeof(piece{}))
	outboxSize = int(unsafe.Sizeof(outbox{}))
)

// owes is all memory that is held for the receiver's sake, in bytes. Small pieces count with their own size, so that a thousand of them are no less than they are.
func (o *outbox) owes() int { return o.size + len(o.pieces)*pieceSize + outboxSize }

// waiting is the pieces that are still to be sent.
func (o *outbox) waiting() []piece { return o.pieces[o.first:] }

func (o *outbox) empty() bool { return o.first == len(o.pieces) }

// addRange puts p, a range of a chunk, at the end, merged with the last one if they touch and are of one kind. lead bytes at its start are left out where it is the first.
func (o *outbox) addRange(p piece, lead uint8) {
	if o.empty() {
		p.start += uint32(lead)
	} else if last := &o.pieces[len(o.pieces)-1]; last.chunk == p.chunk && last.end == p.start && last.skippable == p.skippable && last.answer == p.answer {
		last.end = p.end
		o.count(&p, p.bytes())
		return
	}
	if p.start == p.end {
		return
	}
	p.chunk.refs++
	o.count(&p, p.bytes())
	o.push(p)
}

// bytes is how long the range of a chunk is.
func (p *piece) bytes() int { return int(p.end - p.start) }

// count notes that n bytes of p have come, or gone.
func (o *outbox) count(p *piece, n int) {
	o.size += n
	if p.answer {
		o.answers += n
	}
}

func (o *outbox) push(p piece) {
	if o.first > 0 && len(o.pieces) == cap(o.pieces) {
		kept := copy(o.pieces, o.pieces[o.first:])
		clear(o.pieces[kept:])
		o.pieces, o.first = o.pieces[:kept], 0
	}
	o.pieces = append(o.pieces, p)
}

// sourceBytes is what a source counts at least by itself: who asks for files without reading them is slow at some time.
const sourceBytes = 256

// addSource puts a source at the end, and returns how many bytes of memory it counts.
func (o *outbox) addSource(s Source, holds, asks int) (held int) {
	e := &extra{source: s, holds: max(holds, sourceBytes), asks: asks}
	o.size += e.holds
	o.own += e.holds
	o.asides += e.holds
	o.answers += e.asks
	o.push(piece{more: e, answer: true})
	return e.holds
}

// weigh counts anew what the source of e, a piece of o, holds.
func (e *extra) weigh(w *Writer, o *outbox) {
	stock, ok := e.source.(Stock)
	if !ok {
		return
	}
	more := max(stock.Held(), sourceBytes) - e.holds
	e.holds += more
	o.asides += more
	w.count(o, more)
}

// extraOf is that of the source s, nil if it isn't there any more.
func (o *outbox) extraOf(s Source) *extra {
	for i := range o.waiting() {
		if e := o.waiting()[i].more; e != nil && e.source == s {
			return e
		}
	}
	return nil
}

// count notes that o holds so many bytes more, or less, in memory of its own.
func (w *Writer) count(o *outbox, bytes int) {
	o.size += bytes
	o.own += bytes
	w.copied += bytes
}

// text is the bytes of a piece that can be sent now.
func (p *piece) text() []byte {
	if p.more != nil {
		return p.more.bytes
	}
	return p.chunk.bytes[p.start:p.end]
}

// done says whether nothing of p is left.
func (p *piece) done() bool {
	if p.more != nil {
		return len(p.more.bytes) == 0 && (p.more.source == nil || p.more.dry)
	}
	return p.start == p.end
}

// holdsBack says whether what stands behind p must wait, because more of it is to come.
func (p *piece) holdsBack() bool { return p.more != nil && p.more.source != nil && !p.more.dry }

// appendSlices appends to dst what can be sent now: at most maxSlices slices, and no further one once limit bytes are reached.
func (o *outbox) appendSlices(dst [][]byte, limit int) [][]byte {
	for i := o.first; i < len(o.pieces) && len(dst) < maxSlices && limit > 0; i++ {
		p := &o.pieces[i]
		if b := p.text(); len(b) > 0 {
			dst = append(dst, b)
			limit -= len(b)
		}
		if p.holdsBack() {
			break
		}
	}
	return dst
}

// appendIovecs is appendSlices for a write.
func (o *outbox) appendIovecs(dst []unix.Iovec, limit int) (iov []unix.Iovec, bytes int) {
	for i := o.first; i < len(o.pieces) && len(dst) < maxSlices && bytes < limit; i++ {
		p := &o.pieces[i]
		if b := p.text(); len(b) > 0 {
			dst = append(dst, unix.Iovec{Base: &b[0], Len: uint64(len(b))})
			bytes += len(b)
		}
		if p.holdsBack() {
			break
		}
	}
	return dst, bytes
}

// sent takes n bytes from the front.
func (o *outbox) sent(w *Writer, n int) {
	for o.first < len(o.pieces) {
		p := &o.pieces[o.first]
		took := min(n, len(p.text()))
		n -= took
		o.take(w, p, took)
		if !p.done() {
			return
		}
		o.dropFirst(w)
	}
}

// take notes that took bytes of p have been sent.
func (o *outbox) take(w *Writer, p *piece, took int) {
	p.begun = p.begun || took > 0
	o.count(p, -took)
	if p.more == nil {
		p.start += uint32(took)
		return
	}
	p.more.bytes = p.more.bytes[took:]
	o.own -= took
	w.copied -= took
}

// dropFirst removes the first piece, of which nothing is left.
func (o *outbox) dropFirst(w *Writer) {
	p := &o.pieces[o.first]
	if p.more != nil && p.more.source != nil {
		o.size -= p.more.holds
		o.own -= p.more.holds
		o.asides -= p.more.holds
		w.copied -= p.more.holds
		o.answers -= p.more.asks
	}
	w.letGo(p)
	*p = piece{}
	if o.first++; o.first == len(o.pieces) {
		o.pieces, o.first = o.pieces[:0], 0
	}
}

// replace sets the pieces that wait, of which those that were there before and are not kept have been let go of.
func (o *outbox) replace(pieces []piece) { o.pieces, o.first = pieces, 0 }

// letGo gives back what p holds.
func (w *Writer) letGo(p *piece) {
	switch {
	case p.chunk != nil:
		w.pool.release(p.chunk)
	case p.more != nil && p.more.source != nil:
		p.more.source.Close()
	}
}

// outboxOf is r's outbox, a spare one if r has none.
func (w *Writer) outboxOf(r *Receiver) *outbox {
	if r.out == nil {
		if n := len(w.spare); n > 0 {
			r.out, w.spare[n-1] = w.spare[n-1], nil
			w.spare = w.spare[:n-1]
		} else {
			r.out = &outbox{waitingAt: -1}
			r.out.pieces = r.out.usual[:0]
		}
	}
	return r.out
}

// spareOutboxes is how many emptied ones are kept for use.
const spareOutboxes = 1024

// discard takes r's outbox away, with all that is in it.
func (w *Writer) discard(r *Receiver) {
	o := r.out
	if o == nil {
		return
	}
	w.stopWaiting(r)
	r.out = nil
	for i := o.first; i < len(o.pieces); i++ {
		w.letGo(&o.pieces[i])
	}
	w.copied -= o.own
	if len(w.spare) < spareOutboxes {
		*o = outbox{waitingAt: -1}
		o.pieces = o.usual[:0]
		w.spare = append(w.spare, o)
	}
}

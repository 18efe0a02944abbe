//go:build linux

package loop

import (
	"slices"
	"time"
)

// outbox is what waits to be sent to one peer, in order.
type outbox struct {
	parts []part
	size  int // how many bytes wait, files aside
	// waitingAt is the peer's index in the loop's list of those whose outbox could not be emptied, -1 if it isn't there.
	waitingAt int
	progress  time.Duration // when the socket last took some of what waits, or the client was seen to take some of what its socket had
	queued    int           // bytes in the socket that the client had not taken when that was last looked at, 0 if it was not; see takes
	narrow    bool          // its socket has the send buffer of a download
	reserved  bool          // the memory of a download has been taken
	kernel    int           // bytes that the kernel is counted to hold
	usual     [4]part       // the memory of parts, as long as they are few
}

func newOutbox() *outbox {
	o := &outbox{}
	o.reset()
	return o
}

// reset makes it an empty one.
func (o *outbox) reset() {
	*o = outbox{waitingAt: -1}
	o.parts = o.usual[:0]
}

// part is a piece of an outbox: a range of the delivery log, or what more says.
type part struct {
	start, end uint64
	more       *extra
	skippable  bool // messages to a room, of a client that may lose some
	begun      bool // some of it has been sent: it may begin in the middle of a line
	// torn is how many bytes at its front belong to a frame whose beginning has been sent (skip doors of WebSocket only).
	torn uint32
}

// extra is a part that is not in the delivery log: bytes of its own, or a file.
type extra struct {
	bytes []byte
	file  *download // nil for bytes alone
	// skipped is how many messages the bytes say that the client has lost, 0 if they say something else.
	skipped int
	// counted says that it has been counted with extraBytes.
	counted bool
	// pending says that the bytes are still to come: the store is being asked. What stands behind it waits.
	pending bool
}

// extraBytes is what a file, or an answer that is being looked for, counts by itself as waiting: who asks for files without reading them is
// slow at some time.
const extraBytes = 256

// addPending puts the place of an answer that is being looked for at the end.
func (o *outbox) addPending() *extra {
	answer := &extra{pending: true, counted: true}
	o.parts = append(o.parts, part{more: answer})
	o.size += extraBytes
	return answer
}

// add puts s at the end, merged with the last range if they touch and are of one kind.
func (o *outbox) add(s span, skippable bool) {
	if n := len(o.parts); n > 0 {
		last := &o.parts[n-1]
		o.size += int(s.end - s.start)
		if last.end == s.start && last.more == nil && last.skippable == skippable {
			last.end = s.end
			return
		}
		o.parts = append(o.parts, part{start: s.start, end: s.end, skippable: skippable})
		return
	}
	start := s.start + uint64(s.lead)
	o.size += int(s.end - start)
	o.parts = append(o.parts, part{start: start, end: s.end, skippable: skippable})
}

// settle gives a pending part its bytes, and puts a file behind them if there is one.
func (o *outbox) settle(answer *extra, text []byte, file *download) {
	for i := range o.parts {
		if o.parts[i].more != answer {
			continue
		}
		answer.bytes, answer.pending = text, false
		o.size += len(text)
		if file != nil {
			o.parts = slices.Insert(o.parts, i+1, part{more: &extra{file: file, counted: true}})
			o.size += extraBytes
		}
		return
	}
}

// sendsFile says whether a file is on its way out.
func (o *outbox) sendsFile() bool {
	return len(o.parts) > 0 && o.parts[0].more != nil && o.parts[0].more.file != nil
}

// isPending says whether what comes next is still to come.
func (o *outbox) isPending() bool {
	return len(o.parts) > 0 && o.parts[0].more != nil && o.parts[0].more.pending
}

// putFirst puts bytes of its own at the front.
func (o *outbox) putFirst(b []byte) {
	o.parts = slices.Insert(o.parts, 0, part{more: &extra{bytes: b}})
	o.size += len(b)
}

// slices appends to dst what can be sent now, at most limit slices.
func (o *outbox) slices(dst [][]byte, log *deliveryLog, limit int) [][]byte {
	for i := range o.parts {
		if len(dst) >= limit {
			break
		}
		p := &o.parts[i]
		if p.more == nil {
			dst = log.slices(dst, p.start, p.end)
			continue
		}
		if len(p.more.bytes) > 0 {
			dst = append(dst, p.more.bytes)
		}
		if p.more.pending || p.more.file != nil && !p.more.file.done() {
			break // what stands behind a file waits for its last byte
		}
	}
	return dst
}

// sent takes n bytes from the front.
func (o *outbox) sent(n int) {
	i := 0
	for ; i < len(o.parts); i++ {
		p := &o.parts[i]
		if p.more != nil {
			took := min(n, len(p.more.bytes))
			p.more.bytes = p.more.bytes[took:]
			n -= took
			if p.more.file == nil {
				o.size -= took
			}
			p.begun = p.begun || took > 0
			if len(p.more.bytes) > 0 || p.more.pending || (p.more.file != nil && !p.more.file.done()) {
				break
			}
			continue
		}
		took := min(uint64(n), p.end-p.start)
		p.start += took
		n -= int(took)
		o.size -= int(took)
		p.begun = p.begun || took > 0
		if p.start < p.end {
			break
		}
	}
	o.drop(i)
}

// drop removes the first n parts.
func (o *outbox) drop(n int) {
	if n == 0 {
		return
	}
	for i := range o.parts[:n] {
		if e := o.parts[i].more; e != nil && e.counted {
			o.size -= extraBytes
		}
	}
	kept := copy(o.parts, o.parts[n:])
	clear(o.parts[kept:])
	o.parts = o.parts[:kept]
}

// oldest is the offset of the first byte of the log that is waited for, or none.
func (o *outbox) oldest(none uint64) uint64 {
	for i := range o.parts {
		if o.parts[i].more == nil {
			return o.parts[i].start
		}
	}
	return none
}

// waitingFile is the file at the front whose next piece has to be read, nil if there is none.
func (o *outbox) waitingFile() *extra {
	if len(o.parts) == 0 || o.parts[0].more == nil {
		return nil
	}
	if e := o.parts[0].more; e.file != nil && len(e.bytes) == 0 && !e.file.done() {
		return e
	}
	return nil
}

// spill copies the ranges that begin before offset out of the log, so that the log can be trimmed though the peer is slow.
func (o *outbox) spill(log *deliveryLog, offset uint64) {
	var scratch [8][]byte
	for i := range o.parts {
		p := &o.parts[i]
		if p.more != nil || p.start >= offset {
			continue
		}
		own := make([]byte, 0, p.end-p.start)
		for _, b := range log.slices(scratch[:0], p.start, p.end) {
			own = append(own, b...)
		}
		*p = part{more: &extra{bytes: own}, skippable: p.skippable, begun: p.begun, torn: p.torn}
	}
}

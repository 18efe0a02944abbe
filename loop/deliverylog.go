//go:build linux

package loop

// Sizes of the delivery log, in bytes.
const (
	chunkSize = 256 << 10
	// headroom is what must be free in a chunk before an event is encoded into it. Most events are one line; a longer one makes
	// its chunk grow.
	headroom = 16 << 10
	// spareChunks is how many empty chunks are kept for the next burst.
	spareChunks = 16
)

// span is a range of the delivery log.
type span struct {
	start, end uint64
	// lead is how many bytes at the start are left out when the span is the first to go out in a write.
	lead uint8
}

// deliveryLog holds the bytes that a loop's peers still wait for. What goes to many stands in it once. Offsets count from the
// beginning of the loop's life and never start again; chunks that nobody waits for are used anew.
type deliveryLog struct {
	chunks []chunk // oldest first, the last one is written to; never empty
	spare  [][]byte
}

type chunk struct {
	base  uint64 // offset of bytes[0]
	bytes []byte
}

func (c *chunk) end() uint64 { return c.base + uint64(len(c.bytes)) }

func newDeliveryLog() deliveryLog {
	return deliveryLog{chunks: []chunk{{bytes: make([]byte, 0, chunkSize)}}}
}

// open returns the tail of the log with room for need bytes if a chunk can have that; the caller appends to it and gives the
// result to close.
func (l *deliveryLog) open(need int) []byte {
	last := &l.chunks[len(l.chunks)-1]
	if cap(last.bytes)-len(last.bytes) < need {
		l.chunks = append(l.chunks, chunk{base: last.end(), bytes: l.newBytes()})
		last = &l.chunks[len(l.chunks)-1]
	}
	return last.bytes
}

// close keeps what was appended to the result of open and returns its range.
func (l *deliveryLog) close(tail []byte) span {
	last := &l.chunks[len(l.chunks)-1]
	start := last.end()
	last.bytes = tail
	return span{start: start, end: last.end()}
}

func (l *deliveryLog) newBytes() []byte {
	if n := len(l.spare); n > 0 {
		b := l.spare[n-1]
		l.spare = l.spare[:n-1]
		return b
	}
	return make([]byte, 0, chunkSize)
}

// trim lets go of all before offset.
func (l *deliveryLog) trim(offset uint64) {
	n := 0
	for n < len(l.chunks)-1 && l.chunks[n].end() <= offset {
		l.recycle(l.chunks[n].bytes)
		n++
	}
	kept := copy(l.chunks, l.chunks[n:])
	clear(l.chunks[kept:])
	l.chunks = l.chunks[:kept]
	if last := &l.chunks[0]; kept == 1 && last.end() <= offset {
		last.base = last.end()
		last.bytes = last.bytes[:0]
		if cap(last.bytes) != chunkSize {
			last.bytes = l.newBytes()
		}
	}
}

func (l *deliveryLog) recycle(b []byte) {
	if cap(b) == chunkSize && len(l.spare) < spareChunks {
		l.spare = append(l.spare, b[:0])
	}
}

// end is the offset behind the last byte.
func (l *deliveryLog) end() uint64 { return l.chunks[len(l.chunks)-1].end() }

// held is how many bytes the log holds.
func (l *deliveryLog) held() int { return int(l.end() - l.chunks[0].base) }

// memory is how many bytes of memory the log takes.
func (l *deliveryLog) memory() (n int) {
	for i := range l.chunks {
		n += cap(l.chunks[i].bytes)
	}
	return n + len(l.spare)*chunkSize
}

// slices appends the bytes from start to end to dst, one slice per chunk that they stand in. They are valid until the next trim.
func (l *deliveryLog) slices(dst [][]byte, start, end uint64) [][]byte {
	i := len(l.chunks) - 1
	for l.chunks[i].base > start {
		i--
	}
	for ; start < end; i++ {
		c := &l.chunks[i]
		stop := min(end, c.end())
		if start < stop {
			dst = append(dst, c.bytes[start-c.base:stop-c.base])
			start = stop
		}
	}
	return dst
}

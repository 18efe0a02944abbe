//go:build linux

package delivery

// Sizes of chunks, in bytes. A stream begins with a small one, takes the next size as long as it fills them, and begins with one
// that would have held what it held last: so ten thousand quiet rooms cost little, and a busy one goes out by one slice.
const (
	smallestChunk = 4 << 10
	largestChunk  = 256 << 10
	chunkClasses  = 4 // each four times as large as the one before
	// spareBytes is how many bytes of unused chunks of each size are kept for the next burst, but at least one chunk. While there are bursts it is
	// busySpareBytes: a room that is read in five ways has five streams.
	spareBytes     = 64 << 10
	busySpareBytes = 2 << 20
)

// chunk is memory in which encoded messages stand, one behind the other. It is written to at its end alone, by whoever opened it.
type chunk struct {
	base  uint64 // offset of bytes[0] in its stream
	bytes []byte
	// refs counts the outbox pieces that point into it, and the stream that it stands in.
	refs int32
	// live says that it stands in a stream. What is not is kept by slow receivers alone.
	live bool
}

func (c *chunk) end() uint64 { return c.base + uint64(len(c.bytes)) }

func (c *chunk) room() int { return cap(c.bytes) - len(c.bytes) }

// pool hands out chunks and takes them back, and knows how many bytes are in use.
type pool struct {
	spare [chunkClasses][]*chunk
	idle  [chunkClasses]int // how many of them nobody has taken since tidy was called
	held  int               // bytes of all chunks in use
	stuck int               // of those that no stream holds any more
}

func classSize(class int) int { return smallestChunk << (2 * class) }

// classFor is the class of the smallest chunk with room for n bytes, chunkClasses if there is none.
func classFor(n int) int {
	class := 0
	for class < chunkClasses && classSize(class) < n {
		class++
	}
	return class
}

// take returns an empty chunk of the class, or one of a size of its own for need bytes if those are more. Its one reference is the caller's.
func (p *pool) take(class, need int) *chunk {
	class = max(class, classFor(need))
	var c *chunk
	if class >= chunkClasses {
		c = &chunk{bytes: make([]byte, 0, need)}
	} else if n := len(p.spare[class]); n > 0 {
		c = p.spare[class][n-1]
		p.spare[class][n-1] = nil
		p.spare[class] = p.spare[class][:n-1]
		p.idle[class] = min(p.idle[class], n-1)
	} else {
		c = &chunk{bytes: make([]byte, 0, classSize(class))}
	}
	c.refs, c.live, c.base = 1, true, 0
	p.held += cap(c.bytes)
	return c
}

// detach is when the stream that holds c lets go of it.
func (p *pool) detach(c *chunk) {
	c.live = false
	p.stuck += cap(c.bytes)
	p.release(c)
}

// release gives one reference back.
func (p *pool) release(c *chunk) {
	if c.refs--; c.refs > 0 {
		return
	}
	size := cap(c.bytes)
	p.held -= size
	if !c.live {
		p.stuck -= size
	}
	class := classFor(size)
	if class < chunkClasses && classSize(class) == size && len(p.spare[class]) < sparesOf(class, busySpareBytes) {
		c.bytes = c.bytes[:0]
		p.spare[class] = append(p.spare[class], c)
	}
}

// sparesOf is how many chunks of a class are within so many bytes, but at least one.
func sparesOf(class, bytes int) int { return max(bytes/classSize(class), 1) }

// lavish says whether more unused chunks are kept than in quiet times.
func (p *pool) lavish() bool {
	for class := range p.spare {
		if len(p.spare[class]) > sparesOf(class, spareBytes) {
			return true
		}
	}
	return false
}

// tidy lets go of unused chunks that nobody has taken since it was called last, or of all, but for as many as in quiet times.
func (p *pool) tidy(all bool) {
	for class := range p.spare {
		n := len(p.spare[class])
		idle := p.idle[class]
		if all {
			idle = n
		}
		if drop := min(idle, n-sparesOf(class, spareBytes)); drop > 0 {
			clear(p.spare[class][n-drop:])
			n -= drop
			p.spare[class] = p.spare[class][:n]
		}
		p.idle[class] = n
	}
}

// memory is how many bytes all chunks take, those included that are kept for use.
func (p *pool) memory() int {
	n := p.held
	for class := range p.spare {
		n += len(p.spare[class]) * classSize(class)
	}
	return n
}

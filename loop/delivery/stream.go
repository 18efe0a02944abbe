//go:build linux

package delivery

import (
	"slices"

	"golang.org/x/sys/unix"
)

// stream is what is said in a group, in one form: bytes at offsets that only grow. It keeps those that a member may still need.
type stream struct {
	group   *Group
	form    uint8
	lead    uint8 // bytes at the start of each message that are left out where nothing goes out before it
	readers int32
	class   uint8 // of its next chunk, if it has none: what it last held would have fitted into that one
	end     uint64
	wrapEnd uint64   // where the stream ended when the sweep last began to go round
	chunks  []*chunk // oldest first
	marks   []mark   // of the messages since some member has been in another group as well; else none
}

// mark is where a message ends, and its place among all that the writer has published.
type mark struct {
	seq uint64
	end uint64
}

// append puts an encoded message at the end.
func (s *stream) append(w *Writer, b []byte) {
	var last *chunk
	class := int(s.class)
	if n := len(s.chunks); n > 0 {
		last = s.chunks[n-1]
		class = classFor(cap(last.bytes)) + 1
	}
	if last == nil || last.room() < len(b) {
		last = w.pool.take(min(class, chunkClasses-1), len(b))
		last.base = s.end
		s.chunks = append(s.chunks, last)
		w.grew()
	}
	last.bytes = append(last.bytes, b...)
	s.end += uint64(len(b))
	if s.group.shared > 0 {
		s.marks = append(s.marks, mark{w.published, s.end})
	}
}

// forget lets go of what lies before offset.
func (s *stream) forget(w *Writer, offset uint64) {
	if offset == s.end && len(s.chunks) > 0 {
		s.class = uint8(min(classFor(int(s.end-s.chunks[0].base)), chunkClasses-1))
	}
	n := 0
	for n < len(s.chunks) && s.chunks[n].end() <= offset {
		w.pool.detach(s.chunks[n])
		n++
	}
	if n > 0 {
		s.chunks = slices.Delete(s.chunks, 0, n)
		if len(s.chunks) == 0 && cap(s.chunks) > 4 {
			s.chunks = nil
		}
	}
	switch {
	case len(s.marks) == 0:
	case offset == s.end:
		s.marks = s.marks[:0]
		if cap(s.marks) > maxSpareMarks {
			s.marks = nil
		}
	default:
		s.marks = slices.Delete(s.marks, 0, s.markAfter(offset))
	}
}

// maxSpareMarks is how many marks a quiet stream keeps the memory of.
const maxSpareMarks = 256

// markAfter is the index of the message that stands behind offset.
func (s *stream) markAfter(offset uint64) int {
	at, _ := slices.BinarySearchFunc(s.marks, offset, func(m mark, offset uint64) int {
		if m.end <= offset {
			return -1
		}
		return 1
	})
	return at
}

// pieces calls yield for each chunk that holds some of [start, end), with the offsets in it.
func (s *stream) pieces(start, end uint64, yield func(c *chunk, from, to uint32)) {
	i := len(s.chunks) - 1
	for i > 0 && s.chunks[i].base > start {
		i--
	}
	for ; start < end; i++ {
		c := s.chunks[i]
		stop := min(end, c.end())
		yield(c, uint32(start-c.base), uint32(stop-c.base))
		start = stop
	}
}

// appendIovecs appends [start, end) to dst. Nothing is copied.
func (s *stream) appendIovecs(dst []unix.Iovec, start, end uint64) []unix.Iovec {
	s.pieces(start, end, func(c *chunk, from, to uint32) {
		dst = append(dst, unix.Iovec{Base: &c.bytes[from], Len: uint64(to - from)})
	})
	return dst
}

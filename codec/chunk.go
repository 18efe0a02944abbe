package codec

import "bytes"

// Chunk is the Framer of clients that send no line end: what one burst without a pause brings is one frame. An LF or CRLF ends a
// frame, too, and isn't part of it. Telnet sequences are left as they are.
//
// The caller knows the time and calls Flush after each pause, with what Next left in buf. It has to do so even when nothing is left:
// where a frame that is too long is being skipped, only that (or an LF) ends the skipping.
//
// It is 12 bytes. Make it with NewChunk.
type Chunk struct {
	limit    uint32 // longest frame in bytes, an LF included
	scanned  uint32 // bytes at the front of buf that earlier calls have looked at
	skipping bool   // the frame is too long and its end has not come
}

var _ Framer = (*Chunk)(nil)

// NewChunk returns a framer for frames of at most limit bytes, an LF included. What is under 1 is taken as 1.
func NewChunk(limit int) Chunk {
	return Chunk{limit: packLimit(limit)}
}

// Next returns the text before the first LF of buf, as Framer says, and nothing as long as there is none.
// A frame is too long when more than limit bytes come without a pause and the first limit of them hold no LF.
func (c *Chunk) Next(buf []byte) (frame []byte, n int, err error) {
	if c.skipping {
		n, ended := skipLine(buf)
		c.skipping = !ended
		return nil, n, nil
	}
	limit := int(c.limit)
	window := buf[:min(len(buf), limit)]
	if end := bytes.IndexByte(window[c.scanned:], '\n'); end >= 0 {
		end += int(c.scanned)
		c.scanned = 0
		return cutReturn(buf[:end]), end + 1, nil
	}
	if len(buf) > limit {
		c.scanned, c.skipping = 0, true
		return nil, limit, ErrTooLong
	}
	c.scanned = uint32(len(window))
	return nil, 0, nil
}

// Flush ends a burst: it returns what is left of it, as Framer says, and ends the skipping of a frame that is too long.
func (c *Chunk) Flush(buf []byte) (frame []byte) {
	skipping := c.skipping
	c.scanned, c.skipping = 0, false
	frame = cutReturn(buf)
	if skipping || len(frame) == 0 {
		return nil
	}
	return frame
}

// Package match finds short patterns in streams that come in pieces.
package match

import "bytes"

// Counter counts a pattern in a stream. A match that overlaps the one before it is none. It is not safe for several goroutines.
type Counter struct {
	Pattern []byte // not empty; not to be changed once Count was called
	tail    []byte // the end of what has come, shorter than the pattern and in no match
}

// Count returns how many matches end in b, the stream's next piece, which is only read.
func (c *Counter) Count(b []byte) (n int) {
	if len(c.tail) > 0 {
		n, b = c.acrossTail(b)
	}
	for {
		at := bytes.Index(b, c.Pattern)
		if at < 0 {
			break
		}
		n++
		b = b[at+len(c.Pattern):]
	}
	c.tail = append(c.tail, b[max(0, len(b)-len(c.Pattern)+1):]...)
	c.tail = c.tail[max(0, len(c.tail)-len(c.Pattern)+1):]
	return n
}

// acrossTail looks for a match that begins in the tail, and returns what of b is behind it. Without one the tail stays if b is too short to
// tell.
func (c *Counter) acrossTail(b []byte) (n int, rest []byte) {
	seam := append(c.tail, b[:min(len(b), len(c.Pattern)-1)]...)
	if at := bytes.Index(seam, c.Pattern); at >= 0 {
		taken := at + len(c.Pattern) - len(c.tail)
		c.tail = c.tail[:0]
		return 1, b[taken:]
	}
	if len(b) >= len(c.Pattern)-1 {
		c.tail = c.tail[:0]
	}
	return 0, b
}

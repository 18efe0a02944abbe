package codec

import (
	"bytes"
	"errors"
	"math"
)

// ErrTooLong says that a frame is over the limit of its framer. It is reported once for each such frame, whose bytes are skipped;
// the framer goes on with the next frame.
var ErrTooLong = errors.New("line too long")

// Framer cuts one client's byte stream into frames.
type Framer interface {
	// Next returns the first whole frame of buf, and how many bytes of buf it took:
	//
	//   - n == 0: more input is needed. The caller keeps buf and calls again with the same bytes and more behind them.
	//   - n > 0, frame nil, err nil: these bytes make no frame (part of a frame that is too long, or telnet negotiation between
	//     lines). The caller calls again with buf[n:].
	//   - n > 0, frame not nil: a frame, maybe an empty one.
	//   - n > 0, err ErrTooLong: once for each frame over the limit; later calls skip the rest of it.
	//
	// frame borrows buf until buf changes. Next may rewrite buf[:n] in place, and touches no byte behind it. It never allocates.
	Next(buf []byte) (frame []byte, n int, err error)

	// Flush returns what is left in buf as the last frame: at the end of the stream or, with Chunk, after a pause. buf is what Next
	// left (it returned n == 0 for it, or nothing is left). frame is nil when no text is left, or what is left belongs to a
	// frame that is being skipped. Flush may rewrite buf, frame borrows it, and the framer is at the beginning of a frame again.
	Flush(buf []byte) (frame []byte)
}

// packLimit makes a number of bytes, 1 or more, fit the four bytes that a framer has for it.
func packLimit(limit int) uint32 {
	return uint32(min(max(limit, 1), math.MaxInt32))
}

// skipLine returns how many bytes of buf belong to a line that is being skipped, and whether its LF is among them.
func skipLine(buf []byte) (n int, ended bool) {
	if end := bytes.IndexByte(buf, '\n'); end >= 0 {
		return end + 1, true
	}
	return len(buf), false
}

// cutReturn cuts one CR from the end of line, and the capacity too, so that an append can't reach the bytes behind it.
func cutReturn(line []byte) []byte {
	end := len(line)
	if end > 0 && line[end-1] == '\r' {
		end--
	}
	return line[:end:end]
}

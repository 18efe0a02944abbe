//go:build linux

package delivery

import (
	"bytes"

	"looproom/codec"
)

// Framing is how messages are told apart on their way to a client.
type Framing uint8

// The framings.
const (
	Lines    Framing = iota // an LF ends each
	Blocks                  // blocks of a fixed size, padded
	Bursts                  // an LF stands between two
	Messages                // WebSocket frames
	CRLF                    // a CR and an LF end each
)

// Layout is what has to be known of a form to lose whole messages of it.
type Layout struct {
	Framing Framing
	Size    int  // of Blocks, in bytes
	Binary  bool // of Messages: its frames are binary ones
}

// lead is how many bytes at the start of a message are left out when nothing goes out before it.
func (y Layout) lead() uint8 {
	if y.Framing == Bursts {
		return 1
	}
	return 0
}

// lineEnd is the offset behind the line (or block, or frame) of text in which offset stands, or offset if a line ends right before it.
// text ends with a whole line. Frames are looked at from the beginning of text.
func (y Layout) lineEnd(text []byte, offset int) int {
	switch y.Framing {
	case Messages:
		end, _ := frameEnd(text, offset)
		return end
	case Blocks:
		return offset + (len(text)-offset)%y.Size
	case Lines, CRLF:
		if offset > 0 {
			offset-- // an LF there ends the line
		}
		if end := bytes.IndexByte(text[offset:], '\n'); end >= 0 {
			return offset + end + 1
		}
		return len(text)
	default:
		if end := bytes.IndexByte(text[offset:], '\n'); end >= 0 {
			return offset + end
		}
		return len(text)
	}
}

// lineCount is the number of lines (or blocks) in text, which holds whole ones.
func (y Layout) lineCount(text []byte) int {
	switch {
	case y.Framing == Messages:
		_, n := frameEnd(text, len(text))
		return n
	case y.Framing == Blocks:
		return len(text) / y.Size
	case y.Framing == Bursts && len(text) > 0 && text[0] != '\n':
		return bytes.Count(text, []byte{'\n'}) + 1
	}
	return bytes.Count(text, []byte{'\n'})
}

// frameEnd is where the frame of text ends in which offset stands, or offset if one ends right before it, and how many frames end there.
// text begins with a frame.
func frameEnd(text []byte, offset int) (end, n int) {
	for end < offset {
		end += codec.FrameSize(text[end:])
		n++
	}
	return end, n
}

// maxFrameHeader is the longest header of a frame, in bytes.
const maxFrameHeader = 10

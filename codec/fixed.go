package codec

import (
	"bytes"
	"slices"
	"unicode/utf8"
)

// BlockSize is the default size of a block in bytes: the buffer of the C++ clients, which send and receive all of it each time.
const BlockSize = 512

// MinBlockSize is the smallest block in bytes: the longest rune of UTF-8 and a NUL. What is smaller is taken as this.
const MinBlockSize = utf8.UTFMax + 1

// Fixed is the Framer of clients that send blocks of one size. A frame is the text before the first NUL of a block, or all of it
// when there is none; what stands behind the NUL is left over from the client's last message. An LF or CRLF at the end of the text is cut.
// It never returns ErrTooLong. Make it with NewFixed.
type Fixed struct {
	size uint32 // bytes of a block
}

var _ Framer = (*Fixed)(nil)

// NewFixed returns a framer for blocks of size bytes: BlockSize unless the user wants another, and at least MinBlockSize.
func NewFixed(size int) Fixed {
	return Fixed{size: packLimit(max(size, MinBlockSize))}
}

// Next returns the text of the first whole block of buf, as Framer says. A block without text gives an empty frame.
func (f *Fixed) Next(buf []byte) (frame []byte, n int, err error) {
	size := int(f.size)
	if len(buf) < size {
		return nil, 0, nil
	}
	return blockText(buf[:size]), size, nil
}

// Flush returns the text of a block that the end of the stream cut short, as Framer says.
func (f *Fixed) Flush(buf []byte) (frame []byte) {
	if frame = blockText(buf); len(frame) == 0 {
		return nil
	}
	return frame
}

// blockText returns the text that a block carries.
func blockText(block []byte) []byte {
	if end := bytes.IndexByte(block, 0); end >= 0 {
		block = block[:end]
	}
	if end := len(block) - 1; end >= 0 && block[end] == '\n' {
		return cutReturn(block[:end])
	}
	return block[:len(block):len(block)]
}

// AppendBlocks appends text to dst as one or more blocks of size bytes (at least MinBlockSize) and returns the longer slice. A block has at most
// size-1 bytes of text, then NUL up to its end; a longer text is cut behind a space, or between runes. Empty text makes one block of NUL. A
// NUL in text would hide what follows it in its block: send what went through plain.Clean.
//
// Each further block begins with the first head bytes of text, 0 to len(text), so that whoever wrote the rest can't make one that looks as if
// it came from someone else. As much of them is repeated as fits into three quarters of a block, and beside the longest rune.
func AppendBlocks(dst, text []byte, head, size int) []byte {
	size = max(size, MinBlockSize)
	front := text[:0]
	for repeat := runesWithin(text[:head], min((size-1)*3/4, size-MinBlockSize)); len(front)+len(text) >= size; front = repeat {
		cut := wordCut(text, size-1-len(front))
		dst = appendBlock(dst, front, text[:cut], size)
		text = text[cut:]
	}
	return appendBlock(dst, front, text, size)
}

// appendBlock appends one block of front and text, which are shorter than size together.
func appendBlock(dst, front, text []byte, size int) []byte {
	end := len(dst) + size
	dst = slices.Grow(dst, size)
	block := dst[len(dst):end]
	n := copy(block, front)
	clear(block[n+copy(block[n:], text):])
	return dst[:end]
}

// runesWithin returns as many whole runes of the front of text as there are within limit bytes.
func runesWithin(text []byte, limit int) []byte {
	if len(text) <= limit {
		return text
	}
	return text[:runeCut(text, limit)]
}

// longestWord is how far before the end of a block a cut is looked for that keeps words whole: the longest name, and more.
const longestWord = 160

// wordCut returns where to cut text, which is longer than limit: behind a space near limit, or else at a rune.
func wordCut(text []byte, limit int) int {
	least := limit - min(limit/2, longestWord)
	if space := bytes.LastIndexByte(text[least:limit], ' '); space >= 0 {
		return least + space + 1
	}
	return runeCut(text, limit)
}

// runeCut returns the last rune boundary of text at or before limit. Where no rune begins near limit, text isn't UTF-8 and is cut there.
func runeCut(text []byte, limit int) int {
	for cut := limit; cut > limit-utf8.UTFMax; cut-- {
		if utf8.RuneStart(text[cut]) {
			return cut
		}
	}
	return limit
}

package codec

import (
	"encoding/binary"
	"unicode/utf8"
)

// Clean returns frame as text that is safe to show to others:
//
//   - each byte that isn't part of valid UTF-8 becomes U+FFFD;
//   - control characters (C0, DEL and C1) other than TAB are dropped: ESC would drive the others' terminals;
//   - line and paragraph separators, and bidirectional embeddings, overrides and isolates (U+202A-U+202E, U+2066-U+2069) are
//     dropped: they would let one text look like another, or like two.
//
// When there is nothing to change, the result is frame itself. Otherwise it is written over scratch, which must not overlap frame.
// It never allocates when scratch has room for three times the length of frame; nil is good, too.
// The result is valid UTF-8, and cleaning it again changes nothing.
func Clean(scratch, frame []byte) []byte {
	kept := cleanPrefix(frame)
	if kept == len(frame) {
		return frame
	}
	scratch = scratch[:0]
	for {
		scratch = append(scratch, frame[:kept]...)
		frame = frame[kept:]
		if len(frame) == 0 {
			return scratch
		}
		r, size := utf8.DecodeRune(frame)
		if r == utf8.RuneError {
			scratch = utf8.AppendRune(scratch, r)
		}
		frame = frame[size:]
		kept = cleanPrefix(frame)
	}
}

// cleanPrefix returns how many bytes at the front of text need no change.
func cleanPrefix(text []byte) int {
	i := 0
	for {
		i += plainWords(text[i:])
		// A few bytes at the end, or a word with something that isn't plain: rune by rune through it.
		for end := min(i+8, len(text)); i < end; {
			size := cleanRune(text[i:])
			if size == 0 {
				return i
			}
			i += size
		}
		if i == len(text) {
			return i
		}
	}
}

// plainWords returns how many bytes at the front of text, in whole words of eight, are printable ASCII.
func plainWords(text []byte) int {
	const (
		high       = 0x8080808080808080 // the top bit of each byte
		liftSpace  = 0x6060606060606060 // sets the top bit of each byte from 0x20 up
		liftDelete = 0x0101010101010101 // sets the top bit of each DEL
	)
	n := 0
	for ; len(text)-n >= 8; n += 8 {
		word := binary.LittleEndian.Uint64(text[n:])
		if word&high != 0 || (word+liftSpace)&^(word+liftDelete)&high != high {
			break
		}
	}
	return n
}

// cleanRune returns the length of the first rune of text, or 0 when it is one that Clean changes.
func cleanRune(text []byte) int {
	if b := text[0]; b < utf8.RuneSelf {
		if b < ' ' && b != '\t' || b == 0x7F {
			return 0
		}
		return 1
	}
	r, size := utf8.DecodeRune(text)
	if r == utf8.RuneError && size == 1 || forbidden(r) {
		return 0
	}
	return size
}

// forbidden says whether Clean drops r, which isn't ASCII.
func forbidden(r rune) bool {
	switch {
	case r <= 0x9F:
		return true
	case r < 0x2028 || r > 0x2069:
		return false
	}
	// U+2028 and U+2029 are the separators, U+202A to U+202E the embeddings and overrides, from U+2066 on the isolates.
	return r <= 0x202E || r >= 0x2066
}

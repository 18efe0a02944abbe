package plain

import (
	"bytes"
	"encoding/binary"
	"strings"
	"unicode/utf8"
)

// Text returns frame as the words that stand in it: each byte that isn't part of valid UTF-8 becomes U+FFFD; NUL, CR and LF, which no language of the chat
// can carry, are dropped; all else stays, control characters too. So it is not safe to show: Clean of it is what Clean of frame is.
//
// When there is nothing to change, the result is frame itself. Otherwise it is written over scratch, which must not overlap frame.
// It never allocates when scratch has room for three times the length of frame; nil is good, too.
func Text(scratch, frame []byte) []byte {
	if utf8.Valid(frame) && !bytes.ContainsAny(frame, "\x00\r\n") {
		return frame
	}
	scratch = scratch[:0]
	for len(frame) > 0 {
		r, size := utf8.DecodeRune(frame)
		if r != 0 && r != '\r' && r != '\n' {
			scratch = utf8.AppendRune(scratch, r)
		}
		frame = frame[size:]
	}
	return scratch
}

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

// CleanString is Clean of a string: text itself when there is nothing to change.
func CleanString(text string) string {
	if utf8.ValidString(text) && !strings.ContainsFunc(text, isHidden) {
		return text
	}
	return string(AppendClean(nil, text))
}

// IsBlank says whether text shows nothing: whether Clean leaves of it, at most, spaces and TABs.
func IsBlank(text string) bool {
	return !strings.ContainsFunc(text, func(r rune) bool { return r != ' ' && r != '\t' && Shows(r) })
}

func isHidden(r rune) bool { return !Shows(r) }

// AppendClean appends Clean of text to dst. It allocates nothing but a larger dst, and clean text costs it one fast scan.
func AppendClean(dst []byte, text string) []byte {
	begin := len(dst)
	dst = append(dst, text...)
	kept := cleanPrefix(dst[begin:])
	if kept == len(text) {
		return dst
	}
	dst = dst[:begin+kept]
	for _, r := range text[kept:] { // bytes that are no UTF-8 come as U+FFFD
		if Shows(r) {
			dst = utf8.AppendRune(dst, r)
		}
	}
	return dst
}

// cleanPrefix returns how many bytes at the front of text need no change.
func cleanPrefix(text []byte) int {
	i := plainWords(text)
	words := i + 8 // where it is worth while to look for plain words again
	for i < len(text) {
		switch b := text[i]; {
		case b < utf8.RuneSelf:
			if i >= words {
				n := plainWords(text[i:])
				if words = i + n + 8; n > 0 {
					i += n
					continue
				}
			}
			if b < ' ' && b != '\t' || b == 0x7F {
				return i
			}
			i++
		case b >= 0xC3 && b <= 0xDF && i+1 < len(text) && follows(text[i+1]): // all runes of two bytes behind C1 and its neighbours
			i += 2
		case b >= 0xE3 && b <= 0xEC && i+2 < len(text) && follows(text[i+1]) && follows(text[i+2]): // of three behind separators and overrides, before surrogates
			i += 3
		default:
			r, size := utf8.DecodeRune(text[i:])
			if r == utf8.RuneError && size == 1 || !Shows(r) {
				return i
			}
			i += size
		}
	}
	return i
}

// follows says whether b can stand behind the first byte of a rune.
func follows(b byte) bool { return b&0xC0 == 0x80 }

const (
	high       = 0x8080808080808080 // the top bit of each byte
	liftSpace  = 0x6060606060606060 // sets the top bit of each byte from 0x20 up
	liftDelete = 0x0101010101010101 // sets the top bit of each DEL
)

// plainWords returns how many bytes at the front of text are printable ASCII: all of them, or some in whole words of eight.
func plainWords(text []byte) int {
	n := 0
	for len(text)-n >= 32 {
		block := text[n : n+32]
		if plainTops(block)&plainTops(block[8:])&plainTops(block[16:])&plainTops(block[24:])&high != high {
			break
		}
		n += 32
	}
	for ; len(text)-n >= 8; n += 8 {
		if plainTops(text[n:])&high != high {
			return n
		}
	}
	if n > 0 && plainTops(text[len(text)-8:])&high == high { // once more what is plain, and the last bytes
		return len(text)
	}
	return n
}

// plainTops has the top bits of all of the first eight bytes of text set if these are printable ASCII, and else not all of them.
func plainTops(text []byte) uint64 {
	word := binary.LittleEndian.Uint64(text)
	return (word + liftSpace) &^ (word + liftDelete) &^ word
}

// Shows says whether Clean keeps r.
func Shows(r rune) bool {
	switch {
	case r < ' ':
		return r == '\t'
	case r < 0x2028:
		return r < 0x7F || r > 0x9F
	}
	// U+2028 and U+2029 are the separators, U+202A to U+202E the embeddings and overrides, from U+2066 to U+2069 the isolates.
	return r > 0x202E && r < 0x2066 || r > 0x2069
}

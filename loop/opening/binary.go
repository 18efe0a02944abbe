package opening

import (
	"bytes"
	"unicode/utf8"
)

// isBinary says whether line has more bytes that are no text than such that are, or begins as binary protocols do: with a NUL that
// nothing but control bytes stand before, as in the lengths and versions of SMB, RDP, TLS and many others. NULs at its end don't count:
// programs in C send them.
func isBinary(line []byte) bool {
	line = bytes.TrimRight(line, "\x00")
	text, others := 0, 0
	for len(line) > 0 {
		r, size := utf8.DecodeRune(line)
		if isText(r, size) {
			text += size
		} else {
			others += size
		}
		if r == 0 && text == 0 {
			return true
		}
		line = line[size:]
	}
	return others > text
}

// isText says whether a rune of that size is text. ESC is, for who plays with the arrow keys, and so is what edits a line: a backspace
// reaches the server from a terminal that is not in its usual mode.
func isText(r rune, size int) bool {
	switch r {
	case utf8.RuneError:
		return size > 1
	case '\t', '\r', '\b', '\x1b', '\x7f':
		return true
	}
	return r >= ' ' && (r < 0x80 || r >= 0xa0)
}

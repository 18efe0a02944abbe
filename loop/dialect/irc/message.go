package irc

import (
	"bytes"
	"unicode/utf8"
)

const (
	// maxParams is how many parameters a line can have (RFC 2812 section 2.3): the last of that many takes all that is left.
	maxParams = 15
	// maxRest is how long a line may be behind its tags, without CRLF.
	maxRest = 510
	// maxTagPart is how long the tags of a line from a client may be, with the @ and the space behind them (IRCv3 message-tags, "Size limit").
	maxTagPart = 4096
)

// fault is why a line is not read at all.
type fault uint8

const (
	noFault fault = iota
	tooLong       // 417: the tags, or what is behind them
)

// message is a line that a client has sent.
type message struct {
	tags    []byte   // as they came, without the @, nil: none; part of the line
	command string   // in capitals; "": the line says nothing
	params  []string // at most maxParams; copies
	utf8    bool     // command and params are valid UTF-8
}

// parse reads a line without its end. A source is skipped: who sends is known. NUL, CR and LF are dropped wherever they stand.
// Tags are a part of the line and borrowed with it; all else are copies.
func parse(line []byte) (m message, why fault) {
	rest := bytes.TrimLeft(withoutEnds(line), " ")
	if len(rest) > 0 && rest[0] == '@' {
		tags, behind, _ := bytes.Cut(rest, []byte{' '})
		if len(tags)+1 > maxTagPart {
			return message{}, tooLong
		}
		m.tags, rest = tags[1:], behind
	}
	if len(rest) > maxRest {
		return message{}, tooLong
	}
	if rest = bytes.TrimLeft(rest, " "); len(rest) > 0 && rest[0] == ':' {
		_, rest = nextWord(rest)
	}
	m.utf8 = utf8.Valid(rest)
	command, rest := nextWord(rest)
	m.command, m.params = string(asciiUpper(command)), paramsOf(rest)
	return m, noFault
}

// paramsOf cuts the parameters, in front of which no space stands.
func paramsOf(rest []byte) []string {
	if len(rest) == 0 {
		return nil
	}
	params := make([]string, 0, min(bytes.Count(rest, []byte{' '})+1, maxParams))
	for len(rest) > 0 {
		if rest[0] == ':' {
			return append(params, string(rest[1:]))
		}
		if len(params) == maxParams-1 {
			return append(params, string(rest))
		}
		var word []byte
		word, rest = nextWord(rest)
		params = append(params, string(word))
	}
	return params
}

// nextWord cuts text behind its first word, and drops the spaces there.
func nextWord(text []byte) (word, rest []byte) {
	word, rest, _ = bytes.Cut(text, []byte{' '})
	return word, bytes.TrimLeft(rest, " ")
}

// withoutEnds returns line without NUL, CR and LF: line itself when there are none.
func withoutEnds(line []byte) []byte {
	if !bytes.ContainsAny(line, "\x00\r\n") {
		return line
	}
	kept := make([]byte, 0, len(line))
	for _, b := range line {
		if !endsLine(b) {
			kept = append(kept, b)
		}
	}
	return kept
}

// endsLine says whether b can be in no line.
func endsLine(b byte) bool { return b == 0 || b == '\r' || b == '\n' }

// asciiUpper returns a copy of word with ASCII letters in capitals.
func asciiUpper(word []byte) []byte {
	upper := make([]byte, len(word))
	for i, b := range word {
		if 'a' <= b && b <= 'z' {
			b -= 'a' - 'A'
		}
		upper[i] = b
	}
	return upper
}

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
	m.command, m.params = commandName(command), paramsOf(rest)
	return m, noFault
}

// paramsOf cuts the parameters, in front of which no space stands.
func paramsOf(rest []byte) []string {
	if len(rest) == 0 {
		return nil
	}
	params := make([]string, 0, likelyParams(rest))
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

// likelyParams is how many parameters there are in rest at the most, if they stand with one space between two.
func likelyParams(rest []byte) int {
	if rest[0] == ':' {
		return 1
	}
	words, last := rest, 0
	if colon := bytes.Index(rest, []byte(" :")); colon >= 0 {
		words, last = rest[:colon], 1
	}
	return min(bytes.Count(words, []byte{' '})+1+last, maxParams)
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

// maxCommand is as long as a command of ours may be.
const maxCommand = 16

// commandName is the command that is written as word: of those that there are, without a copy.
func commandName(word []byte) string {
	if len(word) <= maxCommand {
		var upper [maxCommand]byte
		n := copy(upper[:], word)
		upperASCII(upper[:n])
		if row := commands[string(upper[:n])]; row != nil {
			return row.name
		}
	}
	return string(asciiUpper(word))
}

// asciiUpper returns a copy of word with ASCII letters in capitals.
func asciiUpper(word []byte) []byte {
	upper := bytes.Clone(word)
	upperASCII(upper)
	return upper
}

// upperASCII has ASCII letters be capitals.
func upperASCII(word []byte) {
	for i, b := range word {
		if 'a' <= b && b <= 'z' {
			word[i] = b - ('a' - 'A')
		}
	}
}

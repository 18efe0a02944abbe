package opening

import "bytes"

// Kind is what a client speaks, as far as its first line tells.
type Kind uint8

const (
	// Text is what a chat may begin with.
	Text Kind = iota
	// HTTP is a request of HTTP in any version, or of a protocol that is made like it (RTSP, SIP).
	HTTP
	// SSH is the banner of RFC 4253 section 4.2.
	SSH
	// Binary is no text.
	Binary
)

// Of returns what the client speaks whose first line this is, without its end. It looks at line up to its first LF, if it has one; whole
// says that the line ends where line does. The beginning of a line that is not whole is HTTP only if it could hardly be anything else.
// line is borrowed.
func Of(line []byte, whole bool) Kind {
	if end := bytes.IndexByte(line, '\n'); end >= 0 {
		line, whole = line[:end], true
	}
	line = bytes.TrimSuffix(line, []byte{'\r'})
	switch {
	case isRequest(line), !whole && beginsRequest(line):
		return HTTP
	case isBanner(line):
		return SSH
	case isBinary(line):
		return Binary
	}
	return Text
}

// OfTooLong is Of for the beginning of a first line that is longer than a line can be.
func OfTooLong(begin []byte) Kind {
	method, rest, ok := bytes.Cut(begin, []byte{' '})
	if ok && isToken(method) && isTarget(rest) && bytes.IndexByte(rest, ' ') < 0 {
		return HTTP
	}
	return Of(begin, false)
}

// May says whether line, which is Text and has not ended, could still become the request line of HTTP.
func May(line []byte) bool {
	method, rest, ok := bytes.Cut(line, []byte{' '})
	if !isToken(method) || !ok {
		return isToken(method)
	}
	target, version, ok := bytes.Cut(rest, []byte{' '})
	return len(target) == 0 && !ok || isTarget(target) && bytes.IndexByte(version, ' ') < 0 || !ok && mayBeTarget(target)
}

// isBanner says whether line is the one that SSH begins with.
func isBanner(line []byte) bool {
	return len(line) > 4 && string(line[:4]) == "SSH-" && isDigit(line[4])
}

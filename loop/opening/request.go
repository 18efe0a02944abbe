package opening

import (
	"bytes"
	"slices"
)

// isRequest says whether line is METHOD SP target SP NAME/version, RFC 9112 section 3. The preface of HTTP/2 is one.
func isRequest(line []byte) bool {
	method, rest, ok := bytes.Cut(line, []byte{' '})
	if !ok || !isToken(method) {
		return false
	}
	target, version, ok := bytes.Cut(rest, []byte{' '})
	return ok && isTarget(target) && isVersion(version)
}

// methods are those of HTTP that are in use. A browser sends others only behind an OPTIONS that has been answered.
var methods = []string{"GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH", "CONNECT", "TRACE", "PRI"}

// beginsRequest says whether a line that begins so will hardly be anything but a request.
func beginsRequest(begin []byte) bool {
	method, target, ok := bytes.Cut(begin, []byte{' '})
	return ok && isTarget(target) && slices.Contains(methods, string(method))
}

// isTarget says whether the word that rest begins with is what a request can ask for: a path, "*", a URI or HOST:PORT.
func isTarget(rest []byte) bool {
	word, _, _ := bytes.Cut(rest, []byte{' '})
	return len(word) > 0 && mayBeTarget(word) && (word[0] == '/' || string(word) == "*" || bytes.IndexByte(word, ':') > 0)
}

// mayBeTarget says whether what begins so may become a target.
func mayBeTarget(word []byte) bool {
	return !slices.ContainsFunc(word, func(b byte) bool { return b <= ' ' || b == 0x7f })
}

// isVersion says whether word is a name, a slash, and a version of one or two digits: HTTP/1.1, HTTP/2, RTSP/1.0.
func isVersion(word []byte) bool {
	name, version, ok := bytes.Cut(word, []byte{'/'})
	if !ok || len(name) == 0 || slices.ContainsFunc(name, func(b byte) bool { return b < 'A' || b > 'Z' }) {
		return false
	}
	return len(version) == 1 && isDigit(version[0]) || len(version) == 3 && isDigit(version[0]) && version[1] == '.' && isDigit(version[2])
}

// isToken says whether word is one of RFC 9110 section 5.6.2, as a method is.
func isToken(word []byte) bool {
	if len(word) == 0 {
		return false
	}
	for _, b := range word {
		switch {
		case 'a' <= b && b <= 'z', 'A' <= b && b <= 'Z', isDigit(b), bytes.IndexByte([]byte("!#$%&'*+-.^_`|~"), b) >= 0:
		default:
			return false
		}
	}
	return true
}

func isDigit(b byte) bool { return '0' <= b && b <= '9' }

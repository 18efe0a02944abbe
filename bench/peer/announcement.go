//go:build linux

package peer

import (
	"bytes"
	"net"
	"regexp"
	"slices"
	"strings"
)

// announcement looks for an address in what is written to it, by one goroutine.
type announcement struct {
	ready []string    // a line must have one of them, if there are any
	found chan string // gets one address

	line []byte // the beginning of a line whose end has not come
	over bool
}

// maxAnnouncement is where the rest of a line is not looked at any more, give or take a write.
const maxAnnouncement = 16 << 10

func newAnnouncement(ready []string) *announcement {
	return &announcement{ready: ready, found: make(chan string, 1)}
}

// Write never fails, as a MultiWriter would leave out the writers behind this one.
func (a *announcement) Write(p []byte) (int, error) {
	for rest := p; !a.over; {
		line, behind, ended := bytes.Cut(rest, []byte("\n"))
		if len(a.line) < maxAnnouncement {
			a.line = append(a.line, line...)
		}
		if !ended {
			break
		}
		a.look(string(a.line))
		a.line, rest = a.line[:0], behind
	}
	return len(p), nil
}

func (a *announcement) look(line string) {
	if len(a.ready) > 0 && !slices.ContainsFunc(a.ready, func(text string) bool { return strings.Contains(line, text) }) {
		return
	}
	if address, ok := addressIn(line); ok {
		a.found <- address
		a.over = true
	}
}

// printedAddress is a host, which may be missing, and a port. In front of it stands no letter and no digit, so the time of a day is no
// address.
var printedAddress = regexp.MustCompile(`(?:^|[^\w.:\]])((?:\d+\.){3}\d+|\[[\da-fA-F:.]+\]|localhost|\*?):([1-9]\d{0,4})\b`)

// addressIn returns the first address in line as one to connect to: every interface becomes the loopback one.
func addressIn(line string) (address string, ok bool) {
	match := printedAddress.FindStringSubmatch(line)
	if match == nil {
		return "", false
	}
	host := strings.Trim(match[1], "[]")
	switch host {
	case "", "*", "0.0.0.0":
		host = "127.0.0.1"
	case "::":
		host = "::1"
	}
	return net.JoinHostPort(host, match[2]), true
}

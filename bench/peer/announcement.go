//go:build linux

package peer

import (
	"bytes"
	"net"
	"regexp"
	"slices"
	"strings"
)

// announcement looks for addresses in what is written to it, by one goroutine.
type announcement struct {
	ready []string    // a line must have one of them, if there are any
	found chan string // gets the first address; nil: doors are looked for

	doors     []string      // by text of ready, the address in the first line with it; to be read once allFound is closed
	allFound  chan struct{} // closed when none of them is missing
	remaining int

	line []byte // the beginning of a line whose end has not come
	over bool
}

// maxAnnouncement is where the rest of a line is not looked at any more, give or take a write.
const maxAnnouncement = 16 << 10

func newAnnouncement(ready []string) *announcement {
	return &announcement{ready: ready, found: make(chan string, 1)}
}

// newDoors looks for one address for each of the texts.
func newDoors(texts []string) *announcement {
	return &announcement{ready: texts, doors: make([]string, len(texts)), allFound: make(chan struct{}), remaining: len(texts)}
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
	if a.found == nil {
		a.lookForDoor(line)
		return
	}
	if len(a.ready) > 0 && !slices.ContainsFunc(a.ready, func(text string) bool { return strings.Contains(line, text) }) {
		return
	}
	if address, ok := addressIn(line); ok {
		a.found <- address
		a.over = true
	}
}

func (a *announcement) lookForDoor(line string) {
	at := slices.IndexFunc(a.ready, func(text string) bool { return strings.Contains(line, text) })
	address, ok := addressIn(line)
	if at < 0 || !ok || a.doors[at] != "" {
		return
	}
	a.doors[at] = address
	if a.remaining--; a.remaining == 0 {
		close(a.allFound)
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

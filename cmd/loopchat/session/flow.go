package session

import (
	"crypto/rand"
	"strconv"
	"strings"
)

// How much may be on its way before the server has acknowledged it. A server that delays lines keeps 64 KiB of them, and complains
// at half of that; at 10 lines a second 40 take four seconds.
const (
	maxUnackedBytes = 16 << 10
	maxUnackedLines = 40
)

// flow counts what has been sent and not been acknowledged. A PING behind some lines, a fence, is answered when they have been handled.
type flow struct {
	bytes  int
	lines  []sentLine // oldest first; at most maxUnackedLines and a file's head
	fences []fence    // on their way, oldest first; at most one behind each line, and one more
	count  int        // fences so far
	mark   string     // begins the tokens of this link's own PINGs; nobody else can know it
}

// sentLine is a line on its way.
type sentLine struct {
	bytes  int
	parcel *parcel // what was said by it, nil for a command
}

// fence is a PING on its way.
type fence struct {
	token string
	lines int  // in front of it, since the fence before
	ask   *ask // right in front of it, nil for none
}

func newFlow() flow { return flow{mark: "loopchat-" + rand.Text()[:8] + "-"} }

// full says that nothing more may be sent for now.
func (f *flow) full() bool { return f.bytes >= maxUnackedBytes || len(f.lines) >= maxUnackedLines }

// sent counts a line.
func (f *flow) sent(bytes int, p *parcel) {
	f.lines = append(f.lines, sentLine{bytes, p})
	f.bytes += bytes
}

// fence returns the PING that is to be sent now, "" for none: one at a time does. Where force is set, one is sent even if nothing is to
// be acknowledged.
func (f *flow) fence(force bool) string {
	if len(f.fences) > 0 || (len(f.lines) == 0 && !force) {
		return ""
	}
	return f.fenceFor(nil)
}

// fenceFor returns the PING that is to be sent right behind an ask.
func (f *flow) fenceFor(a *ask) string {
	lines := len(f.lines)
	for i := range f.fences {
		lines -= f.fences[i].lines
	}
	f.count++
	f.fences = append(f.fences, fence{f.mark + strconv.Itoa(f.count), lines, a})
	return "PING " + f.fences[len(f.fences)-1].token + "\n"
}

// asked returns the ask that the server answers now, nil for none.
func (f *flow) asked() *ask {
	if len(f.fences) == 0 {
		return nil
	}
	return f.fences[0].ask
}

// pong takes the token of an answer, and says whether it was for a fence. It returns the lines in front of it, and its ask.
func (f *flow) pong(token string) (ours bool, lines []sentLine, a *ask) {
	if len(f.fences) == 0 || token != f.fences[0].token {
		return strings.HasPrefix(token, f.mark), nil, nil
	}
	first := f.fences[0]
	f.fences = append(f.fences[:0], f.fences[1:]...)
	lines = append(lines, f.lines[:first.lines]...)
	for i := range lines {
		f.bytes -= lines[i].bytes
	}
	f.lines = append(f.lines[:0], f.lines[first.lines:]...)
	return true, lines, first.ask
}

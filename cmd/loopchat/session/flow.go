package session

import (
	"strconv"
	"strings"
)

// How much may be on its way before the server has acknowledged it. A server that delays lines keeps 64 KiB of them, and complains
// at half of that; at 10 lines a second 40 take four seconds.
const (
	maxUnackedBytes = 16 << 10
	maxUnackedLines = 40
)

// fenceMark begins the tokens of our own PINGs.
const fenceMark = "loopchat-"

// flow counts what has been sent and not been acknowledged. A PING behind some lines, a fence, is answered when they have been handled. At
// most one fence is on its way.
type flow struct {
	bytes   int
	lines   []int  // the bytes of each line, oldest first
	fences  int    // sent so far
	fenced  int    // the lines in front of the fence
	waiting bool   // for the answer to a fence
	token   string // of that fence
}

// full says that nothing more may be sent for now.
func (f *flow) full() bool { return f.bytes >= maxUnackedBytes || len(f.lines) >= maxUnackedLines }

// sent counts a line.
func (f *flow) sent(bytes int) {
	f.lines = append(f.lines, bytes)
	f.bytes += bytes
}

// fence returns the PING that is to be sent now, "" for none. Where force is set, one is sent even if nothing is to be acknowledged.
func (f *flow) fence(force bool) string {
	if f.waiting || (len(f.lines) == 0 && !force) {
		return ""
	}
	f.fences++
	f.waiting, f.fenced, f.token = true, len(f.lines), fenceMark+strconv.Itoa(f.fences)
	return "PING " + f.token + "\n"
}

// pong takes the token of an answer, and says whether it was for a fence.
func (f *flow) pong(token string) bool {
	if !f.waiting || token != f.token {
		return strings.HasPrefix(token, fenceMark)
	}
	for _, n := range f.lines[:f.fenced] {
		f.bytes -= n
	}
	f.lines = append(f.lines[:0], f.lines[f.fenced:]...)
	f.waiting, f.fenced = false, 0
	return true
}

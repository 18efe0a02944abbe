//go:build linux

package peer

import (
	"bytes"
	"io"
	"strings"
	"sync"
)

// output passes on what a server prints and keeps the end of it, for the words of an error.
type output struct {
	log io.Writer // may be nil

	mu   sync.Mutex
	kept []byte
}

const (
	keptBytes = 4 << 10
	keptLines = 5
)

// Write never fails: a log that does is no reason to end a server by a broken pipe.
func (o *output) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.kept = append(o.kept, p...)
	if over := len(o.kept) - keptBytes; over > 0 {
		o.kept = append(o.kept[:0], o.kept[over:]...)
	}
	if o.log != nil {
		_, _ = o.log.Write(p)
	}
	return len(p), nil
}

// String returns the last lines in one.
func (o *output) String() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	var last []string
	for line := range bytes.Lines(o.kept) {
		if line = bytes.TrimSpace(line); len(line) > 0 {
			last = append(last, string(line))
		}
	}
	return strings.Join(last[max(len(last)-keptLines, 0):], " | ")
}

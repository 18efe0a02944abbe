// Package logtext keeps what is written to it, for tests that wait for a line of a log. It knows nothing of what a log is.
package logtext

import (
	"bytes"
	"strings"
	"sync"
)

// Text is what has been written so far. The zero value is empty. It is safe for any goroutine.
type Text struct {
	mu   sync.Mutex
	text bytes.Buffer
}

// Write implements io.Writer. It takes a copy, and never fails.
func (t *Text) Write(p []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.text.Write(p)
}

// String is all that has been written.
func (t *Text) String() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.text.String()
}

// With returns the lines that have the word in them.
func (t *Text) With(word string) (found []string) {
	for line := range strings.Lines(t.String()) {
		if strings.Contains(line, word) {
			found = append(found, line)
		}
	}
	return found
}

//go:build linux

package loop

import "sync"

// mailbox is how other goroutines reach a loop: what they post runs there, in the order of posting.
//
// gnet runs its tasks out of order when more than 1,024 wait, so a mailbox has at most one task pending in gnet, whose run
// empties it.
type mailbox struct {
	mu      sync.Mutex
	letters []func()
	pending bool // a run has been asked for and has not begun
}

// post adds letter and says whether the caller must ask for a run.
func (m *mailbox) post(letter func()) (first bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.letters = append(m.letters, letter)
	first, m.pending = !m.pending, true
	return first
}

// take returns all letters; empty, a slice of an earlier take, is used for the next ones.
func (m *mailbox) take(empty []func()) []func() {
	m.mu.Lock()
	defer m.mu.Unlock()
	letters := m.letters
	m.letters, m.pending = empty[:0], false
	return letters
}

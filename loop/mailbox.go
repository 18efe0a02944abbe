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

// letters are those that a loop has taken from its mailbox and is reading.
type letters struct {
	taken []func()
	next  int    // of taken
	rest  func() // of the letter that was read last: it goes on before the next one. nil: there is none
	later bool   // reading goes on after the input
}

// more says whether there is something to read.
func (r *letters) more() bool { return r.rest != nil || r.next < len(r.taken) }

// read takes the next letter, or the rest of the last one.
func (r *letters) read() (letter func()) {
	if letter, r.rest = r.rest, nil; letter == nil {
		letter, r.taken[r.next] = r.taken[r.next], nil
		r.next++
	}
	return letter
}

// readMail reads what has come. If the last letters are still being read, that comes to it.
func (l *eventLoop) readMail() {
	if l.letters.later {
		return
	}
	l.meter.BeginNow()
	l.takeMail()
	l.readLetters()
	l.mayRest()
}

func (l *eventLoop) takeMail() {
	r := &l.letters
	r.taken, r.next = l.mail.take(r.taken), 0
}

// readLetters reads for the time of a piece, or a letter or a piece of one if that takes longer. The rest follows when the loop has looked at what has come
// meanwhile; it is in the order of posting all the same.
func (l *eventLoop) readLetters() {
	r, began := &l.letters, l.server.clock()
	for r.more() {
		l.guarded(nil, r.read())
		if r.more() && l.server.clock()-began >= maxPiece {
			r.later = true
			l.afterInput(l.readOn)
			return
		}
	}
}

// readOn reads the rest, and takes what has come meanwhile.
func (l *eventLoop) readOn() {
	l.letters.later = false
	l.readLetters()
	if !l.letters.later {
		l.takeMail()
		l.readLetters()
	}
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

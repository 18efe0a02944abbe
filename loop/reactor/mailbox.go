//go:build linux

package reactor

import (
	"fmt"
	"sync"
	"time"
)

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

// Post runs letter on the loop, as a step, after what was posted before. Once the loop has stopped it does
// nothing. Safe for any goroutine.
func (l *Loop) Post(letter func()) {
	if l.mail.post(letter) {
		l.execute(runnable(l.readMail))
	}
}

// GoOn has the letter that is being read go on with rest, a step of its own, before the next letter: others may come in between, but for letters. It is called once in a
// letter, by one that has taken MaxPiece and is not at its end. Loop only.
func (l *Loop) GoOn(rest func()) { l.letters.rest = rest }

// Call runs f on the loop and waits for it. It must not be called on a loop. If the loop has not come to it in some seconds, it returns an error, and f may run later.
func (l *Loop) Call(f func()) error {
	return l.CallUntil(func(done func()) { defer done(); f() })
}

// CallUntil is Call for what ends in a later step of the loop, which is when f calls done.
func (l *Loop) CallUntil(f func(done func())) error {
	ended := make(chan struct{})
	l.Post(func() { f(func() { close(ended) }) })
	select {
	case <-ended:
		return nil
	case <-time.After(callPatience):
		return fmt.Errorf("event loop %d does not answer", l.config.Index)
	}
}

// callPatience is how long Call waits for a loop that is busy.
const callPatience = 10 * time.Second

// readMail reads what has come. If the last letters are still being read, that comes to it.
func (l *Loop) readMail() {
	if l.letters.later {
		return
	}
	l.handler.Begins()
	l.takeMail()
	l.readLetters()
	l.handler.Rests()
}

func (l *Loop) takeMail() {
	r := &l.letters
	r.taken, r.next = l.mail.take(r.taken), 0
}

// readLetters reads for the time of a piece, or a letter or a piece of one if that takes longer. The rest follows when the loop has looked at what has come
// meanwhile; it is in the order of posting all the same.
func (l *Loop) readLetters() {
	r, began := &l.letters, l.config.Clock()
	for r.more() {
		l.step(r.read())
		if r.more() && l.config.Clock()-began >= MaxPiece {
			r.later = true
			l.AfterInput(l.readOn)
			return
		}
	}
}

// readOn reads the rest, and takes what has come meanwhile.
func (l *Loop) readOn() {
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

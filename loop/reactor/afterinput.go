//go:build linux

package reactor

import (
	"golang.org/x/sys/unix"
)

// AfterInput runs letter as a step when the loop has read what has come by then. gnet runs what a task posts before it looks at descriptors again, 256 times over:
// a piece of work that only posted the next one would keep everyone waiting for some tens of milliseconds. So the next piece comes by a descriptor itself: a byte through
// the connection by which tasks reach the loop. Loop only.
func (l *Loop) AfterInput(letter func()) {
	l.laters = append(l.laters, letter)
	if len(l.laters) > 1 {
		return // the byte is on its way
	}
	if _, err := unix.Write(l.anchor, []byte{0}); err != nil {
		l.execute(runnable(l.goOnAfterInput)) // the loop is about to stop
	}
}

// AskRound has Handler.RoundBegins called when the loop has read what has come by then. Loop only.
func (l *Loop) AskRound() {
	if len(l.laters) == 0 {
		l.AfterInput(func() {})
	}
}

// goOnAfterInput runs what has waited for it. What is added meanwhile comes after the next look at the descriptors.
func (l *Loop) goOnAfterInput() {
	l.handler.Begins()
	l.handler.RoundBegins()
	letters := l.laters
	l.laters = l.latersb[:0]
	for _, letter := range letters {
		l.step(letter)
	}
	clear(letters)
	l.latersb = letters
	l.handler.Rests()
}

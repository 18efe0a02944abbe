//go:build linux

package loop

import (
	"golang.org/x/sys/unix"
)

// afterInput runs letter when the loop has read what has come by then. gnet runs what a task posts before it looks at descriptors again, 256 times over:
// a piece of work that only posted the next one would keep everyone waiting for some tens of milliseconds. So the next piece comes by a descriptor itself: a byte through
// the connection by which tasks reach the loop. Loop only.
func (l *eventLoop) afterInput(letter func()) {
	l.laters = append(l.laters, letter)
	if len(l.laters) > 1 {
		return // the byte is on its way
	}
	if _, err := unix.Write(l.anchorFD, []byte{0}); err != nil {
		l.execute(l.goOnAfterInput) // the loop is about to stop
	}
}

// goOnAfterInput runs what has waited for it. What is added meanwhile comes after the next look at the descriptors.
func (l *eventLoop) goOnAfterInput() {
	l.meter.BeginNow()
	l.round.spent = 0
	letters := l.laters
	l.laters = l.latersb[:0]
	for _, letter := range letters {
		l.guarded(nil, letter)
	}
	clear(letters)
	l.latersb = letters
	l.mayRest()
}

//go:build linux

package reactor

import "time"

// The bounds of a piece of work that is for many: as many are looked at as take MaxPiece, which is asked for after each
// LooksAPiece of them. What others want of the loop comes between two pieces, for which there is at least as much time.
const (
	MaxPiece    = 500 * time.Microsecond
	LooksAPiece = 32
)

// Pieces calls look for 0, 1, ... below count(), in pieces with a round of the loop between them, and then done. The first piece is part of the step at hand. count is asked anew each time. A panic in
// look ends it all; look guards itself, where that must not be. Loop only.
func (l *Loop) Pieces(count func() int, look func(i int), done func()) {
	l.piecesFrom(0, count, look, done)
}

func (l *Loop) piecesFrom(first int, count func() int, look func(i int), done func()) {
	began := l.config.Clock()
	for i := first; i < count(); i++ {
		look(i)
		if (i+1)%LooksAPiece == 0 && l.config.Clock()-began >= MaxPiece {
			l.AfterInput(func() { l.piecesFrom(i+1, count, look, done) })
			return
		}
	}
	done()
}

//go:build linux

package loop

import "time"

// The bounds of a piece of work that is for all peers of a loop: as many are looked at as take maxPiece, which is asked for after each
// peersAPiece of them. What others want of the loop comes between two pieces, for which there is at least as much time.
const (
	maxPiece    = 500 * time.Microsecond
	peersAPiece = 32
)

// eachPeer calls look for each peer from the slot first on, in pieces, and then done. Who comes meanwhile may be looked at or not. A panic in look
// costs that peer its connection. Loop only.
func (l *eventLoop) eachPeer(first int, look func(*peer), done func()) {
	began := l.server.clock()
	for slot := first; slot < len(l.peers); slot++ {
		if p := l.peers[slot]; p != nil && !p.closed() {
			l.guarded(p, func() { look(p) })
		}
		if (slot+1)%peersAPiece == 0 && l.server.clock()-began >= maxPiece {
			l.afterInput(func() { l.eachPeer(slot+1, look, done) })
			return
		}
	}
	done()
}

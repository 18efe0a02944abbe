//go:build linux

package loop

// eachPeer calls look for each peer, in pieces, and then done. Who comes meanwhile may be looked at or not. A panic in look
// costs that peer its connection. Loop only.
func (l *eventLoop) eachPeer(look func(*peer), done func()) {
	l.reactor.Pieces(func() int { return len(l.peers) }, func(slot int) {
		if p := l.peers[slot]; p != nil && !p.closed() {
			l.reactor.Guarded(p, func() { look(p) })
		}
	}, done)
}

//go:build linux

package loop

import (
	"testing"
	"time"

	"looproom/loop/reactor"
)

// TestEachPeerInPieces: what is posted while all peers are looked at comes between two pieces, behind at most one more, and each peer is looked at once.
func TestEachPeerInPieces(t *testing.T) {
	s, _ := start(t, testConfig(1))
	l := s.homeLoop()
	const peers = 1000
	var looks []int // how many had been looked at each time that another letter came
	seen := map[*peer]int{}
	err := l.reactor.CallUntil(func(done func()) {
		before := l.peers
		for range peers {
			l.peers = append(l.peers, fake(l))
		}
		l.eachPeer(func(p *peer) {
			seen[p]++
			if len(seen)%reactor.LooksAPiece == 1 {
				l.reactor.Post(func() { looks = append(looks, len(seen)) })
			}
			for began := time.Now(); time.Since(began) < reactor.MaxPiece/reactor.LooksAPiece; { // a piece is one of reactor.LooksAPiece peers
			}
		}, func() {
			l.peers = before
			done()
		})
	})
	if err == nil {
		err = l.reactor.Call(func() {}) // behind the last letter
	}
	if err != nil {
		t.Fatal(err)
	}
	if len(seen) != peers {
		t.Errorf("%d peers were looked at, want %d", len(seen), peers)
	}
	for p, n := range seen {
		if n != 1 {
			t.Fatalf("a peer was looked at %d times, want once: %v", n, p)
		}
	}
	for n, after := range looks {
		if most := (n + 2) * reactor.LooksAPiece; after > most { // the next piece may be in the same batch of descriptors as the letter
			t.Fatalf("letter %d came after %d peers, want at most %d", n, after, most)
		}
	}
	if len(looks) < peers/reactor.LooksAPiece {
		t.Errorf("%d letters came between the pieces, want at least %d", len(looks), peers/reactor.LooksAPiece)
	}
}

// fake returns a peer that looks open and has no socket.
func fake(l *eventLoop) *peer {
	p := &peer{}
	l.writer.Open(&p.out, 0, 1<<30, 0, false)
	return p
}

//go:build linux

package loop

import (
	"math/rand/v2"
	"slices"
	"testing"

	"looproom/loop/room"
)

// TestMirrorKeepsItsSeats: whoever comes and goes, and whenever the members are put in order, each seat points to its member.
func TestMirrorKeepsItsSeats(t *testing.T) {
	m, random := newMirror(), rand.New(rand.NewPCG(1, 2))
	door := &Door{}
	peers := make([]*peer, 50)
	for i := range peers {
		peers[i] = &peer{id: room.NewClientID(uint32(random.IntN(1000)), uint32(i)), door: door}
	}
	in := map[*peer]bool{}
	for step := range 5000 {
		p := peers[random.IntN(len(peers))]
		for id := room.RoomID(1); id <= 2; id++ { // the second seat is not in the peer itself
			if in[p] {
				m.remove(p, id)
			} else {
				m.add(p, id)
			}
		}
		in[p] = !in[p]
		r := m.rooms[1]
		if r == nil {
			continue
		}
		if step%7 == 0 {
			r.order()
			if !slices.IsSortedFunc(r.members, func(a, b *peer) int { return int(a.id.Slot()) - int(b.id.Slot()) }) {
				t.Fatalf("step %d: the members are not in the order of their slots", step)
			}
		}
		for _, r := range m.rooms {
			for i, p := range r.members {
				if got := p.seatIn(r).index; !in[p] || int(got) != i {
					t.Fatalf("step %d: the member at %d has the index %d, and is in: %v", step, i, got, in[p])
				}
			}
		}
	}
}

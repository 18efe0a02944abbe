//go:build linux

package loop

import (
	"math/rand/v2"
	"testing"

	"looproom/loop/delivery"
	"looproom/loop/door"
	"looproom/loop/room"
)

// TestMirrorFollowsTheRoom: whoever comes and goes and whatever room is current, the groups have those members that the events say, who read their current room without
// prefix, and messages with ids if they want them, and no group is kept without members.
func TestMirrorFollowsTheRoom(t *testing.T) {
	l := &eventLoop{server: &Server{doors: &door.Doors{}}, batch: batch{asked: true}}
	l.writer = delivery.New(host{l}, delivery.Limits{})
	m, random := newMirror(l.writer), rand.New(rand.NewPCG(1, 2))
	peers, in, current := make([]*peer, 50), map[*peer]map[room.RoomID]bool{}, map[*peer]room.RoomID{}
	for i := range peers {
		peers[i] = &peer{out: delivery.Unopened(uint64(room.NewClientID(uint32(i), 1))), here: 1}
		in[peers[i]] = map[room.RoomID]bool{}
	}
	for range 5000 {
		p, id := peers[random.IntN(len(peers))], room.RoomID(1+random.IntN(5))
		switch {
		case !in[p][id]:
			becomes := len(in[p]) == 0 || random.IntN(3) > 0 // or another session of its user has joined it
			if in[p][id] = true; becomes {
				current[p] = id
			}
			m.apply(p, &room.Event{Kind: room.MemberAdded, Room: id, Current: becomes})
		case random.IntN(2) == 0:
			current[p] = id
			m.apply(p, &room.Event{Kind: room.CurrentIs, Room: id})
		case random.IntN(10) == 0:
			p.here, p.elsewhere = p.here^2, p.elsewhere^2 // IDS ON, or OFF
			m.reform(p)
		case random.IntN(10) == 0:
			clear(in[p])
			delete(current, p)
			m.removeAll(p)
		default:
			if delete(in[p], id); current[p] == id {
				delete(current, p)
			}
			m.apply(p, &room.Event{Kind: room.MemberRemoved, Room: id})
		}
		checkMirror(t, &m, peers, in, current)
	}
}

func checkMirror(t *testing.T, m *mirror, peers []*peer, in map[*peer]map[room.RoomID]bool, current map[*peer]room.RoomID) {
	t.Helper()
	for id := range room.RoomID(6) { // there is no room 0
		n, g := 0, m.rooms[id]
		for _, p := range peers {
			if !in[p][id] {
				continue
			}
			n++
			if form, ok := m.writer.FormIn(&p.out, g); !ok || form != p.form(current[p] == id) {
				t.Fatalf("a member of %d reads it in the form %d (a member: %t); current is %d", id, form, ok, current[p])
			}
		}
		if n == 0 != (g == nil) || g != nil && g.Len() != n {
			t.Fatalf("the room %d has %d members, and a group: %t", id, n, g != nil)
		}
	}
}

//go:build linux

package loop

import (
	"testing"

	"looproom/loop/room"
)

// BenchmarkLane is what a message costs each of 1,000 members before the kernel sees it: 64 messages are gathered and then put into
// the outboxes, as when each member has something else waiting. ns/delivery is the figure to look at.
func BenchmarkLane(b *testing.B) {
	const members, messages = 1000, 64
	l := &eventLoop{server: &Server{}, mirror: newMirror(), log: newDeliveryLog(), flushAsked: true}
	l.server.doors.wires[0] = wire{framing: lines}
	door := &Door{server: l.server, url: DoorURL{framing: lines}}
	for i := range uint32(members) {
		p := &peer{id: room.NewClientID(i, 0), door: door, fd: 1}
		l.peers = append(l.peers, p)
		l.mirror.add(p, 1)
	}
	e := room.Event{Kind: room.Said, Scope: room.ToRoom, Room: 1, RoomName: room.Lobby, Who: "ann", Text: "what one says in a chat, some sixty bytes of it, more or less"}
	e.Client = l.peers[0].id
	b.ReportAllocs()
	for b.Loop() {
		for range messages {
			l.event++
			l.gather(l.mirror.rooms[1], &e)
		}
		l.settle()
		for _, p := range l.dirty {
			p.dirty = false
			l.giveOutbox(p)
		}
		l.dirty = l.dirty[:0]
		l.trim()
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*messages*members), "ns/delivery")
}

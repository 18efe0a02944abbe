package roomindex

import (
	"math/rand/v2"
	"slices"
	"testing"

	"looproom/loop/room"
)

// naive is who is where as one would write it down.
type naive struct {
	rooms   []room.RoomID
	current room.RoomID
	here    bool
}

// TestIndexFollowsTheEvents: whoever comes, moves and goes, the audience of an event is who the events say.
func TestIndexFollowsTheEvents(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	var x Index[room.ClientID]
	clients, tags := make([]naive, 30), uint32(0)
	ids := make([]room.ClientID, len(clients))
	for step := range 20_000 {
		slot, id := random.IntN(len(clients)), room.RoomID(1+random.IntN(6))
		c := &clients[slot]
		e := room.Event{Scope: room.ToLoops, Client: ids[slot], Room: id}
		switch {
		case !c.here:
			tags++
			ids[slot], *c = room.NewClientID(uint32(slot), tags), naive{here: true}
			x.Add(ids[slot], ids[slot])
			continue
		case !slices.Contains(c.rooms, id):
			e.Kind, e.Current = room.MemberAdded, true
			c.rooms, c.current = append(c.rooms, id), id
		case random.IntN(20) == 0:
			e.Kind = room.Gone
			*c = naive{}
		case random.IntN(2) == 0:
			e.Kind = room.CurrentIs
			c.current = id
		default:
			e.Kind = room.MemberRemoved
			c.rooms = slices.DeleteFunc(c.rooms, func(r room.RoomID) bool { return r == id })
		}
		x.Follow(&e)
		check(t, step, &x, clients, ids, &room.Event{Scope: room.ToRoom, Client: ids[slot], Room: id})
		check(t, step, &x, clients, ids, &room.Event{Scope: room.ToRooms, Client: room.NoClient, Rooms: []room.RoomID{id, 1 + id%6}})
		check(t, step, &x, clients, ids, &room.Event{Scope: room.ToClient, Client: ids[slot]})
	}
	for slot := range clients {
		x.Follow(&room.Event{Scope: room.ToLoops, Kind: room.Gone, Client: ids[slot]})
	}
	for range x.All {
		t.Error("a client is left")
	}
	if len(x.rooms) != 0 {
		t.Errorf("%d rooms are left", len(x.rooms))
	}
}

func check(t *testing.T, step int, x *Index[room.ClientID], clients []naive, ids []room.ClientID, e *room.Event) {
	t.Helper()
	heard := map[room.ClientID]bool{}
	x.Audience(e, func(id room.ClientID, here bool) {
		if _, twice := heard[id]; twice {
			t.Fatalf("step %d: %d hears of it twice", step, id)
		}
		heard[id] = here
	})
	for slot, c := range clients {
		in, here := c.here && ids[slot] == e.Client, true
		if e.Scope != room.ToClient {
			in = c.here && ids[slot] != e.Client && slices.ContainsFunc(c.rooms, func(r room.RoomID) bool { return r == e.Room || slices.Contains(e.Rooms, r) })
		}
		if e.Scope == room.ToRoom {
			here = c.current == e.Room
		}
		if got, hears := heard[ids[slot]]; hears != in || in && got != here {
			t.Fatalf("step %d: client %d hears: %t, as of its current room: %t; want %t, %t", step, slot, hears, got, in, here)
		}
		if _, found := x.Find(ids[slot]); found != c.here {
			t.Fatalf("step %d: client %d is found: %t, want %t", step, slot, found, c.here)
		}
	}
}

func TestAudienceDoesNotAllocate(t *testing.T) {
	var x Index[int]
	for i := range uint32(100) {
		id := room.NewClientID(i, 1)
		x.Add(id, int(i))
		x.Follow(&room.Event{Scope: room.ToLoops, Kind: room.MemberAdded, Client: id, Room: 1, Current: true})
	}
	n, e := 0, room.Event{Scope: room.ToRoom, Client: room.NoClient, Room: 1}
	hear := func(int, bool) { n++ }
	if got := testing.AllocsPerRun(100, func() { x.Audience(&e, hear) }); got != 0 || n < 100 {
		t.Errorf("Audience: %v allocations, %d heard", got, n)
	}
}

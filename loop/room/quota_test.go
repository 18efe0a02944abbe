package room

import (
	"fmt"
	"testing"
)

// A group opens so many rooms; each that ends is given back, whoever was the last to leave it.
func TestRoomsOfAGroup(t *testing.T) {
	s := New(Config{MaxRoomsPerAddress: 2})
	join := func(client uint32, group uint64, room string) bool {
		events := s.Apply(&Command{Verb: Join, Client: NewClientID(client, 1), Group: group, Name: room})
		for _, e := range events {
			switch {
			case e.Kind == Joined:
				return true
			case e.Kind == Refused && e.Why.Code() == TooManyRooms:
				return false
			}
		}
		t.Fatalf("JOIN %s by %d gives %+v", room, client, events)
		return false
	}
	for client := range uint32(5) {
		s.Apply(&Command{Verb: Connect, Client: NewClientID(client, 1), Name: fmt.Sprint("10.0.0.1:", client+1)})
	}
	part := func(client uint32, room string) {
		s.Apply(&Command{Verb: Part, Client: NewClientID(client, 1), Name: room})
	}
	for _, row := range []struct {
		name   string
		before func()
		client uint32
		group  uint64
		room   string
		want   bool
	}{
		{"first", nil, 0, 7, "#one", true},
		{"second, by another client", nil, 1, 7, "#two", true},
		{"third", nil, 1, 7, "#three", false},
		{"one that there is", nil, 1, 7, "#one", true},
		{"one that it is in", nil, 1, 7, "#two", true},
		{"of another group", nil, 2, 8, "#three", true},
		{"of no group", nil, 3, 0, "#four", true},
		{"its opener has left, another is in it", func() { part(0, "#one") }, 0, 7, "#five", false},
		{"it has ended", func() { part(1, "#one") }, 0, 7, "#five", true},
		{"full again", nil, 0, 7, "#six", false},
		{"its members have gone", func() { s.Apply(&Command{Verb: Disconnect, Client: NewClientID(1, 1)}) }, 0, 7, "#six", true},
		{"the lobby", nil, 0, 7, Lobby, true},
	} {
		if row.before != nil {
			row.before()
		}
		if got := join(row.client, row.group, row.room); got != row.want {
			t.Errorf("%s: JOIN %s = %v, want %v", row.name, row.room, got, row.want)
		}
	}
	for client := range uint32(5) {
		s.Apply(&Command{Verb: Disconnect, Client: NewClientID(client, 1)})
	}
	if len(s.hall.opened) != 0 {
		t.Errorf("when all have left %v rooms are counted, want none", s.hall.opened)
	}
}

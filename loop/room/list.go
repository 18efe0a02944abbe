package room

import (
	"slices"
	"strings"
	"time"
)

func (s *State) doList(u *user, _ *Command) {
	r := s.currentOf(u)
	if r == nil {
		return
	}
	members := slices.Clone(r.members)
	slices.SortFunc(members, func(a, b *user) int { return strings.Compare(a.key, b.key) })
	rows := make([]Row, len(members))
	for i, m := range members {
		rows[i] = Row{Name: m.name, Away: m.away != nil}
	}
	s.answer(u, Event{Kind: Listed, RoomName: r.name, Count: len(rows), List: rows})
}

func (s *State) doRooms(u *user, _ *Command) {
	rooms := make([]*chatRoom, 0, len(s.rooms))
	for _, r := range s.rooms {
		rooms = append(rooms, r)
	}
	slices.SortFunc(rooms, func(a, b *chatRoom) int { return strings.Compare(a.key, b.key) })
	rows := make([]Row, len(rooms))
	for i, r := range rooms {
		rows[i] = Row{Name: r.name, Count: len(r.members), Text: r.topic}
	}
	s.answer(u, Event{Kind: RoomList, Count: len(rows), List: rows})
}

// doWho answers with one row: the user, its idle seconds, its away mark and words, its address for operators; RoomName lists its rooms.
func (s *State) doWho(u *user, cmd *Command) {
	who := s.userByName(u, cmd.Name)
	if who == nil {
		return
	}
	rooms := make([]string, len(who.seats))
	for i, seat := range who.seats {
		rooms[i] = seat.room.name
	}
	s.answer(u, Event{Kind: Described, Who: who.name, RoomName: strings.Join(rooms, ","), List: []Row{{
		Unix: who.since, Count: int((cmd.At - who.active) / time.Second), Away: who.away != nil, Text: who.away.said(),
		Who: s.addressFor(u, who),
	}}})
}

package room

// chatRoom is one room.
type chatRoom struct {
	id      RoomID
	name    string
	key     string
	topic   string
	members []*user         // in no order; each knows its index
	order   *ordered[*user] // the same by key, nil while they are few
	recent  history
	tally   Tally  // what the next digest tells
	tallied bool   // stands in digests
	opener  uint64 // the group of who has opened it
}

// seat gives u a place in r, which becomes its current room.
func (r *chatRoom) seat(u *user) {
	u.sit(seat{room: r, index: uint32(len(r.members))})
	r.members = append(r.members, u)
	r.orderMember(u)
}

// unseat takes from u its i-th seat and returns the room.
func (u *user) unseat(i int) *chatRoom {
	s := *u.seatAt(i)
	s.room.disorderMember(u)
	s.room.removeMember(s.index)
	u.rise(i)
	return s.room
}

// removeMember moves the last member to the empty place.
func (r *chatRoom) removeMember(i uint32) {
	last := uint32(len(r.members) - 1)
	moved := r.members[last]
	r.members[i], r.members[last] = moved, nil
	r.members = r.members[:last]
	if i != last {
		moved.seatAt(moved.seatIn(r)).index = i
	}
}

// rekey gives u another key, in all of its rooms.
func (u *user) rekey(key string) {
	for seat := range u.seats {
		seat.room.disorderMember(u)
	}
	u.key = key
	for seat := range u.seats {
		seat.room.orderMember(u)
	}
}

// enter seats u in r, as its current room, and tells the members.
func (s *State) enter(u *user, r *chatRoom) {
	r.seat(u)
	s.out.emit(Event{Kind: MemberAdded, Scope: ToLoops, Client: u.id, Room: r.id, Current: true})
	if s.large(r) {
		s.digests.count(r, Tally{Entered: 1})
		return
	}
	s.out.emit(Event{Kind: Entered, Scope: ToRoom, Client: u.id, Room: r.id, RoomName: r.name, Who: u.name, Count: len(r.members)})
}

// leave takes u out of the room of its i-th seat and tells the members that remain.
func (s *State) leave(u *user, i int) {
	wasLarge := s.large(u.seatAt(i).room)
	r := u.unseat(i)
	s.out.emit(Event{Kind: MemberRemoved, Scope: ToLoops, Client: u.id, Room: r.id})
	switch {
	case len(r.members) == 0:
		s.hall.close(r)
	case wasLarge:
		s.digests.count(r, Tally{Left: 1})
	default:
		s.out.emit(Event{Kind: Left, Scope: ToRoom, Client: u.id, Room: r.id, RoomName: r.name, Who: u.name, Count: len(r.members)})
	}
}

// currentIs says which room is u's current one now, if it has any.
func (s *State) currentIs(u *user) {
	if r := u.current(); r != nil {
		s.out.emit(Event{Kind: CurrentIs, Scope: ToLoops, Client: u.id, Room: r.id})
	}
}

// large says whether the coming and going in r is told by digest: told one by one, n users who enter would cost n*n lines.
func (s *State) large(r *chatRoom) bool { return len(r.members) > s.cfg.AnnounceMax }

// tellNeighbours tells all who share a room with u of e, once each; large rooms count t instead.
func (s *State) tellNeighbours(u *user, e Event, t Tally) {
	var small []RoomID
	for seat := range u.seats {
		if s.large(seat.room) {
			s.digests.count(seat.room, t)
		} else {
			small = append(small, seat.room.id)
		}
	}
	s.out.toRooms(u, e, small)
}

// tellAllNeighbours tells all who share a room with u of e, once each, in rooms of every size.
func (s *State) tellAllNeighbours(u *user, e Event) {
	rooms := make([]RoomID, 0, u.roomCount())
	for seat := range u.seats {
		rooms = append(rooms, seat.room.id)
	}
	s.out.toRooms(u, e, rooms)
}

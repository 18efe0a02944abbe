package room

// Lobby is the room where everyone begins. It never ends.
const Lobby = "#lobby"

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
	tallied bool   // stands in State.tallied
	opener  uint64 // the group of who has opened it
}

// roomByName finds a room by a name as a client writes it.
func (s *State) roomByName(name string) *chatRoom {
	key, ok := foldName(name)
	if !ok {
		return nil
	}
	return s.rooms[key]
}

// openRoom returns the room with that key and makes it if need be, for someone of the group.
func (s *State) openRoom(shown, key string, group uint64) *chatRoom {
	if r := s.rooms[key]; r != nil {
		return r
	}
	s.lastRoom++
	r := &chatRoom{id: s.lastRoom, name: shown, key: key, opener: group}
	s.rooms[key] = r
	s.roomOrder.add(r)
	s.roomLooks.add(guiseOf(shown, key), r)
	if group != 0 {
		s.opened[group]++
	}
	return r
}

// enter seats u in r, as its current room, and tells the members.
func (s *State) enter(u *user, r *chatRoom) {
	u.seats = append(u.seats, seat{room: r, index: len(r.members)})
	r.members = append(r.members, u)
	r.orderMember(u)
	s.emit(Event{Kind: MemberAdded, Scope: ToLoops, Client: u.id, Room: r.id, Current: true})
	if s.large(r) {
		s.count(r, Tally{Entered: 1})
		return
	}
	s.emit(Event{Kind: Entered, Scope: ToRoom, Client: u.id, Room: r.id, RoomName: r.name, Who: u.name, Count: len(r.members)})
}

// leave takes u out of the room of its i-th seat and tells the members that remain.
func (s *State) leave(u *user, i int) {
	r := u.seats[i].room
	wasLarge := s.large(r)
	r.disorderMember(u)
	r.removeMember(u.seats[i].index)
	u.seats = append(u.seats[:i], u.seats[i+1:]...)
	s.emit(Event{Kind: MemberRemoved, Scope: ToLoops, Client: u.id, Room: r.id})
	switch {
	case len(r.members) == 0:
		s.closeRoom(r)
	case wasLarge:
		s.count(r, Tally{Left: 1})
	default:
		s.emit(Event{Kind: Left, Scope: ToRoom, Client: u.id, Room: r.id, RoomName: r.name, Who: u.name, Count: len(r.members)})
	}
}

// removeMember moves the last member to the empty place.
func (r *chatRoom) removeMember(i int) {
	last := len(r.members) - 1
	moved := r.members[last]
	r.members[i], r.members[last] = moved, nil
	r.members = r.members[:last]
	if i != last {
		moved.seats[moved.seatIn(r)].index = i
	}
}

// closeRoom forgets an empty room; the lobby only forgets what nobody is there to be told of.
func (s *State) closeRoom(r *chatRoom) {
	r.tally = Tally{}
	if r.key == Lobby {
		return
	}
	delete(s.rooms, r.key)
	s.roomOrder.remove(r)
	s.roomLooks.remove(guiseOf(r.name, r.key), r)
	s.historyBytes -= r.recent.bytes
	if r.opener == 0 {
		return
	}
	if s.opened[r.opener]--; s.opened[r.opener] == 0 {
		delete(s.opened, r.opener)
	}
}

// makeCurrent moves the i-th seat of u to the end.
func (s *State) makeCurrent(u *user, i int) {
	chosen := u.seats[i]
	copy(u.seats[i:], u.seats[i+1:])
	u.seats[len(u.seats)-1] = chosen
	s.currentIs(u)
}

// currentIs says which room is u's current one now, if it has any.
func (s *State) currentIs(u *user) {
	if r := u.current(); r != nil {
		s.emit(Event{Kind: CurrentIs, Scope: ToLoops, Client: u.id, Room: r.id})
	}
}

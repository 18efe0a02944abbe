package room

// chatRoom is one room.
type chatRoom struct {
	id       RoomID
	name     string
	key      string
	topic    string
	topicBy  string          // who set it, by the name that it had
	topicAt  int64           // when, in milliseconds of wall clock
	created  int64           // when it was opened, in milliseconds of wall clock; 0: that isn't known
	renamed  int64           // when it got its name, if it had another one before, in milliseconds of wall clock
	members  []*user         // in no order; each knows its index
	order    *ordered[*user] // the same by key, nil while they are few
	shown    *ordered[*user] // those of them who show, by key; nil: all do
	kept     *roll           // the same as they are told of, if they have not changed since; nil: they have, or all show
	recent   history
	tally    Tally  // what the next digest tells
	tallied  bool   // stands in digests
	opener   uint64 // the group of who has opened it
	rights   *roomRights
	place    PlaceID
	metadata metadata
	staying  int // how many of its members stay without a session
	noted    int // how many events are kept behind the last message

	recorded bool   // there is a record of it, or there will be one behind Restored, as of the lobby
	restored bool   // it was kept before the server began, and whether it still is will only be known behind Restored
	touched  bool   // it stands in changes
	was      string // the key by which there may be a record of it, where that is no longer its own; for the command at hand
}

// durable says whether r outlives a restart, and its last member.
func (r *chatRoom) durable() bool {
	return r.staying > 0 || r.restored || r.rights.has(RightKept) || r.key == Lobby
}

// seat gives u a place in r, where it shows or is hidden.
func (r *chatRoom) seat(u *user, hidden bool) {
	if hidden {
		r.hidesSome()
	}
	if u.sit(seat{room: r, index: uint32(len(r.members)), hidden: hidden}); u.stays() {
		r.staying++
	}
	r.members = append(r.members, u)
	u.seatAt(u.roomCount() - 1).order(u)
}

// unseat takes from u its i-th seat and returns the room.
func (u *user) unseat(i int) *chatRoom {
	s := *u.seatAt(i)
	s.disorder(u)
	s.room.removeMember(s.index)
	if u.rise(i); u.stays() {
		s.room.staying--
	}
	s.room.tidyShown()
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
		seat.disorder(u)
	}
	u.key = key
	for seat := range u.seats {
		seat.order(u)
	}
}

package room

// seat is a user's place in a room.
type seat struct {
	room  *chatRoom
	index uint32 // in room.members
	// hidden says that its user doesn't show: the room was large when it came, and has not heard of it since.
	hidden bool
}

// roomCount is how many rooms the user is in.
func (u *user) roomCount() int {
	switch {
	case u.seat.room == nil:
		return 0
	case u.rare == nil:
		return 1
	}
	return 1 + len(u.rare.seats)
}

// seatAt is the user's i-th seat, in the order of joining. It is valid until the user takes or leaves one.
func (u *user) seatAt(i int) *seat {
	if i == 0 {
		return &u.seat
	}
	return &u.rare.seats[i-1]
}

// seats yields the user's seats, in the order of joining. None may be taken or left meanwhile.
func (u *user) seats(yield func(*seat) bool) {
	for i := range u.roomCount() {
		if !yield(u.seatAt(i)) {
			return
		}
	}
}

// rooms is the rooms that the user is in, in the order of its seats.
func (u *user) rooms() []*chatRoom {
	rooms := make([]*chatRoom, 0, u.roomCount())
	for seat := range u.seats {
		rooms = append(rooms, seat.room)
	}
	return rooms
}

// last is the room of the user's last seat, nil if it is in none.
func (u *user) last() *chatRoom {
	if n := u.roomCount(); n > 0 {
		return u.seatAt(n - 1).room
	}
	return nil
}

// seatIn returns the index of the user's seat in r, -1 if it is not in there.
func (u *user) seatIn(r *chatRoom) int {
	for i := range u.roomCount() {
		if u.seatAt(i).room == r {
			return i
		}
	}
	return -1
}

// sit gives the user one more seat, the last.
func (u *user) sit(s seat) {
	if u.seat.room == nil {
		u.seat = s
		return
	}
	more := u.more()
	more.seats = append(more.seats, s)
}

// rise takes the i-th seat from the user.
func (u *user) rise(i int) {
	u.makeLast(i)
	n := u.roomCount()
	*u.seatAt(n - 1) = seat{}
	if n > 1 {
		u.rare.seats = u.rare.seats[:n-2]
		u.tidy()
	}
}

// makeLast moves the i-th seat to the end.
func (u *user) makeLast(i int) {
	chosen, last := *u.seatAt(i), u.roomCount()-1
	for ; i < last; i++ {
		*u.seatAt(i) = *u.seatAt(i + 1)
	}
	*u.seatAt(last) = chosen
}

package room

// seat is a user's place in a room.
type seat struct {
	room  *chatRoom
	index uint32 // in room.members
}

// roomCount is how many rooms the user is in.
func (u *user) roomCount() int {
	switch {
	case u.first.room == nil:
		return 0
	case u.more == nil:
		return 1
	}
	return 1 + len(*u.more)
}

// seatAt is the user's i-th seat, in the order of joining. It is valid until the user takes or leaves one.
func (u *user) seatAt(i int) *seat {
	if i == 0 {
		return &u.first
	}
	return &(*u.more)[i-1]
}

// seats yields the user's seats, in the order of joining. None may be taken or left meanwhile.
func (u *user) seats(yield func(*seat) bool) {
	for i := range u.roomCount() {
		if !yield(u.seatAt(i)) {
			return
		}
	}
}

// current is the room that the user talks in, nil if it is in none.
func (u *user) current() *chatRoom {
	if u.more == nil {
		return u.first.room
	}
	return (*u.more)[len(*u.more)-1].room
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
	switch {
	case u.first.room == nil:
		u.first = s
	case u.more == nil:
		u.more = &[]seat{s}
	default:
		*u.more = append(*u.more, s)
	}
}

// rise takes the i-th seat from the user.
func (u *user) rise(i int) {
	u.makeCurrent(i)
	if u.more == nil {
		u.first = seat{}
		return
	}
	if *u.more = (*u.more)[:len(*u.more)-1]; len(*u.more) == 0 {
		u.more = nil
	}
}

// makeCurrent moves the i-th seat to the end.
func (u *user) makeCurrent(i int) {
	chosen, last := *u.seatAt(i), u.roomCount()-1
	for ; i < last; i++ {
		*u.seatAt(i) = *u.seatAt(i + 1)
	}
	*u.seatAt(last) = chosen
}

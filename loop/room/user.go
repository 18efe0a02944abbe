package room

import "time"

// user is one client, guest or signed in.
type user struct {
	id     ClientID
	name   string        // as others see it
	key    string        // under which it stands in State.names; "" while it is locked
	since  int64         // when it came, in seconds of wall clock
	active time.Duration // when it sent its last line, PING aside
	away   *absence      // nil: it is here
	seats  []seat        // its rooms in the order of joining; the last is current

	// prev and next link the users that are not away, longest idle first.
	prev, next *user

	address string // for operators; most are the name of a guest, which is the same string in memory
	guest   bool
	spoken  bool // has said something, to a room or to someone
	locked  bool // has to say the server's password, and is in no room and has no name until then
}

// seat is a user's place in a room.
type seat struct {
	room  *chatRoom
	index int // in room.members
}

// current is the room that the user talks in, nil if it is in none.
func (u *user) current() *chatRoom {
	if len(u.seats) == 0 {
		return nil
	}
	return u.seats[len(u.seats)-1].room
}

// seatIn returns the index of the user's seat in r, -1 if it is not in there.
func (u *user) seatIn(r *chatRoom) int {
	for i := range u.seats {
		if u.seats[i].room == r {
			return i
		}
	}
	return -1
}

// idleList holds the users that may go away by themselves, the longest idle in front.
type idleList struct {
	front, back *user
}

// touch puts u, idle from now on, at the back.
func (l *idleList) touch(u *user) {
	if l.back == u {
		return
	}
	l.remove(u)
	u.prev = l.back
	if l.back != nil {
		l.back.next = u
	} else {
		l.front = u
	}
	l.back = u
}

// remove takes u out, if it is in.
func (l *idleList) remove(u *user) {
	if l.front == u {
		l.front = u.next
	}
	if l.back == u {
		l.back = u.prev
	}
	if u.prev != nil {
		u.prev.next = u.next
	}
	if u.next != nil {
		u.next.prev = u.prev
	}
	u.prev, u.next = nil, nil
}

package room

import "time"

// UserID names a user, a person or a guest, for as long as the state lives: the low 32 bits are a place in a table, the high 32 count the users that there have been.
type UserID uint64

func newUserID(place, count uint32) UserID { return UserID(count)<<32 | UserID(place) }

// place is where the user stands in tables.
func (id UserID) place() uint32 { return uint32(id) }

// user is who others see: a guest, who has one session, or someone with a name.
type user struct {
	id     UserID
	name   string        // as others see it
	key    string        // under which it stands in State.names; "" while it is locked
	active time.Duration // when it sent its last line, PING aside
	away   *absence      // nil: it is here

	first session // no client: it has none

	// Its rooms in the order of joining, or of having been made current by a session. Most users are in one.
	seat seat // the first; room nil: it is in none

	rare *rare // nil: it has none of that

	// prev and next link the users that are not away, longest idle first.
	prev, next link
}

// rare is what few users have.
type rare struct {
	seats    []seat    // but the first
	sessions []session // but the first
	account  *account  // nil: it is nobody's
	ident    *ident    // nil: its clients say nothing of themselves
	metadata *metadata // nil: none is set
	told     MsgID     // of a guest: the first message of the lobby that it has been told of; set only where a person may come back to what it has missed
}

// more gives u a rare, if it has none.
func (u *user) more() *rare {
	if u.rare == nil {
		u.rare = &rare{}
	}
	return u.rare
}

// tidy gives u's rare back, if it has nothing left in it.
func (u *user) tidy() {
	if u.rare != nil && len(u.rare.seats)+len(u.rare.sessions) == 0 && u.rare.account == nil && u.rare.ident == nil && u.rare.metadata == nil && u.rare.told == 0 {
		u.rare = nil
	}
}

// told is the first message of the lobby that u has been told of, 0 if that isn't known.
func (u *user) told() MsgID {
	if u.rare == nil {
		return 0
	}
	return u.rare.told
}

// forgetTold is when it is not asked for any more.
func forgetTold(u *user) {
	if u.rare != nil {
		u.rare.told = 0
		u.tidy()
	}
}

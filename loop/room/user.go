package room

import "time"

// user is one client, guest or signed in.
type user struct {
	id     ClientID
	name   string        // as others see it
	key    string        // under which it stands in State.names; "" while it is locked
	active time.Duration // when it sent its last line, PING aside
	away   *absence      // nil: it is here

	address string // for operators; most are the name of a guest, which is the same string in memory

	// Its rooms in the order of joining; the last is current. Most users are in one.
	first seat    // room nil: it is in none
	more  *[]seat // the others; nil: there are none

	// prev and next link the users that are not away, longest idle first.
	prev, next link

	since  uint32 // when it came, in seconds of wall clock
	guest  bool
	spoken bool // has said something, to a room or to someone
	locked bool // has to say the server's password, and is in no room and has no name until then
}

package room

// What one may know of others stands here.

// isInvisible says whether strangers are not to find u when they don't know its name.
func isInvisible(u *user) bool { return hasMode(u, invisible) }

// mayKnow says whether v may know that r is there.
func (v viewer) mayKnow(r *chatRoom) bool {
	return v.operates || !r.rights.has(RightSecret) || v.u.seatIn(r) >= 0
}

// finds says whether v may find u without its name: it doesn't hide, or is no stranger.
func (v viewer) finds(u *user) bool {
	return v.operates || u == v.u || !isInvisible(u) || share(v.u, u)
}

// share says whether two users are in the same room.
func share(a, b *user) bool {
	for s := range a.seats {
		if b.seatIn(s.room) >= 0 {
			return true
		}
	}
	return false
}

// meets is a room in which v may be told that u is there, one that both are in if there is such a one; nil if there is none.
func (v viewer) meets(u *user) (met *chatRoom) {
	for s := range u.seats {
		switch {
		case s.hidden && u != v.u:
		case v.u.seatIn(s.room) >= 0:
			return s.room
		case met == nil && v.mayKnow(s.room):
			met = s.room
		}
	}
	return met
}

// notIn is that t's user is not in r, called so, with the name of r if the user may know that it is there. r may be nil.
func notIn(t turn, r *chatRoom, name string) Refusal {
	no := Refusal{Why: NotInRoom, Who: name}
	if r != nil && viewerOf(t).mayKnow(r) {
		no.Room = r.name
	}
	return no
}

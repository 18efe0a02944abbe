package room

// What one may know of others who are strangers stands here.

// isInvisible says whether strangers are not to find u when they don't know its name.
func isInvisible(*user) bool { return true }

// mayKnow says whether v may know that r is there.
func (v viewer) mayKnow(r *chatRoom) bool {
	return v.operates || !r.rights.has(RightSecret) || v.u.seatIn(r) >= 0
}

package room

// In a large room who comes is told to nobody: n users who enter would cost n*n lines. Dialects that tell each client who is in a room, one by one, tell it of those who show there: who was there when
// the room wasn't large, and who has been heard since. The others are hidden, and the room is told neither of their coming, nor of their going, nor of their names; only they see themselves there.
// One whose room is small again shows (membership.surface).

// hidesSome is when one comes into r that doesn't show there.
func (r *chatRoom) hidesSome() {
	if r.shown == nil {
		r.shown = r.everyone()
	}
}

// hides says whether u is in r and doesn't show there.
func (r *chatRoom) hides(u *user) bool {
	i := u.seatIn(r)
	return i >= 0 && u.seatAt(i).hidden
}

// show has u, who is hidden, show in the room of its seat s.
func (r *chatRoom) show(u *user, s *seat) {
	s.hidden = false
	r.shown.add(u)
	r.kept = nil
	r.tidyShown()
}

// everyone is all members, in order. They are at most orderFrom where that is made anew.
func (r *chatRoom) everyone() *ordered[*user] {
	if r.order != nil {
		return r.order.copy()
	}
	all := newOrdered(byKey)
	for _, m := range r.members {
		all.add(m)
	}
	return &all
}

// tidyShown notes whether all show.
func (r *chatRoom) tidyShown() {
	if r.shown != nil && r.shown.len() == len(r.members) {
		r.shown, r.kept = nil, nil
	}
}

// order notes that u has come to its seat s, or has another key.
func (s *seat) order(u *user) {
	s.room.orderMember(u)
	if s.room.shown != nil && !s.hidden {
		s.room.shown.add(u)
		s.room.kept = nil
	}
}

// disorder notes that u leaves its seat s, or that its key is about to change.
func (s *seat) disorder(u *user) {
	s.room.disorderMember(u)
	if s.room.shown != nil && !s.hidden {
		s.room.shown.remove(u)
		s.room.kept = nil
	}
}

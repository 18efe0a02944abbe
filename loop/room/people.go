package room

// people is the users by place and by the slots of their sessions: one of them can stand in several slots.
type people struct {
	at    []*user  // by place; nil where there is none
	free  []uint32 // places, the one to be used next behind; at most as many as there have been users at once
	count uint32   // of all users that there have been
	slots []*user  // by the slots of clients; nil where there is none
}

// add gives u, who has come, a place.
func (p *people) add(u *user) {
	place := uint32(len(p.at))
	if n := len(p.free); n > 0 {
		place, p.free = p.free[n-1], p.free[:n-1]
	} else {
		p.at = append(p.at, nil)
	}
	p.count++
	u.id = newUserID(place, p.count)
	p.at[place] = u
}

// remove takes it back.
func (p *people) remove(u *user) {
	p.at[u.id.place()] = nil
	p.free = append(p.free, u.id.place())
}

// seatClient notes that the client is u's.
func (p *people) seatClient(id ClientID, u *user) {
	slot := int(id.Slot())
	for len(p.slots) <= slot {
		p.slots = append(p.slots, nil)
	}
	p.slots[slot] = u
}

// ofSlot is whose client is in the slot, nil if none is.
func (p *people) ofSlot(slot uint32) *user {
	if int(slot) < len(p.slots) {
		return p.slots[slot]
	}
	return nil
}

// of is whose client that is, nil if it never came or has gone.
func (p *people) of(id ClientID) *user {
	if u := p.ofSlot(id.Slot()); u != nil && u.sessionOf(id) != nil {
		return u
	}
	return nil
}

package room

// people is the users by place and by the slots of their sessions: one of them can stand in several slots.
type people struct {
	at    []*user  // by place; nil where there is none
	free  []uint32 // places, the one to be used next behind; at most as many as there have been users at once
	count uint32   // of all users that there have been
	slots slots
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

// slots are the users by the nodes and slots of their clients; nil where there is none. The last node has a slot.
type slots [][]*user

// of is whose client is in the slot of id, nil if none is.
func (all slots) of(id ClientID) *user {
	if node := int(id.Node()); node < len(all) {
		if of := all[node]; int(id.Slot()) < len(of) {
			return of[id.Slot()]
		}
	}
	return nil
}

// put notes whose client is in the slot of id.
func (all *slots) put(id ClientID, u *user) {
	for len(*all) <= int(id.Node()) { // at most 256
		*all = append(*all, nil)
	}
	of := &(*all)[id.Node()]
	for len(*of) <= int(id.Slot()) {
		*of = append(*of, nil)
	}
	(*of)[id.Slot()] = u
}

// of is whose client that is, nil if it never came or has gone.
func (p *people) of(id ClientID) *user {
	if u := p.slots.of(id); u != nil && u.sessionOf(id) != nil {
		return u
	}
	return nil
}

package room

// people is the users by place and by the slots of their sessions: one of them can stand in several slots.
type people struct {
	at    []*user  // by place; nil where there is none
	free  []uint32 // places, the one to be used next behind; at most as many as there have been users at once
	count uint32   // of all users that there have been
	slots slots
	gone  []goneNode // of which clients have still to be ended, the longest gone first. Of those in one slot of a node, and in its slot now, at most one is still there
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
	all.grow(id.Node())
	of := &(*all)[id.Node()]
	for len(*of) <= int(id.Slot()) {
		*of = append(*of, nil)
	}
	(*of)[id.Slot()] = u
}

// grow has there be slots of a node, if only none.
func (all *slots) grow(node uint8) {
	for len(*all) <= int(node) {
		*all = append(*all, nil)
	}
}

// takeNode gives the slots of a node, and leaves it none.
func (all *slots) takeNode(node uint8) (of []*user) {
	of, (*all)[node] = (*all)[node], nil
	for n := len(*all); n > 0 && (*all)[n-1] == nil; n-- {
		*all = (*all)[:n-1]
	}
	return of
}

// goneWith is the node that is gone of which a client in the slot of id has still to be ended, nil if there is none. It is valid until another one is gone.
func (p *people) goneWith(id ClientID) *goneNode {
	for i := range p.gone { // most are over within a second
		if g := &p.gone[i]; g.node == id.Node() && int(id.Slot()) < len(g.slots) && g.slots[id.Slot()] != nil {
			return g
		}
	}
	return nil
}

// ofSlot is whose client is in the slot of id, also if its node is gone and it has still to be ended.
func (p *people) ofSlot(id ClientID) *user {
	if u := p.slots.of(id); u != nil {
		return u
	}
	if g := p.goneWith(id); g != nil {
		return g.slots[id.Slot()]
	}
	return nil
}

// unseat notes that the client is nobody's any more, and says whether its node is gone.
func (p *people) unseat(id ClientID) (nodeIsGone bool) {
	if g := p.goneWith(id); g != nil {
		g.slots[id.Slot()] = nil
		return true
	}
	p.slots.put(id, nil)
	return false
}

// of is whose client that is, nil if it never came or has gone, as it has with its node.
func (p *people) of(id ClientID) *user {
	if u := p.slots.of(id); u != nil && u.sessionOf(id) != nil {
		return u
	}
	return nil
}

package room

// seated is whose client is in a slot of a node, or nobody's.
type seated struct {
	node uint8
	user *user
}

// codeClients is whose client is in each slot, one node behind the other. Version 1 has no nodes.
func codeClients(c *coder) items[seated] {
	p := &c.state.people
	return items[seated]{
		next: p.slots.each(),
		fields: func(at *seated) {
			if !c.reads() || c.version > 1 {
				integer(c, &at.node)
			}
			c.user(&at.user)
		},
		add: func(at seated) {
			if int(at.node) < len(p.slots)-1 {
				c.fail("a client of node %d stands behind those of node %d", at.node, len(p.slots)-1)
				return
			}
			for len(p.slots) <= int(at.node) {
				p.slots = append(p.slots, nil)
			}
			p.slots[at.node] = append(p.slots[at.node], at.user)
		},
		done: func() { checkClients(c) },
	}
}

// each gives all slots one after the other.
func (all slots) each() func() (at seated, is bool) {
	node, slot := 0, 0
	return func() (at seated, is bool) {
		for node < len(all) && slot == len(all[node]) {
			node, slot = node+1, 0
		}
		if node == len(all) {
			return at, false
		}
		slot++
		return seated{uint8(node), all[node][slot-1]}, true
	}
}

// checkClients fails if there is a session in no slot, or a slot with no session.
func checkClients(c *coder) {
	p, left := &c.state.people, 0
	next := p.slots.each()
	for at, is := next(); is; at, is = next() {
		if at.user != nil {
			left++
		}
	}
	for _, u := range p.at {
		if u == nil {
			continue
		}
		for of := range u.sessions {
			if left--; p.slots.of(of.client) != u {
				c.fail("the client %d of %q is not in its slot", of.client, u.name)
			}
		}
	}
	if left != 0 {
		c.fail("%d slots are of clients that there aren't", left)
	}
}

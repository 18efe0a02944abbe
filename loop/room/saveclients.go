package room

// seated is whose client is in a slot of a node, or nobody's.
type seated struct {
	node uint8
	user *user
	of   slotOf
	// words are those of a node that is gone, with its first slot.
	words string
}

// slotOf is whose a slot is.
type slotOf uint8

const (
	ofNode      slotOf = iota // there
	ofGone                    // the same as that of the slot in front
	firstOfGone               // gone, behind those in front
)

// codeClients is whose client is in each slot, one node behind the other, and then those of nodes that are gone. Version 1 has no nodes.
func codeClients(c *coder) items[seated] {
	p := &c.state.people
	return items[seated]{
		next: p.eachSlot(),
		fields: func(at *seated) {
			if c.since(2) {
				integer(c, &at.node)
				integer(c, &at.of)
			}
			if at.of == firstOfGone {
				c.repeated(&at.words)
			}
			c.user(&at.user)
		},
		add: func(at seated) {
			switch last := len(p.gone) - 1; {
			case at.of == ofNode && last < 0 && int(at.node) >= len(p.slots)-1:
				p.slots.grow(at.node)
				p.slots[at.node] = append(p.slots[at.node], at.user)
			case at.of == firstOfGone:
				p.gone = append(p.gone, goneNode{at.node, at.words, []*user{at.user}})
			case at.of == ofGone && last >= 0 && p.gone[last].node == at.node:
				p.gone[last].slots = append(p.gone[last].slots, at.user)
			default:
				c.fail("a slot of node %d, of the kind %d, can't stand there", at.node, at.of)
			}
		},
		done: func() { checkClients(c) },
	}
}

// eachSlot gives all slots one after the other.
func (p *people) eachSlot() func() (at seated, is bool) {
	table, slot := 0, 0
	return func() (at seated, is bool) {
		for ; table < len(p.slots)+len(p.gone); table, slot = table+1, 0 {
			var of []*user
			if gone := table - len(p.slots); gone < 0 {
				of, at = p.slots[table], seated{node: uint8(table)}
			} else {
				g := &p.gone[gone]
				if of, at = g.slots, (seated{node: g.node, of: ofGone}); slot == 0 {
					at.of, at.words = firstOfGone, g.words
				}
			}
			if slot < len(of) {
				at.user = of[slot]
				slot++
				return at, true
			}
		}
		return seated{}, false
	}
}

// checkClients fails if there is a session in no slot, or a slot with no session.
func checkClients(c *coder) {
	p, left := &c.state.people, 0
	next := p.eachSlot()
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
			if left--; p.ofSlot(of.client) != u {
				c.fail("the client %d of %q is not in its slot", of.client, u.name)
			}
		}
	}
	if left != 0 {
		c.fail("%d slots are of clients that there aren't", left)
	}
}

package room

// goneNode is the clients of a node that is gone, as far as they have still to be ended. It has a slot.
type goneNode struct {
	node  uint8
	words string  // with which their users leave
	slots []*user // as the node had them; the last is the next
}

// A Tick ends so many clients of nodes that are gone, and looks at so many slots: some tenths of a millisecond. Each room that somebody is in counts as a client, and a user who stays as
// several.
const (
	endedAtOnce  = 256
	slotsAtOnce  = 4096
	costOfStayer = 8
)

// lostWithNode is how many bytes of what a client was told are taken to have been on their way when its node went, for users who stay: nobody can tell.
const lostWithNode = 4 << 10

// nodeGone is when a node is gone. Its slots are free at once, and whoever was in them sends nothing any more; they are ended by the next Ticks, or when somebody comes to their slot.
func nodeGone(s *State, cmd *Command) {
	p := &s.people
	if cmd.N < 0 || cmd.N >= int64(len(p.slots)) {
		return
	}
	if of := p.slots.takeNode(uint8(cmd.N)); len(of) > 0 {
		p.gone = append(p.gone, goneNode{uint8(cmd.N), cmd.Text, of})
	}
}

// endGone ends some clients of nodes that are gone, and says whether there were any.
func endGone(s *State) (were bool) {
	p := &s.people
	were = len(p.gone) > 0
	for clients, slots := endedAtOnce, slotsAtOnce; len(p.gone) > 0 && clients > 0 && slots > 0; slots-- {
		g := &p.gone[0]
		last := len(g.slots) - 1
		if u := g.slots[last]; u != nil {
			clients -= costOfEnd(u)
			endInSlot(s, u, NewClientID(uint32(last), 0).On(g.node), g)
		}
		if g.slots = g.slots[:last]; last == 0 {
			p.gone = p.gone[1:]
		}
	}
	if len(p.gone) == 0 {
		p.gone = nil // a crowd is not kept in memory
	}
	return were
}

func costOfEnd(u *user) int {
	switch {
	case u.stays():
		return costOfStayer + u.roomCount()
	case u.sessionCount() > 1:
		return 1
	}
	return 1 + u.roomCount()
}

// endSlot ends the session that has the slot of a client who comes, if there is one.
func endSlot(s *State, id ClientID) {
	if u := s.people.slots.of(id); u != nil {
		endInSlot(s, u, id, nil)
		return
	}
	if g := s.people.goneWith(id); g != nil {
		endInSlot(s, g.slots[id.Slot()], id, g)
	}
}

// endInSlot ends the session of u that has the slot of id, which is that of a node that is gone, or nil.
func endInSlot(s *State, u *user, id ClientID, g *goneNode) {
	for of := range u.sessions {
		if !of.client.sharesSlot(id) {
			continue
		}
		if g == nil {
			s.endSession(u, of.client, 0)
			return
		}
		verb := s.out.verb
		s.out.verb, s.out.parting = NodeGone, g.words
		s.endSession(u, of.client, lostWithNode)
		s.out.verb, s.out.parting = verb, ""
		return
	}
}

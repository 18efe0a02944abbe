package room

import (
	"math"
	"net/netip"
	"slices"
)

// codeRooms is the rooms, without who is in them and what was said there.
func codeRooms(c *coder) items[*chatRoom] {
	hall := &c.state.hall
	return items[*chatRoom]{
		next: hall.order.items(),
		fields: func(room **chatRoom) {
			if c.reads() {
				*room = &chatRoom{}
			}
			r := *room
			integer(c, &r.id)
			c.text(&r.name)
			c.alike(&r.key, r.name)
			c.text(&r.topic)
			c.repeated(&r.topicBy)
			integer(c, &r.topicAt)
			integer(c, &r.created)
			if !c.reads() || c.version > 1 { // before that no room had another name, and no events were kept
				integer(c, &r.renamed)
				integer(c, &r.noted)
			}
			integer(c, &r.opener)
			integer(c, &r.place)
			c.bool(&r.recorded)
			c.bool(&r.restored)
			codeMetadata(c, &r.metadata)
			codeTally(c, &r.tally)
			codeLooksOfRoom(c, r)
		},
		add: func(r *chatRoom) {
			if hall.rooms[r.key] != nil || c.rooms[r.id] != nil || r.id == 0 || r.id > hall.last {
				c.fail("the room %q, number %d, can't be", r.key, r.id)
				return
			}
			c.rooms[r.id] = r
			hall.add(r)
		},
		done: func() {
			if hall.rooms[Lobby] == nil {
				c.fail("there is no %s", Lobby)
			}
		},
	}
}

// codeTally is a field with one.
func codeTally(c *coder, t *Tally) {
	for _, n := range []*int{&t.Entered, &t.SignedIn, &t.Left, &t.Away, &t.Back, &t.Removed} {
		integer(c, n)
	}
}

// codeLooksOfRoom is by which parts of its guise r is found: by both, but where others look like it.
func codeLooksOfRoom(c *coder, r *chatRoom) {
	looks := c.state.hall.looks
	for _, part := range guiseOf(r.name, r.key).parts() {
		is := looks[part] == r
		if c.bool(&is); is && c.reads() {
			looks[part] = r
		}
	}
}

// message is one that a room has kept.
type message struct {
	room *chatRoom
	row  Row
}

// codeMessages is what was said in the rooms, as far as it is kept.
func codeMessages(c *coder) items[message] {
	return items[message]{
		next: messagesOf(c),
		fields: func(m *message) {
			c.room(&m.room)
			codeRow(c, &m.row)
		},
		add: func(m message) {
			if m.room == nil {
				c.fail("it was said in no room")
				return
			}
			m.room.recent.add(m.row, math.MaxInt, 0)
			c.state.hall.kept += costOf(&m.row)
		},
	}
}

// messagesOf gives those of one room after the other, the oldest first.
func messagesOf(c *coder) func() (message, bool) {
	rooms, at := c.state.hall.order.items(), 0
	r, is := rooms()
	return func() (m message, more bool) {
		for is && at == r.recent.count {
			r, is = rooms()
			at = 0
		}
		if !is {
			return m, false
		}
		at++
		return message{r, *r.recent.at(at - 1)}, true
	}
}

// codeRow is a field with one.
func codeRow(c *coder, row *Row) {
	c.repeated(&row.Name)
	c.repeated(&row.Account)
	c.repeated(&row.Who)
	c.text(&row.Text)
	integer(c, &row.ID)
	integer(c, &row.At)
	integer(c, &row.Count)
	c.bool(&row.Away)
	c.bool(&row.Action)
	c.bool(&row.Notice)
	c.bool(&row.Shun)
	c.bool(&row.Own)
	integer(c, &row.Right)
}

// codeRights is what rights hold in the rooms in which some do, or did.
func codeRights(c *coder) items[*chatRoom] {
	rooms := c.state.hall.order.items()
	return items[*chatRoom]{
		next: func() (r *chatRoom, is bool) {
			for r, is = rooms(); is && r.rights == nil; r, is = rooms() {
			}
			return r, is
		},
		fields: func(room **chatRoom) {
			c.room(room)
			r := *room
			if c.reads() {
				if r == nil || r.rights != nil {
					c.fail("they are of no room, or there twice")
					return
				}
				r.rights = &roomRights{}
			}
			l := r.rights
			integer(c, &l.unswept)
			l.all = series(c, l.all, func(h *held) { codeHeld(c, h) })
			for i := range l.all {
				if c.reads() {
					l.note(&l.all[i])
				}
			}
		},
		add: func(*chatRoom) {},
		done: func() {
			for _, r := range c.rooms {
				if !r.rights.has(RightKept) {
					c.state.hall.count(r)
				}
			}
		},
	}
}

// codeRight is a field with one.
func codeRight(c *coder, r *Right) {
	integer(c, &r.Kind)
	c.repeated(&r.Target)
	c.repeated(&r.By)
	integer(c, &r.At)
	integer(c, &r.Until)
	c.text(&r.Text)
	c.bool(&r.Stays)
}

// codeHeld is a field with a right, and whose it is.
func codeHeld(c *coder, h *held) {
	codeRight(c, &h.Right)
	c.repeated(&h.account)
	user := h.user + 1 // most are nobody's, which is 0 then
	integer(c, &user)
	h.user = user - 1
	codeTarget(c, &h.target)
	if h.Kind == 0 || h.Kind >= rightKinds || h.user != NoUser && int64(h.user.place()) >= int64(len(c.state.people.at)) {
		c.fail("the right %d of user %d can't be", h.Kind, h.user)
	}
}

// codeTarget is a field with one.
func codeTarget(c *coder, t *target) {
	c.text(&t.name)
	c.text(&t.guest)
	c.text(&t.user)
	c.text(&t.mask.nick)
	c.text(&t.mask.user)
	c.text(&t.mask.host)
	c.text(&t.account)
	c.bool(&t.mutes)
	net := ""
	if t.net.IsValid() {
		net = t.net.String()
	}
	if c.text(&net); !c.reads() || net == "" {
		return
	}
	var err error
	if t.net, err = netip.ParsePrefix(net); err != nil {
		c.fail("a network: %w", err)
	}
}

// codeSwept is the rooms whose members bans have still to be compared with.
func codeSwept(c *coder) items[*chatRoom] {
	return items[*chatRoom]{
		next:   inSlice(c.state.swept),
		fields: func(r **chatRoom) { codeRoomThere(c, r) },
		add: func(r *chatRoom) {
			switch {
			case r == nil:
				r = &chatRoom{rights: &roomRights{}}
			case r.rights == nil || slices.Contains(c.state.swept, r):
				c.fail("the room %s can't be", r.key)
			}
			c.state.swept = append(c.state.swept, r)
		},
	}
}

// codeRoomThere is a field with a room that may have ended: then it is nil.
func codeRoomThere(c *coder, r **chatRoom) {
	if !c.reads() && c.state.hall.rooms[(*r).key] != *r {
		*r = nil
	}
	c.room(r)
}

// codeDigests is the rooms with a digest to come.
func codeDigests(c *coder) items[*chatRoom] {
	digests := &c.state.digests
	return items[*chatRoom]{
		next:   inSlice(digests.rooms),
		fields: func(r **chatRoom) { codeRoomThere(c, r) },
		add: func(r *chatRoom) {
			if r == nil {
				r = &chatRoom{}
			}
			if r.tallied {
				c.fail("the room %s is there twice", r.key)
			}
			r.tallied = true
			digests.rooms = append(digests.rooms, r)
		},
	}
}

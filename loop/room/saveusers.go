package room

// codeUsers is the users, each at its place, which may be empty.
func codeUsers(c *coder) items[*user] {
	s := c.state
	return items[*user]{
		next: inSlice(s.people.at),
		fields: func(u **user) {
			there := *u != nil
			if c.bool(&there); !there {
				return
			}
			if c.reads() {
				*u = &user{}
			}
			codePerson(c, *u)
		},
		add: func(u *user) {
			s.people.at = append(s.people.at, u)
			if u != nil {
				putUser(c, u)
			}
		},
		done: func() { placeMembers(c) },
	}
}

// codePerson is what there is to a user.
func codePerson(c *coder, u *user) {
	codeID(c, u)
	c.text(&u.name)
	c.alike(&u.key, u.name)
	integer(c, &u.active)
	codeAbsence(c, &u.away)
	codeAccount(c, u)
	codeOwnMetadata(c, u)
	codeIdent(c, u)
	codeSessions(c, u)
	codeSeats(c, u)
	codeTold(c, u)
	codeLooks(c, u)
	codeNumbersOf(c, u)
}

// codeID is u's, without the place at which u stands.
func codeID(c *coder, u *user) {
	p := &c.state.people
	count := uint32(u.id >> 32)
	if integer(c, &count); !c.reads() {
		return
	}
	if u.id = newUserID(uint32(len(p.at)), count); count > p.count {
		c.fail("the %d-th user can't be: there have been %d", count, p.count)
	}
}

// codeAbsence is a field with one.
func codeAbsence(c *coder, of **absence) {
	const (
		here = iota
		byItself
		byWords
		forWantOfSessions
	)
	how := uint8(here)
	switch {
	case *of == &asleep:
		how = byItself
	case *of == &unheld:
		how = forWantOfSessions
	case *of != nil:
		how = byWords
	}
	integer(c, &how)
	switch how {
	case here:
	case byItself:
		*of = &asleep
	case forWantOfSessions:
		*of = &unheld
	case byWords:
		if c.reads() {
			*of = &absence{}
		}
		c.text(&(*of).words)
	default:
		c.fail("the absence %d is none", how)
	}
}

// codeAccount is u's, or none.
func codeAccount(c *coder, u *user) {
	a := u.account()
	is := a != nil
	if c.bool(&is); !is {
		return
	}
	if c.reads() {
		a = &account{}
		u.more().account = a
	}
	c.alike(&a.name, u.name)
	c.alike(&a.key, a.name)
	integer(c, &a.came)
	c.bool(&a.keeps)
	integer(c, &a.took)
	codeMail(c, a)
	a.marks = codeMarks(c, a.marks)
}

// codeOwnMetadata is that of u.
func codeOwnMetadata(c *coder, u *user) {
	m := metadataOf(u)
	if codeMetadata(c, &m); c.reads() && len(m) > 0 {
		setMetadata(u, m)
	}
}

// codeMail is what has been said to a alone.
func codeMail(c *coder, a *account) {
	rows := series(c, a.inbox().last(maxMail), func(row *Row) { codeRow(c, row) })
	if !c.reads() || len(rows) == 0 {
		return
	}
	if len(rows) > maxMail || !a.keeps {
		c.fail("%d messages to %q are too many", len(rows), a.name)
		return
	}
	a.mail = &history{}
	for i := range rows {
		a.mail.add(rows[i], maxMail, 0)
	}
}

// codeTold is what u, a guest, has been told of the lobby.
func codeTold(c *coder, u *user) {
	told := u.told()
	if integer(c, &told); c.reads() && told != 0 {
		u.more().told = told
	}
}

// codeSessions is those of u.
func codeSessions(c *coder, u *user) {
	c.few = c.few[:0]
	for of := range u.sessions {
		c.few = append(c.few, *of)
	}
	all := series(c, c.few, func(of *session) { codeSession(c, u, of) })
	if !c.reads() || len(all) == 0 {
		return
	}
	if u.first = all[0]; len(all) > 1 {
		u.more().sessions = all[1:]
	}
	if len(all) > mostSessions {
		c.fail("%d sessions are too many", len(all))
	}
}

// mostSessions is how many sessions a user can have: they have numbers of 8 bits.
const mostSessions = 250

// codeSession is one of u's, and what stands elsewhere of its client.
func codeSession(c *coder, u *user, of *session) {
	integer(c, &of.client)
	c.alike(&of.from, u.name)
	integer(c, &of.since)
	integer(c, &of.active)
	integer(c, &of.current)
	integer(c, &of.number)
	integer(c, &of.flags)
	if !of.is(there) {
		c.fail("a session of %q is none", u.name)
	}
	s := c.state
	entry(c, s.names.keys, of.client, c.text)
	entry(c, s.rights.operators, of.client, c.repeated)
	entry(c, s.rights.quiet, of.client, func(until *int64) { integer(c, until) })
	codeMonitor(c, of.client)
	codeSubscriptions(c, of.client)
}

// entry is what m has of a key, which may be nothing.
func entry[K comparable, T any](c *coder, m map[K]T, key K, field func(*T)) {
	there, is := m[key]
	if c.bool(&is); !is {
		return
	}
	value := there // in memory that is only taken for those that there are
	if field(&value); c.reads() {
		m[key] = value
	}
}

// codeSeats is the rooms that u is in, and the how manieth of their members it is there: bans are compared with them in that order.
func codeSeats(c *coder, u *user) {
	if !c.reads() {
		for s := range u.seats {
			c.more(true)
			c.room(&s.room)
			c.bool(&s.hidden)
			integer(c, &s.index)
		}
		c.more(false)
		return
	}
	for c.more(false) {
		var (
			r      *chatRoom
			index  uint32
			hidden bool
		)
		c.room(&r)
		c.bool(&hidden)
		if integer(c, &index); c.err != nil {
			return
		}
		if r == nil || u.seatIn(r) >= 0 {
			c.fail("%q can't be in that room", u.name)
			return
		}
		r.seat(u, hidden)
		u.seatAt(u.roomCount() - 1).index = index
	}
}

// placeMembers puts the members of the rooms where their seats say.
func placeMembers(c *coder) {
	for _, r := range c.rooms {
		members := make([]*user, len(r.members))
		for _, u := range r.members {
			at := u.seatAt(u.seatIn(r)).index
			if int64(at) >= int64(len(members)) || members[at] != nil {
				c.fail("%q isn't the %d-th of %d members of %s", u.name, at, len(members), r.name)
				return
			}
			members[at] = u
		}
		if r.members = members; len(members) > 0 {
			c.state.hall.occupied++
		}
	}
}

// codeLooks is by which parts of its guise u is found: by both, but where others look like it. Guests are by none.
func codeLooks(c *coder, u *user) {
	if u.guest() || u.locked() {
		return
	}
	looks, parts := c.state.names.looks, guiseOf(u.name, u.key).parts()
	for _, part := range parts {
		is := looks.stands(part, u)
		if c.bool(&is); is && c.reads() && !looks.stands(part, u) {
			looks.stand(part, u)
		}
	}
}

// codeNumbersOf is what is remembered of the lines that u has numbered.
func codeNumbersOf(c *coder, u *user) {
	n := &c.state.numbers
	var ids []lastNumber
	if row := n.of[u.key]; row != nil {
		ids = row.ids
	}
	if ids = codeLastNumbers(c, ids); c.reads() && len(ids) > 0 {
		n.of[u.key] = &numbered{key: u.key, ids: ids}
	}
}

// codeLastNumbers is a field with some.
func codeLastNumbers(c *coder, ids []lastNumber) []lastNumber {
	ids = series(c, ids, func(last *lastNumber) {
		c.text(&last.id)
		integer(c, &last.last)
	})
	if len(ids) > maxIDs {
		c.fail("%d ids of numbered lines are too many", len(ids))
	}
	return ids
}

// putUser puts a user that has been read where others find it. It stands at its place.
func putUser(c *coder, u *user) {
	s := c.state
	switch {
	case u.locked():
		if u.key != "" || u.roomCount() > 0 {
			c.fail("%q has not said the password, and is in the chat", u.name)
		}
	case s.names.here.find(u.key) != nil:
		c.fail("the name %q is there twice", u.key)
	default:
		s.names.here.put(u.key, u)
	}
	if a := u.account(); a != nil {
		if s.persons.find(a.key) != nil {
			c.fail("the account %q is there twice", a.key)
		}
		s.persons.put(u)
	}
}

// codeFree is the places where there is no user, in the order in which they came free.
func codeFree(c *coder) items[uint32] {
	p, free := &c.state.people, map[uint32]bool{}
	return items[uint32]{
		next:   inSlice(p.free),
		fields: func(place *uint32) { integer(c, place) },
		add: func(place uint32) {
			if free[place] || int64(place) >= int64(len(p.at)) || p.at[place] != nil {
				c.fail("the place %d isn't free", place)
			}
			free[place] = true
			p.free = append(p.free, place)
		},
	}
}

// codeIdle is the users who may go away by themselves, the longest idle first.
func codeIdle(c *coder) items[*user] {
	l := &c.state.idle
	u := l.front
	return items[*user]{
		next: func() (next *user, is bool) {
			if next = u; u != nil {
				u = l.at(u.next)
			}
			return next, next != nil
		},
		fields: c.user,
		add: func(u *user) {
			if u == nil || u.prev != 0 || l.front == u || u.away != nil || u.locked() {
				c.fail("who can't become idle is")
				return
			}
			l.touch(u)
		},
	}
}

// codeNumbers is what is remembered of the lines that those have numbered who have gone, the longest gone first.
func codeNumbers(c *coder) items[*numbered] {
	n := &c.state.numbers
	at := n.left.Front()
	return items[*numbered]{
		next: func() (row *numbered, is bool) {
			if at == nil {
				return nil, false
			}
			row, at = at.Value.(*numbered), at.Next()
			return row, true
		},
		fields: func(row **numbered) {
			if c.reads() {
				*row = &numbered{}
			}
			r := *row
			c.text(&r.key)
			integer(c, &r.leftAt)
			c.repeated(&r.network)
			r.ids = codeLastNumbers(c, r.ids)
		},
		add: func(row *numbered) {
			if n.of[row.key] != nil || c.state.names.here.find(row.key) != nil || len(row.ids) == 0 {
				c.fail("what was numbered under %q can't be", row.key)
				return
			}
			n.of[row.key] = row
			n.gone(row)
		},
	}
}

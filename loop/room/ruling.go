package room

// roomOf is the room that cmd is about, or denies u cmd. It must be in there, but for the server's operators.
func roomOf(t turn) *chatRoom {
	r := t.u.currentIn(t.session())
	if name := t.cmd.Room; name != "" {
		if r = t.hall.byName(name); r == nil || t.u.seatIn(r) < 0 && !t.rights.isOperator(t.cmd.Client) {
			t.deny(notIn(t, r, name))
			return nil
		}
	} else if r == nil {
		t.deny(Refusal{Why: NoRoomNow})
	}
	return r
}

// given is the right of the kind that u gives now.
func given(t turn, kind RightKind, target string) held {
	return held{Right: Right{Kind: kind, Target: target, By: t.u.name, At: t.cmd.Wall}, user: NoUser}
}

// givenTo is the right of the kind that u gives to b now.
func givenTo(t turn, kind RightKind, b bearer) held {
	h := given(t, kind, b.name)
	h.belongTo(b)
	return h
}

// rowOfRight is a right as it is told.
func rowOfRight(h *Right) Row {
	return Row{Right: h.Kind, Name: h.Target, Who: h.By, Text: h.words(), Count: int(h.Until), At: h.At}
}

// words are what is told of it: nothing of a key.
func (r *Right) words() string {
	if r.Kind == RightKey {
		return ""
	}
	return r.Text
}

// answerRight answers u that it has given that right in r, or taken it, by which nothing changes. Who is invited again hears of it again.
func answerRight(t turn, r *chatRoom, h *held) { answerGiven(t, r, h, h.Kind != RightInvite) }

// answerGiven is answerRight where current says whether it was so before.
func answerGiven(t turn, r *chatRoom, h *held, current bool) {
	done := rightDone(t, r, h)
	done.Current = current
	t.answer(done)
}

func rightDone(t turn, r *chatRoom, h *held) Event {
	row := rowWith(t.State, h)
	row.Off = t.cmd.Off
	return Event{Kind: GovernDone, RoomName: r.name, List: []Row{row}}
}

// rowWith is a right as it is told when it is given or taken: with the user whose it is, if that is here.
func rowWith(s *State, h *held) Row {
	row := rowOfRight(&h.Right)
	if u := userOfBearer(s, h.bearer()); u != nil {
		row.Of = briefly(u)
	}
	return row
}

// briefly is u as it is told in passing.
func briefly(u *user) *Portrait {
	return &Portrait{Name: u.name, User: userOf(u), Host: hostOf(u), Account: accountOf(u), Away: u.away != nil, Words: u.away.said()}
}

// userOfBearer is the user who has those rights, nil if it isn't here.
func userOfBearer(s *State, b bearer) *user {
	if b.user == NoUser {
		return s.persons.find(b.account)
	}
	if u := s.people.at[b.user.place()]; u != nil && u.id == b.user {
		return u
	}
	return nil
}

// changed answers u, and tells the others of r, that it has given that right there, or taken it, behind others.
func changed(t turn, r *chatRoom, h *held, others ...Row) {
	t.changes.room(r)
	row := rowWith(t.State, h)
	row.Who, row.Off = t.u.name, t.cmd.Off
	forAll := h.Kind != RightInvite && !h.target.byAddress() // to read
	if t.joint != nil && forAll {
		*t.joint = append(append(*t.joint, others...), row)
		return
	}
	done := rightDone(t, r, h)
	done.List = append(others, done.List...)
	if h.target.byAddress() {
		row.Name = ""
	}
	tellDone(t, r, done, append(others[:len(others):len(others)], row), forAll)
}

// tellChanged is changed for all that has changed by one command.
func tellChanged(t turn, r *chatRoom, rows []Row) {
	if len(rows) > 0 {
		tellDone(t, r, Event{Kind: GovernDone, RoomName: r.name, List: rows}, rows, true)
	}
}

// tellDone answers u by done, and tells the others of r of rows; it is kept if that is for all to read.
func tellDone(t turn, r *chatRoom, done Event, rows []Row, forAll bool) {
	told := about(t.u, Event{Kind: Governed, Scope: ToRoom, Client: t.cmd.Client, Room: r.id, RoomName: r.name, List: rows})
	if forAll {
		note(t.State, r, &told)
	}
	done.ID = told.ID
	t.answer(done)
	t.out.emit(told)
}

// give has a right hold in r, and says so behind others. It may be one too many.
func give(t turn, r *chatRoom, h held, others ...Row) bool {
	l := rightsIn(r)
	if l.isFull(h.Kind) {
		t.deny(Refusal{Why: RoomRightsFull, Room: r.name, Text: h.Kind.String()})
		return false
	}
	l.add(h)
	changed(t, r, &h, others...)
	return true
}

// take has the i-th right of r hold no longer, and says so.
func take(t turn, r *chatRoom, i int) {
	h := r.rights.all[i]
	r.rights.remove(i)
	changed(t, r, &h)
}

// rightsIn are the rights of r, which there may be none of yet.
func rightsIn(r *chatRoom) *roomRights {
	if r.rights == nil {
		r.rights = &roomRights{}
	}
	return r.rights
}

// found makes u, who opens r, its founder if it has an account. Who numbers what it asks for, as in dialects in which rooms are so, becomes an operator of the room otherwise, and only operators set the
// topic there.
func found(t turn, r *chatRoom) {
	b, kind, numbers := bearerOf(t.u), RightFounder, t.cmd.Tag != 0
	if b.account == "" {
		kind = RightOperator
	}
	if b.account != "" || numbers {
		rightsIn(r).add(givenTo(t, kind, b))
	}
	if numbers {
		rightsIn(r).add(given(t, RightTopic, ""))
	}
}

// meant finds who is meant by a name: a user who is here, or an account. The user is nil if it isn't here.
func meant(t turn) (b bearer, u *user, ok bool) {
	if u = t.names.byName(t.cmd.Name); u != nil {
		return bearerOf(u), u, true
	}
	shown, key, why := checkName(t.cmd.Name)
	if u = t.persons.find(key); u != nil { // by another name
		return bearerOf(u), u, true
	}
	if why == 0 && t.names.isRegistered(key) {
		return bearer{account: key, user: NoUser, name: shown}, nil, true
	}
	return b, nil, false
}

// useInvitation forgets that u, who enters r, is invited.
func useInvitation(s *State, u *user, r *chatRoom) {
	if r.rights.has(RightInvite) {
		b := bearerOf(u)
		if r.rights.drop(func(h *held) bool { return h.Kind == RightInvite && h.of(b) }) {
			s.changes.room(r)
		}
	}
}

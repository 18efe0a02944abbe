package room

// personKept is when the server has a person stay as it was asked to, or no longer. What has changed since is kept as well.
func personKept(s *State, cmd *Command) {
	u := s.persons.find(cmd.Name)
	if u == nil { // it has given its name up, or gone
		s.out.record(Record{Person: &KeptPerson{Account: cmd.Name}})
	} else {
		s.changes.account(u.account())
		if stay(s, u, !cmd.Off); cmd.Off && u.sessionCount() == 0 {
			s.release(u)
		}
	}
	if cmd.Person != nil && !cmd.Off {
		noteRoomsKept(s, cmd.Person.Rooms)
	}
	answerIfThere(s, cmd, Event{Kind: Keeping, On: u != nil && !cmd.Off})
}

// noteRoomsKept is when the rooms of who is to stay have been kept with it, as they were when that was asked for.
func noteRoomsKept(s *State, keys []string) {
	for _, key := range keys {
		if r := s.hall.rooms[key]; r != nil {
			r.recorded = true
			s.changes.room(r)
		} else {
			s.out.record(Record{NoRoom: key})
		}
	}
}

// stay has u, who has an account, stay without a session, or no longer. What has been said so far it has not missed.
func stay(s *State, u *user, stays bool) {
	if s.persons.kept == 0 {
		s.persons.since = s.messages.last
	}
	if a := u.account(); stays && !a.keeps {
		a.took = max(a.took, s.messages.last)
	}
	s.persons.keep(u, stays)
}

// restorePerson has somebody stay who did so before the server began. Where its name is another's now it is called as its account, and rooms that there aren't any more are left
// out; it stays no longer if its account is gone.
func restorePerson(s *State, cmd *Command) {
	k := cmd.Person
	if s.persons.find(k.Account) != nil {
		return
	}
	u := &user{active: cmd.At}
	if u.name, u.key = restoredName(s, cmd); u.key == "" {
		s.out.record(Record{Person: &KeptPerson{Account: k.Account}})
		return
	}
	s.people.add(u)
	s.names.put(u)
	s.numbers.stay(u.key)
	if s.persons.kept == 0 {
		s.persons.since = s.messages.last
	}
	a := &account{name: cmd.Name, key: k.Account, came: uint32(k.Since), keeps: true, took: k.Took, marks: marksOf(cmd.Past)}
	u.more().account = a
	setMetadata(u, cmd.Past.keyed())
	s.persons.put(u)
	for _, row := range cmd.Past.rows() {
		s.persons.mail(u, row)
	}
	if u.away = &unheld; k.IsAway {
		u.away = &absence{k.Away}
	}
	for _, key := range k.Rooms {
		if r := s.hall.rooms[key]; r != nil && u.seatIn(r) < 0 {
			place(&s.membership, u, r)
			s.changes.durability(r)
		}
	}
	if u.name != k.Name || u.roomCount() != len(k.Rooms) {
		s.changes.account(a)
	}
}

// restoredName is what the person of cmd is called, as shown and by key: nothing if it can't be called anything.
func restoredName(s *State, cmd *Command) (shown, key string) {
	account := cmd.Person.Account
	if !s.names.isRegistered(account) {
		return "", ""
	}
	shown, key, why := checkName(cmd.Person.Name)
	if why == 0 && s.names.here.find(key) == nil && (key == account || !s.names.isRegistered(key)) {
		return shown, key
	}
	if s.names.here.find(account) == nil {
		return cmd.Name, account
	}
	return "", ""
}

// rows are the messages of p, which may be nil.
func (p *Past) rows() []Row {
	if p == nil {
		return nil
	}
	return p.Rows
}

// marksOf are the read marks of p, which may be nil, as a person has them.
func marksOf(p *Past) marks {
	if p == nil || len(p.Marks) == 0 {
		return nil
	}
	kept := p.Marks[max(0, len(p.Marks)-maxReadMarks):]
	m := make(marks, 0, len(kept))
	for _, k := range kept {
		if k.Read != 0 && m.index(k.Key) < 0 {
			m = append(m, mark{key: k.Key, shown: k.Shown, read: k.Read})
		}
	}
	return m
}

// remember is when the last messages of a room are told that were said before the server began.
func remember(s *State, cmd *Command) {
	r := s.hall.rooms[cmd.Name]
	if r == nil {
		return
	}
	for _, row := range cmd.Past.rows() {
		s.hall.keep(r, row, &s.cfg)
		s.messages.last = max(s.messages.last, row.ID)
	}
}

package room

// unheld is the absence of who is kept while it has no session.
var unheld absence

// doKeep keeps a person in its rooms while it has no session, or does so no longer, or says which.
func doKeep(t turn) {
	if !t.hasAccount() {
		return
	}
	a := t.u.account()
	if t.cmd.N != None {
		if t.persons.kept == 0 {
			t.persons.since = t.messages.last
		}
		t.persons.keep(a, !t.cmd.Off)
	}
	t.answer(Event{Kind: Keeping, On: a.keeps})
}

// disown has u, who may be nil, be no account's. Then it stays no longer.
func (s *State) disown(u *user) {
	if s.persons.disown(u); u != nil && u.sessionCount() == 0 {
		s.release(u)
	}
}

// unhold notes that u, who stays, has lost its last session.
func unhold(s *State, u *user) {
	s.idle.remove(u)
	switch u.away {
	case nil:
		s.goAway(u, NoClient, &unheld)
	case &asleep:
		u.away = &unheld
	}
}

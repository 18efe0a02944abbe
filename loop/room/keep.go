package room

// unheld is the absence of who is kept while it has no session.
var unheld absence

// doKeep is for KEEP: the server is asked to have a person stay in its rooms while it has no session, or no longer, or to say which.
func doKeep(t turn) {
	if !t.hasAccount() {
		return
	}
	a := t.u.account()
	ask := Ask{Name: a.name, Key: a.key, Off: !a.keeps}
	switch changes := t.cmd.N != None && a.keeps == t.cmd.Off; {
	case changes && t.cmd.Off:
		ask.Off, ask.Person = true, &KeptPerson{Account: a.key}
	case changes:
		ask.Off, ask.Person = false, recordOfPerson(t.u)
		for _, r := range t.u.rooms() {
			if !r.recorded {
				ask.Rooms = append(ask.Rooms, recordOf(r))
			}
		}
	}
	t.ask(ask)
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

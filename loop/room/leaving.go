package room

// endUser ends all sessions of u.
func (s *State) endUser(u *user) {
	for n := u.sessionCount(); n > 0; n-- {
		s.endSession(u, u.sessionAt(n-1).client, 0)
	}
}

// endSession ends a session of u, with so many bytes on their way to it. With the last one u goes, unless it stays.
func (s *State) endSession(u *user, id ClientID, untaken int64) {
	noteTaken(s, u, untaken)
	s.deafen(id, u)
	s.lose(u, id)
	nodeIsGone := s.people.unseat(id)
	delete(s.names.keys, id)
	s.rights.forget(id)
	s.watch.forget(id)
	delete(s.subscribed, id)
	s.out.emit(Event{Kind: Gone, Scope: ToLoops, Client: id, On: nodeIsGone})
}

// lose takes a session from u, who goes with the last one, unless it stays.
func (s *State) lose(u *user, id ClientID) {
	switch {
	case u.sessionCount() > 1:
		host := hostOf(u)
		u.removeSession(id)
		tellHost(s, u, host)
	case u.stays():
		u.removeSession(id)
		unhold(s, u)
	default:
		tellQuit(&s.membership, u)
		s.forget(u)
		u.removeSession(id)
		s.leaveAll(u)
	}
}

// forget has nobody find u any more, who is about to leave.
func (s *State) forget(u *user) {
	if u.first.is(newcomer) {
		s.census.newcomers--
	}
	if !hasMode(u, invisible) {
		s.census.visible--
	}
	if notePast(s, u); !u.locked() {
		tellOffline(s, u.name, u.key)
	}
	s.names.drop(u)
	s.numbers.leave(u.key, u.first.address(), s.now)
	s.idle.remove(u)
	s.persons.disown(u)
	s.people.remove(u)
}

// release has u leave, who has no session and is to stay no longer.
func (s *State) release(u *user) {
	tellQuit(&s.membership, u)
	s.forget(u)
	s.leaveAll(u)
}

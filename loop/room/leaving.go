package room

// endSlot ends u's session in the slot.
func (s *State) endSlot(u *user, slot uint32) {
	for of := range u.sessions {
		if of.client.Slot() == slot {
			s.endSession(u, of.client)
			return
		}
	}
}

// endUser ends all sessions of u.
func (s *State) endUser(u *user) {
	for u.sessionCount() > 1 {
		s.endSession(u, u.sessionAt(1).client)
	}
	s.endSession(u, u.first.client)
}

// endSession ends a session of u. With the last one u has gone.
func (s *State) endSession(u *user, id ClientID) {
	s.deafen(id, u)
	s.lose(u, id)
	s.people.seatClient(id, nil)
	delete(s.names.keys, id)
	s.rights.forget(id)
	s.out.emit(Event{Kind: Gone, Scope: ToLoops, Client: id})
}

// lose takes a session from u, who has gone with the last one.
func (s *State) lose(u *user, id ClientID) {
	if u.sessionCount() > 1 {
		u.removeSession(id)
		return
	}
	s.names.drop(u)
	s.numbers.leave(u.key, u.first.address, s.now)
	s.idle.remove(u)
	s.persons.disown(u)
	u.removeSession(id)
	s.leaveAll(u)
	s.people.remove(u)
}

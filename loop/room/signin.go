package room

func (s *State) doSignIn(u *user, cmd *Command) {
	if !u.guest {
		s.refuse(u, AlreadyIn, "you are already in the chat as "+u.name)
		return
	}
	s.rename(u, cmd.Name, SignedIn)
}

func (s *State) doNick(u *user, cmd *Command) {
	s.rename(u, cmd.Name, Nicked)
}

// rename gives u the name and answers with an event of the kind. A guest signs in by it.
func (s *State) rename(u *user, name string, kind Kind) {
	shown, key, err := checkName(name)
	if err != nil {
		s.refuse(u, BadName, err.Error())
		return
	}
	if other := s.names[key]; other != nil && other != u {
		s.refuse(u, NameTaken, shown+" is taken; choose another")
		return
	}
	old, wasGuest := u.name, u.guest
	delete(s.names, u.key)
	u.name, u.key, u.guest = shown, key, false
	s.names[key] = u
	s.answer(u, Event{Kind: kind, Text: shown})
	if old == shown {
		return
	}
	e := Event{Kind: Renamed, Who: old, Text: shown}
	if wasGuest {
		s.tellNeighbours(u, e, Tally{SignedIn: 1})
	} else {
		s.tellAllNeighbours(u, e)
	}
}

// named says whether u has signed in, and refuses it if not.
func (s *State) named(u *user) bool {
	if u.guest {
		s.refuse(u, NeedName, "sign in first: ADD name")
	}
	return !u.guest
}

// userByName finds a user for u, or tells u that there is none.
func (s *State) userByName(u *user, name string) *user {
	if key, ok := foldName(name); ok {
		if found := s.names[key]; found != nil {
			return found
		}
	}
	s.refuse(u, NoSuchUser, name+" is not here; LIST shows who is")
	return nil
}

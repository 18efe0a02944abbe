package room

import "crypto/subtle"

func (s *State) doSignIn(u *user, cmd *Command) {
	if !u.guest {
		s.refuse(u, Refusal{Why: AlreadyCalled, Who: u.name})
		return
	}
	s.takeName(u, cmd, SignedIn)
	if !u.guest && cmd.Text != "" {
		s.keys[u.id] = cmd.Text
	}
}

func (s *State) doNick(u *user, cmd *Command) {
	s.takeName(u, cmd, Nicked)
}

// takeName gives u a name that is free, and answers with an event of the kind.
func (s *State) takeName(u *user, cmd *Command, kind Kind) {
	if !s.audible(u, cmd) {
		return
	}
	shown, key, why := checkNew(cmd.Name)
	if why != 0 {
		s.refuse(u, Refusal{Why: why})
		return
	}
	if s.mayTake(u, cmd, shown, key) {
		s.rename(u, shown, key, Event{Kind: kind, Text: shown})
	}
}

// mayTake says whether the name is free for u, and tells u why not. Who signs in with the key of who has the name is the same client,
// and gets it: its earlier connection is disconnected.
func (s *State) mayTake(u *user, cmd *Command, shown, key string) bool {
	switch other := s.names[key]; {
	case s.refusesBanned(u, shown, key, cmd.Unix):
		return false
	case other == u:
		return s.mayLook(u, nil, shown, key)
	case s.isRegistered(key):
		s.refuse(u, Refusal{Why: NameOwned, Who: shown})
		return false
	case other != nil && cmd.Verb == SignIn && s.hasKey(other, cmd.Text):
		if !s.mayLook(u, other, shown, key) {
			return false
		}
		s.replace(other)
		return true
	case other != nil:
		s.refuse(u, Refusal{Why: NameInUse, Who: shown})
		return false
	}
	return s.mayLook(u, nil, shown, key)
}

// hasKey says whether u has signed in with the key of that digest. It takes the same time whichever bytes differ.
func (s *State) hasKey(u *user, digest string) bool {
	return digest != "" && subtle.ConstantTimeCompare([]byte(s.keys[u.id]), []byte(digest)) == 1
}

// rename gives u the name, which is nobody else's, and answers so. A guest signs in by it.
func (s *State) rename(u *user, shown, key string, answer Event) {
	old, oldKey, wasGuest := u.name, u.key, u.guest
	s.dropName(u)
	u.name, u.guest = shown, false
	s.renameMember(u, key)
	s.names[key] = u
	s.looks.add(guiseOf(shown, key), u)
	s.numbers.move(oldKey, key)
	s.answer(u, answer)
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

// dropName takes from u its name.
func (s *State) dropName(u *user) {
	delete(s.names, u.key)
	if !u.guest {
		s.looks.remove(guiseOf(u.name, u.key), u)
	}
}

// named says whether u has signed in, and refuses it if not.
func (s *State) named(u *user) bool {
	if u.guest {
		s.refuse(u, Refusal{Why: NameFirst})
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
	s.refuse(u, Refusal{Why: NotHere, Who: name})
	return nil
}

package room

func (s *State) isRegistered(key string) bool {
	_, is := s.registered[key]
	return is
}

// doRegister asks for the name that u has, which is its own: nobody gets a registered name without its password.
func (s *State) doRegister(u *user, cmd *Command) {
	if u.guest {
		s.deny(u, cmd, Refusal{Why: NameFirst})
		return
	}
	s.ask(u, cmd, Ask{Name: u.name, Key: u.key, Password: cmd.Text})
}

// doLogin asks in any case: whether somebody has registered that name must not show.
func (s *State) doLogin(u *user, cmd *Command) {
	if s.isShunned(u, cmd.Unix) {
		s.deny(u, cmd, Refusal{Why: ReadOnly})
		return
	}
	s.ask(u, cmd, Ask{Name: cmd.Name, Key: NameKey(cmd.Name), Password: cmd.Text})
}

func (s *State) doUnregister(u *user, cmd *Command) {
	name, key := u.name, u.key
	if cmd.Name != "" {
		if !s.operates(u, cmd) {
			return
		}
		name, key = cmd.Name, NameKey(cmd.Name)
	} else if u.guest {
		s.deny(u, cmd, Refusal{Why: LogInFirst})
		return
	}
	if !s.isRegistered(key) {
		s.deny(u, cmd, Refusal{Why: NameOfNobody, Who: name})
		return
	}
	s.ask(u, cmd, Ask{Name: name, Key: key})
}

// register notes that a name belongs to someone. Its client can have gone meanwhile, and the name can have come to another, who must not
// have what is registered.
func (s *State) register(cmd *Command) {
	key, ok := foldName(cmd.Name)
	if !ok {
		return
	}
	s.disclaim(key)
	s.registered[key] = guiseOf(cmd.Name, key)
	s.claimed.add(s.registered[key], key)
	holder := s.names[key]
	switch u := s.user(cmd.Client); {
	case holder == nil:
	case holder == u:
		s.answer(u, Event{Kind: Owned, Who: u.name})
	default:
		s.replace(holder)
	}
}

// disclaim forgets that the name with that key is registered, if it is.
func (s *State) disclaim(key string) {
	if g, is := s.registered[key]; is {
		s.claimed.remove(g, key)
		delete(s.registered, key)
	}
}

// unregister notes that a name belongs to nobody. Who has it keeps it.
func (s *State) unregister(cmd *Command) {
	if key, ok := foldName(cmd.Name); ok {
		s.disclaim(key)
	}
	if u := s.user(cmd.Client); u != nil {
		s.answer(u, Event{Kind: GivenUp, Who: cmd.Name})
	}
}

// doLogIn looks at everything again that may have changed while the password was checked.
func (s *State) doLogIn(u *user, cmd *Command) {
	if !s.audible(u, cmd) {
		return
	}
	shown, key, why := checkName(cmd.Name)
	if why != 0 || !s.isRegistered(key) {
		s.refuse(u, Refusal{Why: NameOfNobodyYet, Who: cmd.Name})
		return
	}
	if s.refusesBanned(u, shown, key, cmd.Unix) {
		return
	}
	if holder := s.names[key]; holder != nil && holder != u {
		s.replace(holder)
	}
	s.rename(u, shown, key, Event{Kind: LoggedIn, Who: shown})
}

// replace disconnects u because its name is another's now.
func (s *State) replace(u *user) {
	s.refuse(u, Refusal{Why: NameLost, Who: u.name})
	s.disconnect(u)
}

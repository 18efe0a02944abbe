package room

func (s *State) isRegistered(key string) bool {
	_, is := s.registered[key]
	return is
}

// doRegister asks for the name that u has, which is its own: nobody gets a registered name without its password.
func (s *State) doRegister(u *user, cmd *Command) {
	if u.guest {
		s.deny(u, cmd, NeedName, "sign in first: ADD name")
		return
	}
	s.ask(u, cmd, Ask{Name: u.name, Key: u.key, Password: cmd.Text})
}

// doLogin asks in any case: whether somebody has registered that name must not show.
func (s *State) doLogin(u *user, cmd *Command) {
	if s.isShunned(u, cmd.Unix) {
		s.deny(u, cmd, Shunned, shunnedWords)
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
		s.deny(u, cmd, NeedName, "sign in first: LOGIN name password")
		return
	}
	if !s.isRegistered(key) {
		s.deny(u, cmd, NotRegistered, name+" belongs to nobody")
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
	shown, key, err := checkName(cmd.Name)
	if err != nil || !s.isRegistered(key) {
		s.refuse(u, NotRegistered, cmd.Name+" belongs to nobody; ADD takes a name")
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
	s.refuse(u, LoggedInElsewhere, "another connection has logged in as "+u.name)
	s.disconnect(u)
}

package room

// doRegister asks for the name that u has, which is its own: nobody gets a registered name without its password. A newcomer has none yet, and asks for one that is free.
func doRegister(t turn) {
	if t.u.first.is(newcomer) {
		registersEarly(t)
		return
	}
	if t.named() {
		t.ask(Ask{Name: t.u.name, Key: t.u.key, Password: t.cmd.Text})
	}
}

// registersEarly asks for the name that a newcomer wants.
func registersEarly(t turn) {
	if t.u.first.is(locked) && t.cfg.NeedPassword {
		t.deny(Refusal{Why: PasswordNeeded})
		return
	}
	shown, key, why := checkNewUser(t.cmd.Name)
	if why != 0 {
		t.deny(Refusal{Why: why, Who: t.cmd.Name})
		return
	}
	if no := t.mayTake(nil, shown, key); no.Why != 0 {
		t.deny(no)
		return
	}
	t.ask(Ask{Name: shown, Key: key, Password: t.cmd.Text})
}

// hasRegistered notes that u, a newcomer, will be in the chat by the name that it has registered.
func hasRegistered(s *State, u *user, id ClientID, key, shown string) {
	describe(u).entering = &entering{name: shown, key: key}
	s.out.answer(id, Event{Kind: Done, Verb: Register, Who: shown, Account: key})
}

// doLogin asks in any case: whether somebody has registered that name must not show. It is for LOGIN by a password, by a certificate and by SCRAM-SHA-256.
func doLogin(t turn) {
	t.ask(Ask{Name: t.cmd.Name, Key: NameKey(t.cmd.Name), Password: t.cmd.Text})
}

func doUnregister(t turn) {
	name, key := t.u.name, t.u.key
	if t.cmd.Name != "" {
		if !t.operates() {
			return
		}
		name, key = t.cmd.Name, NameKey(t.cmd.Name)
	} else if t.u.guest() {
		t.deny(Refusal{Why: LogInFirst})
		return
	}
	if !t.names.isRegistered(key) {
		t.deny(Refusal{Why: NameOfNobody, Who: name})
		return
	}
	t.ask(Ask{Name: name, Key: key})
}

// register notes that a name belongs to someone. Its client can have gone meanwhile, and the name can have come to another, who must not
// have what is registered.
func (s *State) register(cmd *Command) {
	key, ok := foldName(cmd.Name)
	if !ok {
		return
	}
	s.names.register(cmd.Name, key)
	holder := s.names.here.find(key)
	switch u := s.people.of(cmd.Client); {
	case u != nil && u.first.is(newcomer):
		if holder != nil { // it has taken the name meanwhile
			s.replace(holder)
		}
		hasRegistered(s, u, cmd.Client, key, cmd.Name)
	case holder == nil:
	case holder == u:
		registerAs(s, u, key)
		s.out.answer(cmd.Client, Event{Kind: Done, Verb: Register, Who: u.name})
	case accountOf(holder) == key: // it is another session of the same person whose password has changed, and has gone since
	default:
		s.replace(holder)
	}
}

// registerAs makes u that of the account by its name, which it has just registered. If it has been another's, it takes with it that it stays, its read marks and its metadata.
func registerAs(s *State, u *user, key string) {
	a := u.account()
	if a == nil {
		s.persons.own(u, u.name, key)
		recallKeys(s, u, nil)
		return
	}
	if a.key == key {
		s.persons.own(u, u.name, key)
		return
	}
	s.persons.move(u, u.name, key)
	for _, m := range a.marks { // at most maxReadMarks
		recordMark(s, u.account(), m)
	}
	recallKeys(s, u, nil)
}

// unregister notes that a name belongs to nobody. Who has it keeps it.
func (s *State) unregister(cmd *Command) {
	if key, ok := foldName(cmd.Name); ok {
		disclaim(s, key)
	}
	answerIfThere(s, cmd, Event{Kind: Done, Verb: Unregister, Who: cmd.Name})
}

// disclaim ends the account with that key.
func disclaim(s *State, key string) {
	s.names.disclaim(key)
	loseRights(s, key)
	loseMarks(s, s.persons.find(key))
	loseKeys(s, s.persons.find(key))
	s.disown(s.persons.find(key))
}

// doLogIn looks at everything again that may have changed while the password was checked.
func doLogIn(t turn) {
	shown, key, why := checkName(t.cmd.Name)
	if why != 0 || !t.names.isRegistered(key) {
		t.refuse(Refusal{Why: NameOfNobodyYet, Who: t.cmd.Name})
		return
	}
	if ban, holds := t.rights.bans.find(key, t.cmd.second()); holds {
		t.refuse(ban.of(shown))
		return
	}
	if t.session().is(newcomer) {
		logsIn(t, shown, key)
		return
	}
	person := t.persons.find(key)
	if person != nil && person != t.u && person.sessionCount() > 0 && t.cfg.Sessions <= 1 {
		endElsewhere(t.State, person)
		person = t.persons.find(key) // it may stay
	}
	if person != nil && person != t.u {
		t.joins(person, false)
		return
	}
	// The names of users and of accounts are two things in some dialects; but nobody goes on by the name of an account that it leaves.
	apart := t.session().is(lists) && (t.u.key == key || !t.names.isRegistered(t.u.key))
	if holder := t.names.here.find(key); holder != nil && holder != t.u && !apart {
		t.replace(holder)
	}
	if a := t.u.account(); (a == nil || a.key != key) && (t.u.sessionCount() > 1 || t.u.stays()) {
		partAs(t, shown, key)
		return
	}
	if apart {
		t.answer(Event{Kind: LoggedIn, Who: shown, Text: t.u.name})
	} else {
		t.rename(t.u, t.cmd.Client, shown, key, Event{Kind: LoggedIn, Who: shown, Text: shown})
	}
	t.persons.own(t.u, shown, key)
	if person == nil {
		t.u.account().marks = marksOf(t.cmd.Past)
		recallKeys(t.State, t.u, t.cmd.Past.keyed())
	}
	leaveBarred(t.State, t.u, t.cmd.second())
	if person == nil {
		tellMarks(t)
	}
}

// replace disconnects u because its name is another's now. By that it can't stay.
func (s *State) replace(u *user) {
	if u.account() != nil {
		s.persons.keep(u, false)
	}
	if u.sessionCount() == 0 {
		s.release(u)
		return
	}
	endElsewhere(s, u)
}

// endElsewhere ends the sessions of u because another has taken its place. It may stay.
func endElsewhere(s *State, u *user) {
	s.out.tell(u, Refusal{Why: NameLost, Who: u.name}.Event())
	s.endUser(u)
}

// logsIn notes the account by which t's user, a newcomer, will be in the chat.
func logsIn(t turn, shown, key string) {
	describe(t.u).entering = &entering{name: shown, key: key, marks: marksOf(t.cmd.Past), metadata: t.cmd.Past.keyed()}
	t.answer(Event{Kind: LoggedIn, Who: shown, Account: key})
}

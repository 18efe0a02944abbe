package room

// comes has u, who has just connected, wait until it says who it is. Nothing is told before.
func comes(s *State, u *user) {
	u.first.set(newcomer | lists)
	if s.cfg.NeedPassword {
		u.first.set(locked)
	}
	s.census.newcomers++
}

// notYet is why u, who is not in the chat, can't do what it wants.
func notYet(u *user) Reason {
	if u.first.is(newcomer) {
		return EnterFirst
	}
	return PasswordNeeded
}

// doEnter makes a newcomer a user.
func doEnter(t turn) {
	switch s := t.session(); {
	case !s.is(newcomer):
		t.refuse(Refusal{Why: AlreadyCalled, Who: t.u.name})
		return
	case s.is(locked) && t.cfg.NeedPassword:
		t.refuse(Refusal{Why: PasswordNeeded})
		return
	}
	as := identOf(t.u)
	if as != nil && as.entering != nil {
		enterAs(t, as.entering)
		return
	}
	if shown, key, ok := mayBegin(t); ok {
		begins(t, shown, key)
		t.answer(Event{Kind: Welcomed, Who: t.u.name, Census: counted(t)})
		answerOwnKeys(&t.out, t.cmd.Client, t.u)
	}
}

// mayBegin is the name that t's user wants to begin with, or it is refused.
func mayBegin(t turn) (shown, key string, ok bool) {
	shown, key, why := checkNewUser(t.cmd.Name)
	if why != 0 {
		t.refuse(Refusal{Why: why, Who: t.cmd.Name})
		return "", "", false
	}
	if no := t.mayTake(nil, shown, key); no.Why != 0 {
		t.refuse(no)
		return "", "", false
	}
	return shown, key, true
}

// begins has t's user be in the chat by a name that is free, and in no room.
func begins(t turn, shown, key string) {
	u := t.u
	u.first.unset(newcomer | guest | locked)
	t.census.newcomers--
	u.name, u.key, u.active = shown, key, t.cmd.At
	u.first.stir(t.cmd.At)
	says(t, u)
	t.names.put(u)
	tellOnline(t.State, u)
	t.census.note(t.names.here.count)
}

// says notes what the client says of u by Enter.
func says(t turn, u *user) {
	looksOtherwise(u)
	i := describe(u)
	i.user, i.real, i.entering = t.cmd.User, t.cmd.Real, nil
}

// enterAs has a newcomer be in the chat who has logged in: as one more session of the person, if that is here, or else by the name that it wants.
func enterAs(t turn, as *entering) {
	person := t.persons.find(as.key)
	if person != nil && person.sessionCount() > 0 && t.cfg.Sessions <= 1 {
		endElsewhere(t.State, person)
		person = t.persons.find(as.key) // it may stay
	}
	if person != nil {
		t.u.first.unset(newcomer | locked)
		t.census.newcomers--
		if identOf(person) == nil {
			says(t, person)
		}
		t.answer(Event{Kind: Welcomed, Who: person.name, User: userOf(person), Host: hostOf(person), Account: as.key, Census: counted(t)})
		t.joins(person, false)
		answerOwnKeys(&t.out, t.cmd.Client, person)
		return
	}
	shown, key, why := checkName(t.cmd.Name) // its owner may write it another way
	ok := why == 0 && key == as.key
	if !ok {
		shown, key, ok = mayBegin(t)
	} else if holder := t.names.here.find(key); holder != nil {
		t.replace(holder)
	}
	if !ok {
		return
	}
	begins(t, shown, key)
	t.persons.own(t.u, as.name, as.key)
	t.u.account().marks = as.marks
	recallKeys(t.State, t.u, as.metadata)
	t.answer(Event{Kind: Welcomed, Who: t.u.name, Account: as.key, Census: counted(t)})
	answerOwnKeys(&t.out, t.cmd.Client, t.u)
	tellMarks(t)
}

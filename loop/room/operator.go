package room

func doOper(t turn) {
	if t.cmd.Tag != 0 && len(t.cfg.Operators) == 0 {
		t.deny(Refusal{Why: NoOperators})
		return
	}
	t.ask(Ask{Name: t.cmd.Name, Key: NameKey(t.cmd.Name), Password: t.cmd.Text})
}

// doGrant looks at the configuration again: it may have changed while the password was checked.
func doGrant(t turn) {
	if !t.rights.mayOperate(t.cmd.Name) {
		t.refuse(Refusal{Why: WrongSecret})
		return
	}
	t.rights.operators[t.cmd.Client] = t.cmd.Name
	t.answer(Event{Kind: Done, Verb: Oper, Who: t.cmd.Name})
}

// doOperate is for the verbs that only operators may say, and only the server can do.
func doOperate(t turn) { t.ask(Ask{}) }

func doUnban(t turn) { t.ask(Ask{Name: t.cmd.Name, Key: NameKey(t.cmd.Name)}) }

// doBan is for BAN and SHUN.
func doBan(t turn) {
	if t.fits(t.cmd.Text) {
		t.ask(Ask{Name: t.cmd.Name, Key: NameKey(t.cmd.Name), Text: t.cmd.Text, Seconds: t.cmd.N})
	}
}

func doKick(t turn) {
	if !t.fits(t.cmd.Text) {
		return
	}
	if victim := t.userByName(t.cmd.Name); victim != nil {
		t.answer(Event{Kind: KickedUser, Who: victim.name})
		t.out.parting, t.out.by = t.cmd.Text, t.u.name
		t.remove(victim, Refusal{Why: KickedOut, Who: t.u.name, Text: t.cmd.Text}, t.cmd.Text)
	}
}

// remove disconnects u for an operator, and has it stay no longer. u is told why, and the others in its rooms are told the operator's words; large rooms only how many were removed.
func (s *State) remove(u *user, why Refusal, words string) {
	s.persons.disown(u) // or it would stay
	if u.sessionCount() == 0 {
		s.tellNeighbours(u, NoClient, Event{Kind: Removed, Who: u.name, Text: words}, Tally{Removed: 1})
		s.release(u)
		return
	}
	for n := u.sessionCount(); n > 0; n-- {
		s.removeSession(u, u.sessionAt(n-1).client, why, words)
	}
}

// removeSession is remove of one session. The others are told if u goes with it.
func (s *State) removeSession(u *user, id ClientID, why Refusal, words string) {
	s.out.refuse(id, why)
	if u.sessionCount() == 1 && !u.stays() {
		s.tellNeighbours(u, id, Event{Kind: Removed, Who: u.name, Text: words}, Tally{Removed: 1})
	}
	s.endSession(u, id, 0)
}

// NameKey returns the name as names are compared, "" where it can't be that of a user.
func NameKey(name string) string {
	if _, key, why := checkName(name); why == 0 {
		return key
	}
	return ""
}

// KeyOf is NameKey of a name that somebody has, which may be a guest's.
func KeyOf(name string) string {
	key, _ := foldName(name)
	return key
}

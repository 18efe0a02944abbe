package room

import "slices"

// ask has the server do what cmd wants, in u's place in the order of events.
func (s *State) ask(u *user, cmd *Command, a Ask) {
	a.Verb, a.Operator = cmd.Verb, s.operators[u.id]
	s.answer(u, Event{Kind: Asked, Ask: &a})
}

// deny refuses cmd in the way that its verb needs: where the client's input waits for an answer of a kind, the refusal is in that.
func (s *State) deny(u *user, cmd *Command, why Refusal) {
	switch {
	case cmd.Verb.Asks():
		s.ask(u, cmd, Ask{Refusal: why})
	case cmd.Verb == Send:
		s.answer(u, Event{Kind: UploadAsked, Who: u.name, Text: cmd.Name, N: cmd.N, Ask: &Ask{Verb: Send, Refusal: why}})
	default:
		s.refuse(u, why)
	}
}

// operates says whether u is an operator, and denies it cmd if not.
func (s *State) operates(u *user, cmd *Command) bool {
	if _, is := s.operators[u.id]; is {
		return true
	}
	s.deny(u, cmd, Refusal{Why: OperatorsOnly})
	return false
}

// addressFor is the address of who as u may see it.
func (s *State) addressFor(u, who *user) string {
	if _, is := s.operators[u.id]; is {
		return who.address
	}
	return ""
}

// mayOperate says whether the configuration has an operator of that name.
func (s *State) mayOperate(name string) bool {
	key, ok := foldName(name)
	return ok && slices.ContainsFunc(s.cfg.Operators, func(other string) bool {
		otherKey, ok := foldName(other)
		return ok && otherKey == key
	})
}

// dropOperators takes from those their right whose names the configuration has no more.
func (s *State) dropOperators() {
	for id, name := range s.operators {
		if !s.mayOperate(name) {
			delete(s.operators, id)
		}
	}
}

func (s *State) doOper(u *user, cmd *Command) {
	s.ask(u, cmd, Ask{Name: cmd.Name, Key: NameKey(cmd.Name), Password: cmd.Text})
}

// doGrant looks at the configuration again: it may have changed while the password was checked.
func (s *State) doGrant(u *user, cmd *Command) {
	if !s.mayOperate(cmd.Name) {
		s.refuse(u, Refusal{Why: WrongSecret})
		return
	}
	s.operators[u.id] = cmd.Name
	s.answer(u, Event{Kind: Granted, Who: cmd.Name})
}

// doOperate is for the verbs that only operators may say, and only the server can do.
func (s *State) doOperate(u *user, cmd *Command) {
	if s.operates(u, cmd) {
		s.ask(u, cmd, Ask{})
	}
}

func (s *State) doUnban(u *user, cmd *Command) {
	if s.operates(u, cmd) {
		s.ask(u, cmd, Ask{Name: cmd.Name, Key: NameKey(cmd.Name)})
	}
}

// doBan is for BAN and SHUN.
func (s *State) doBan(u *user, cmd *Command) {
	switch {
	case !s.operates(u, cmd):
	case tooLong(cmd.Text):
		s.deny(u, cmd, Refusal{Why: WordsTooLong})
	default:
		s.ask(u, cmd, Ask{Name: cmd.Name, Key: NameKey(cmd.Name), Text: cmd.Text, Seconds: cmd.N})
	}
}

func (s *State) doKick(u *user, cmd *Command) {
	if !s.operates(u, cmd) || !s.fits(u, cmd.Text) {
		return
	}
	if victim := s.userByName(u, cmd.Name); victim != nil {
		s.answer(u, Event{Kind: KickedUser, Who: victim.name})
		s.remove(victim, Refusal{Why: KickedOut, Text: cmd.Text}, cmd.Text)
	}
}

// remove disconnects u for an operator. u is told why, and the others in its rooms are told the operator's words; large rooms only how many were removed.
func (s *State) remove(u *user, why Refusal, words string) {
	s.refuse(u, why)
	s.tellNeighbours(u, Event{Kind: Removed, Who: u.name, Text: words}, Tally{Removed: 1})
	s.disconnect(u)
}

// withWords puts words, if there are any, behind what they explain.
func withWords(what, words string) string {
	if words == "" {
		return what
	}
	return what + ": " + words
}

// NameKey returns the name as names are compared, "" where it can't be that of a user.
func NameKey(name string) string {
	if _, key, why := checkName(name); why == 0 {
		return key
	}
	return ""
}

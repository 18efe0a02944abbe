package room

// worksLocked says whether a client that has not said the server's password can do so, or be done it to.
func worksLocked(v Verb) bool {
	switch v {
	case Pass, Ping, Help, End, Refuse, Reply, Admit, BanClient, ShunClient:
		return true
	}
	return false
}

func (s *State) lock(u *user) {
	u.locked = true
	s.refuse(u, Refusal{Why: PasswordNeeded})
}

// doPass lets those in at once who were locked out by a configuration that has changed since.
func (s *State) doPass(u *user, cmd *Command) {
	if u.locked && s.cfg.NeedPassword {
		s.ask(u, cmd, Ask{Password: cmd.Text})
		return
	}
	s.deny(u, cmd, Refusal{Why: NoPasswordNeeded})
	if u.locked {
		s.unlock(u, cmd)
	}
}

func (s *State) doAdmit(u *user, cmd *Command) {
	if !u.locked {
		s.refuse(u, Refusal{Why: NoPasswordNeeded})
		return
	}
	s.answer(u, Event{Kind: Admitted})
	s.unlock(u, cmd)
}

func (s *State) unlock(u *user, cmd *Command) {
	u.locked = false
	s.begin(u, cmd)
}

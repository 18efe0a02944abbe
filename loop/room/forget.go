package room

// doForget asks for all to be erased that u's account has said, and the account with it.
func doForget(t turn) {
	if t.hasAccount() {
		a := t.u.account()
		t.ask(Ask{Name: a.name, Key: a.key})
	}
}

// forgotten is when that is done: what is in memory goes as well, and the name belongs to nobody. Who has it keeps it.
func forgotten(s *State, cmd *Command) {
	name := cmd.Name
	if u := s.persons.find(cmd.Name); u != nil {
		name = u.account().name
	}
	disclaim(s, cmd.Name)
	if u := s.people.of(cmd.Client); u != nil {
		s.out.answer(cmd.Client, Event{Kind: Done, Verb: Forget, Who: name, N: max(cmd.N, 0)})
	}
}

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
	forgetSaid(s, func(row *Row) bool { return row.Account == cmd.Name })
	answerIfThere(s, cmd, Event{Kind: Done, Verb: Forget, Who: name, N: max(cmd.N, 0)})
}

// forgetSaid drops all messages that are so, of rooms and of those who stay. It looks at all that are kept: at most Config.Recent of each room, some 50 ns each. An account is forgotten at most as often as names are registered.
func forgetSaid(s *State, are func(*Row) bool) {
	for _, r := range s.hall.rooms {
		s.hall.kept -= r.recent.erase(are)
	}
	for _, u := range s.persons.users {
		if a := u.account(); a.mail != nil {
			if s.persons.mailed -= a.mail.erase(are); a.mail.count == 0 {
				a.mail = nil
			}
		}
	}
}

// erase drops the rows that are so, and returns how many bytes they took.
func (h *history) erase(are func(*Row) bool) (bytes int) {
	kept := 0
	for i := range h.count {
		row := h.at(i)
		if are(row) {
			bytes += costOf(row)
			continue
		}
		if kept != i {
			*h.at(kept) = *row
		}
		kept++
	}
	for i := kept; i < h.count; i++ {
		*h.at(i) = Row{}
	}
	h.count, h.bytes = kept, h.bytes-bytes
	return bytes
}

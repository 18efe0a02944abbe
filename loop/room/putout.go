package room

// doPutOut is for ROOM KICK.
func doPutOut(t turn) {
	r := roomOf(t)
	if r == nil {
		return
	}
	no := mayRule(t, r, asOperator)
	victim := t.names.byName(t.cmd.Name)
	switch {
	case no.Why != 0:
	case victim == nil || victim.seatIn(r) < 0:
		no = Refusal{Why: NotHere, Who: t.cmd.Name, Room: r.name}
	default:
		no = mayRemove(t, r, victim.name, levelIn(t.State, victim, r))
	}
	if no.Why != 0 {
		t.deny(no)
		return
	}
	if t.fits(t.cmd.Text) {
		seen, but := !t.large(r) || !victim.seatAt(victim.seatIn(r)).hidden, NoClient
		if t.cmd.Tag != 0 && victim != t.u { // its answer tells it all
			seen, but = false, t.cmd.Client
		}
		why := puttingOut(t.State, victim, r, t.u.name, t.cmd.Text)
		t.answer(Event{Kind: GovernDone, RoomName: r.name, On: seen && t.u.seatIn(r) >= 0, List: why.List, ID: why.ID})
		why.Client = but
		putOut(t.State, victim, r, &why)
	}
}

// puttingOut tells all members of r that who is called by puts u out of it.
func puttingOut(s *State, u *user, r *chatRoom, by, words string) Event {
	e := saidBy(s, by, Event{
		Kind: Governed, Scope: ToRoom, Client: NoClient, Room: r.id, RoomName: r.name, Who: by, List: []Row{{Name: u.name, Who: by, Text: words, Of: briefly(u)}},
	})
	note(s, r, &e)
	return e
}

// putOut takes u out of r for what puttingOut has told. u is told why, and so are the others; a large room only how many were removed.
func putOut(s *State, u *user, r *chatRoom, why *Event) {
	told := saidBy(s, why.Who, Refusal{Why: PutOutOfRoom, Who: why.Who, Room: r.name, Text: why.List[0].Text}.Event())
	told.ID, told.At = why.ID, s.out.wall
	s.out.tell(u, told)
	talking := u.talkingIn(r, NoClient)
	s.leave(u, u.seatIn(r), going{why: why})
	s.out.tellCurrent(u, talking)
}

// saidBy is e with what is told of who is called by, if it is here.
func saidBy(s *State, by string, e Event) Event {
	if u := s.names.byName(by); u != nil && u.name == by {
		return about(u, e)
	}
	return e
}

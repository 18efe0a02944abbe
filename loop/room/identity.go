package room

// What is told of a user when it is still called the same: its account, its real name, and where it comes from.

// tellIdentity tells e, which is about u, to those for whom u shows in a room that is not large, to those who monitor it, and to its own sessions. by knows. Each who hears it is told
// alone, as its dialect has it: in a large room one line of one client would be as many writes as there are members, as it would be for AWAY.
func tellIdentity(s *State, u *user, by ClientID, e Event) {
	var shows []RoomID
	for seat := range u.seats {
		if !seat.hidden && !s.large(seat.room) {
			shows = append(shows, seat.room.id)
		}
	}
	s.toNeighbours(u, by, e, shows)
	tellMore(s, u, by, e, shows)
}

// doSetReal gives u another real name.
func doSetReal(t turn) {
	if !t.fits(t.cmd.Real) {
		return
	}
	describe(t.u).real = t.cmd.Real
	e := about(t.u, Event{Kind: RealIs, Text: t.cmd.Real})
	t.answer(e)
	tellIdentity(t.State, t.u, t.cmd.Client, e)
}

// tellHost tells that u comes from elsewhere now, if others are shown so. before is the host that they were shown.
func tellHost(s *State, u *user, before string) {
	host := hostOf(u)
	if host == before || host == "" {
		return
	}
	e := about(u, Event{Kind: HostIs, Text: host})
	e.Host = before
	tellIdentity(s, u, NoClient, e)
}

// tellAccounts tells whose accounts are other ones now.
func tellAccounts(s *State) {
	for i := 0; i < len(s.changes.users); i++ { // few: one, or two who change places
		u, before := s.changes.users[i].u, s.changes.users[i].before
		if s.people.at[u.id.place()] != u || u.locked() || accountOf(u) == before || notedBefore(s.changes.users[:i], u) {
			continue
		}
		e := about(u, Event{Kind: AccountIs})
		if a := u.account(); a != nil {
			e.Text = a.name
		}
		tellIdentity(s, u, NoClient, e)
	}
	clear(s.changes.users)
	s.changes.users = s.changes.users[:0]
}

func notedBefore(earlier []accountChange, u *user) bool {
	for _, c := range earlier {
		if c.u == u {
			return true
		}
	}
	return false
}

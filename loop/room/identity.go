package room

// What is told of a user when it is still called the same: its account, its real name, and where it comes from.

// tellIdentity tells e, which is about u, to those for whom u shows in a room that is not large, to those who monitor it, and to its own sessions. by knows. Each who hears it is told
// alone, as its dialect has it: in a large room one line of one client would be as many writes as there are members, as it would be for AWAY.
func tellIdentity(s *State, u *user, by ClientID, e Event) {
	shows := showsIn(s, u)
	s.toNeighbours(u, by, e, shows)
	tellMore(s, u, by, e, shows)
}

// showsIn are the rooms that are not large in which u shows.
func showsIn(s *State, u *user) (shows []RoomID) {
	for seat := range u.seats {
		if !seat.hidden && !s.large(seat.room) {
			shows = append(shows, seat.room.id)
		}
	}
	return shows
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

// tellAccounts tells whose accounts are other ones now, and what metadata they have with them.
func tellAccounts(s *State) {
	for i := 0; i < len(s.changes.users); i++ { // few: one, or two who change places
		c := s.changes.users[i]
		if s.people.at[c.u.id.place()] != c.u || c.u.locked() || notedBefore(s.changes.users[:i], c.u) {
			continue
		}
		if accountOf(c.u) != c.before {
			e := about(c.u, Event{Kind: AccountIs})
			if a := c.u.account(); a != nil {
				e.Text = a.name
			}
			tellIdentity(s, c.u, NoClient, e)
		}
		tellKeys(s, c.u, NoClient, c.metadata.changed(metadataOf(c.u)))
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

// tellKeys tells that keys of u's are others now: those for whom it shows in a room that is not large, who monitors it, and its own sessions but by.
func tellKeys(s *State, u *user, by ClientID, keys []KeyValue) {
	if len(keys) == 0 {
		return
	}
	e := about(u, Event{Kind: MetadataIs, List: []Row{keysOf(u.name, keys)}})
	shows := showsIn(s, u)
	s.toNeighbours(u, by, e, shows)
	for _, id := range s.watch.by[u.key] { // at most one for each session that there is
		if other := s.people.of(id); id != by && other != u && s.subscribed.wants(id, keys) && !isInAny(other, shows) {
			s.out.answer(id, e)
		}
	}
}

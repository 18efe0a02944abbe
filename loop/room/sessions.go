package room

import "strconv"

// doSessions lists the sessions of who asks.
func doSessions(t turn) {
	rows := make([]Row, 0, t.u.sessionCount()) // at most MaxSessions
	for of := range t.u.sessions {
		rows = append(rows, Row{
			Name: strconv.Itoa(int(of.number)), Who: of.address(), At: 1000 * int64(of.since), Count: of.idle(t.cmd.At), Own: of.client == t.cmd.Client,
		})
	}
	t.answer(Event{Kind: SessionList, Count: len(rows), List: rows})
}

// doLogout ends the session of that number, or the one that asks.
func doLogout(t turn) {
	ended := t.session()
	if t.cmd.N != None {
		ended = t.u.sessionByNumber(t.cmd.N)
	}
	if ended == nil {
		t.refuse(Refusal{Why: NoSessionOfThat, N: t.cmd.N})
		return
	}
	id := ended.client
	t.answer(Event{Kind: Done, Verb: Logout, N: int64(ended.number)})
	if id != t.cmd.Client {
		t.out.refuse(id, Refusal{Why: EndedByAnother})
	}
	t.endSession(t.u, id, 0)
}

// joins makes the session at hand one of p's, who is there, in the place of its user so far. Rooms that this one has joined, p joins as well, and
// the lobby if it is to.
func (t turn) joins(p *user, lobbyToo bool) {
	id, before := t.cmd.Client, t.u
	moved, current := *t.session(), before.currentIn(t.session())
	as := login{turn{t.State, p, t.cmd, nil}, before.rooms(), toldOf(t.State, before), p.sessionCount() == 0}
	noteTaken(t.State, before, 0)
	bringKeys(t.State, p, before)
	makeRoomFor(t, p)
	t.deafen(id, before)
	for _, r := range as.known {
		if (lobbyToo || r.key != Lobby) && p.seatIn(r) < 0 && !t.cfg.inTooMany(p) && barring(t.State, p, r, t.cmd.second(), keepsOut) == nil {
			t.enter(p, NoClient, r)
		}
	}
	t.lose(before, id)
	delete(t.names.keys, id)
	moved.unset(guest)
	moved.current = 0
	host := hostOf(p)
	p.addSession(moved)
	tellHost(t.State, p, host)
	t.people.slots.put(id, p)
	t.answer(Event{Kind: LoggedIn, Who: p.account().name, Text: p.name, User: userOf(p), Host: hostOf(p)})
	if p.name != p.account().name && !moved.is(lists) {
		t.answer(Event{Kind: Nicked, Text: p.name})
	}
	as.goesIn(current)
}

// partAs makes the session at hand, one of several or of a user who stays, that of the person of the name, who isn't there yet. The user so far stays who it is.
func partAs(t turn, shown, key string) {
	p := &user{name: shown, key: key, active: t.cmd.At}
	t.people.add(p)
	t.names.put(p)
	tellOnline(t.State, p)
	t.numbers.stay(key)
	t.persons.own(p, shown, key)
	a := p.account()
	a.came, a.took, a.marks = uint32(t.cmd.second()), t.messages.last, marksOf(t.cmd.Past)
	recallKeys(t.State, p, t.cmd.Past.keyed())
	t.joins(p, true)
}

// makeRoomFor ends that session of p's which has been idle for longest, if p has as many as it may.
func makeRoomFor(t turn, p *user) {
	if p.sessionCount() < max(1, min(t.cfg.Sessions, MaxSessions)) {
		return
	}
	idlest := p.sessionAt(0)
	for of := range p.sessions {
		if of.active < idlest.active {
			idlest = of
		}
	}
	t.out.refuse(idlest.client, Refusal{Why: NameLost, Who: p.name})
	t.endSession(p, idlest.client, 0)
}

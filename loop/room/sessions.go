package room

import (
	"slices"
	"strconv"
)

// doSessions lists the sessions of who asks.
func doSessions(t turn) {
	rows := make([]Row, 0, t.u.sessionCount()) // at most MaxSessions
	for of := range t.u.sessions {
		rows = append(rows, Row{
			Name: strconv.Itoa(int(of.number)), Who: of.address, At: 1000 * int64(of.since), Count: of.idle(t.cmd.At), Own: of.client == t.cmd.Client,
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
	t.endSession(t.u, id)
}

// joins makes the session at hand one of p's, who is there, in the place of its user so far. Rooms that this one has joined, p joins as well.
func (t turn) joins(p *user) {
	id, before := t.cmd.Client, t.u
	moved, known, current := *t.session(), before.rooms(), before.currentIn(t.session())
	makeRoomFor(t, p)
	t.deafen(id, before)
	for _, r := range known {
		if r.key != Lobby && p.seatIn(r) < 0 && !t.cfg.inTooMany(p) && barring(t.State, p, r, t.cmd.second()) == nil {
			t.enter(p, NoClient, r)
		}
	}
	t.lose(before, id)
	delete(t.names.keys, id)
	moved.unset(guest)
	moved.current = 0
	p.addSession(moved)
	t.people.seatClient(id, p)
	t.answer(Event{Kind: LoggedIn, Who: p.account().name})
	if p.name != p.account().name {
		t.answer(Event{Kind: Nicked, Text: p.name})
	}
	login{turn{t.State, p, t.cmd}, known}.goesIn(current)
}

// makeRoomFor ends that session of p's which has been idle for longest, if p has as many as it may.
func makeRoomFor(t turn, p *user) {
	if p.sessionCount() < min(t.cfg.Sessions, MaxSessions) {
		return
	}
	idlest := p.sessionAt(0)
	for of := range p.sessions {
		if of.active < idlest.active {
			idlest = of
		}
	}
	t.out.refuse(idlest.client, Refusal{Why: NameLost, Who: p.name})
	t.endSession(p, idlest.client)
}

// login is the turn in which a session comes to a user who is there already. known are the rooms that it has been in before.
type login struct {
	turn
	known []*chatRoom
}

// goesIn has the session hear the rooms of its user. Its current one, told last, is the one given if the user is in it.
func (t login) goesIn(current *chatRoom) {
	if current == nil || t.u.seatIn(current) < 0 {
		current = t.u.last()
	}
	for seat := range t.u.seats {
		if seat.room != current {
			t.goesInto(seat.room)
		}
	}
	if current != nil {
		t.goesInto(current)
	}
	t.session().stir(t.cmd.At)
	t.heard()
}

// goesInto has it hear r, which is the current one from then on.
func (t login) goesInto(r *chatRoom) {
	t.addMember(t.session(), r, true)
	t.answerJoin(r)
	if !slices.Contains(t.known, r) {
		t.out.remind(t.cmd.Client, r)
	}
}

package room

// membership is the coming and going in rooms, and who is told of it.
type membership struct {
	hall        hall
	digests     digests
	out         *told
	subscribed  subscriptions
	announceMax int // see Config
}

// enter seats u in r, which becomes the current room of its session by, and tells the members.
func (m *membership) enter(u *user, by ClientID, r *chatRoom) {
	place(m, u, r)
	m.noteMoved(u, r)
	if here := u.sessionOf(by); here != nil {
		m.addMember(here, r, true)
	}
	if m.large(r) {
		m.digests.count(r, Tally{Entered: 1})
	} else {
		m.out.emit(about(u, Event{Kind: Entered, Scope: ToRoom, Client: by, Room: r.id, RoomName: r.name, Text: realOf(u), Count: len(r.members), List: absenceOf(u)}))
		tellKeysOfNewcomer(m.out, u, by, r)
	}
	for other := range u.sessions { // which would else hear that their user has entered
		if other.client != by {
			m.addMember(other, r, other.current == 0)
			m.out.answer(other.client, Event{Kind: JoinedToo, RoomName: r.name})
			tellRead(m.out, other, u, r)
			tellNames(m, other, u, r)
			answerKeysIn(m.out, other.client, u, r, m.large(r), m.subscribed[other.client])
		}
	}
}

// place seats u in r. If that is large, u doesn't show there before it is heard.
func place(m *membership, u *user, r *chatRoom) {
	r.seat(u, len(r.members) >= m.announceMax)
	if len(r.members) == 1 {
		m.hall.occupied++
	}
	surface(m, r)
}

// noteMoved notes that u has come into r, or has left it.
func (m *membership) noteMoved(u *user, r *chatRoom) {
	if u.stays() {
		m.hall.changes.person(u)
		m.hall.changes.durability(r)
	}
}

// addMember has a session of a member hear r, as its current room or not.
func (m *membership) addMember(of *session, r *chatRoom, current bool) {
	if current {
		of.current = r.id
	}
	m.out.emit(Event{Kind: MemberAdded, Scope: ToLoops, Client: of.client, Room: r.id, Current: current})
}

// going is how a user leaves a room.
type going struct {
	why   *Event // of which those who remain are told before; of a large room it is only counted. nil: nothing
	words string // that it leaves with
	gone  bool   // it leaves all of its rooms, as Quit has told
}

// leave takes u out of the room of its i-th seat and tells the members that remain.
func (m *membership) leave(u *user, i int, how going) {
	surface(m, u.seatAt(i).room)
	wasLarge, hidden := m.large(u.seatAt(i).room), u.seatAt(i).hidden
	r := u.unseat(i)
	m.noteMoved(u, r)
	r.rights.leaves(u.id)
	for of := range u.sessions {
		m.out.emit(Event{Kind: MemberRemoved, Scope: ToLoops, Client: of.client, Room: r.id})
	}
	switch {
	case len(r.members) == 0:
		m.hall.occupied--
		m.hall.close(r)
	case wasLarge:
		vanish(m, u, r, hidden, how)
	default:
		if how.why != nil {
			m.out.emit(*how.why)
		}
		m.out.emit(about(u, Event{
			Kind: Left, Scope: ToRoom, Client: u.first.client, Room: r.id, RoomName: r.name, Text: how.words, On: how.gone, Off: how.why != nil, Count: len(r.members),
		}))
	}
	if surface(m, r); wasLarge && !m.large(r) {
		tellShrunk(m.out, r, m.subscribed)
	}
	for of := range u.sessions {
		if of.current == r.id {
			m.makeCurrent(of, u.last())
		}
	}
}

// vanish counts that u has left r, which is large, and tells those who could see it.
func vanish(m *membership, u *user, r *chatRoom, hidden bool, how going) {
	t := Tally{Left: 1}
	if how.why != nil {
		t.Removed = 1
	}
	switch m.digests.count(r, t); {
	case hidden || how.gone:
	case how.why != nil:
		e := *how.why
		e.Kind = Expelled
		m.out.emit(e)
	default:
		m.out.emit(about(u, Event{Kind: Vanished, Scope: ToRoom, Client: u.first.client, Room: r.id, RoomName: r.name, Text: how.words}))
	}
}

// appear has u, who is in r by its i-th seat, show there.
func appear(m *membership, u *user, i int) {
	if s := u.seatAt(i); s.hidden {
		s.room.show(u, s)
		m.out.emit(about(u, Event{Kind: Appeared, Scope: ToRoom, Client: u.first.client, Room: s.room.id, RoomName: s.room.name, Text: realOf(u)}))
	}
}

// surface has all members of r show, if it is not large, or no longer: at most announceMax.
func surface(m *membership, r *chatRoom) {
	if r.shown == nil || m.large(r) {
		return
	}
	for _, u := range r.members {
		appear(m, u, u.seatIn(r))
	}
}

// tellQuit tells those who see u in a room that it is about to leave all of them.
func tellQuit(m *membership, u *user) {
	var rooms []RoomID
	for s := range u.seats {
		if surface(m, s.room); !s.hidden {
			rooms = append(rooms, s.room.id)
		}
	}
	m.out.toRooms(u.first.client, about(u, Event{Kind: Quit, Verb: m.out.verb, Text: m.out.parting, RoomName: m.out.by}), rooms)
}

// makeCurrent has the session talk in r, nil for nowhere.
func (m *membership) makeCurrent(of *session, r *chatRoom) {
	if of.current = 0; r != nil {
		of.current = r.id
		m.out.emit(Event{Kind: CurrentIs, Scope: ToLoops, Client: of.client, Room: r.id})
	}
}

// large says whether the coming and going in r is told by digest: told one by one, n users who enter would cost n*n lines.
func (m *membership) large(r *chatRoom) bool { return len(r.members) > m.announceMax }

// tellNeighbours tells all who share a room with u of e, once each; large rooms count t instead. Its own other sessions hear it, too, and but does not.
// The rooms that are told are the small ones.
func (m *membership) tellNeighbours(u *user, but ClientID, e Event, t Tally) (small []RoomID) {
	for seat := range u.seats {
		if m.large(seat.room) {
			m.digests.count(seat.room, t)
		} else {
			small = append(small, seat.room.id)
		}
	}
	m.toNeighbours(u, but, e, small)
	return small
}

// tellRenamed tells all who share a room with u of e, which is Renamed, once each; large rooms count it instead if u signs in by that. Who is told who shows in rooms hears of it
// where u does, which may be elsewhere: then it is told by Called.
func tellRenamed(m *membership, u *user, but ClientID, e Event, signsIn bool) {
	var told, shows []RoomID
	for seat := range u.seats {
		counted := signsIn && m.large(seat.room)
		if counted {
			m.digests.count(seat.room, Tally{SignedIn: 1})
		} else {
			told = append(told, seat.room.id)
		}
		if !seat.hidden {
			shows = append(shows, seat.room.id)
		}
		e.Off = e.Off || counted != seat.hidden
	}
	if m.toNeighbours(u, but, e, told); e.Off {
		e.Kind, e.Off = Called, false
		m.toNeighbours(u, but, e, shows)
	}
}

// toNeighbours tells the members of the rooms, which are u's, of e, and its own sessions in any case.
func (m *membership) toNeighbours(u *user, but ClientID, e Event, rooms []RoomID) {
	if len(rooms) == 0 {
		m.out.tellOthers(u, but, e)
		return
	}
	m.out.toRooms(but, e, rooms)
}

// leaveAll takes u, who has no session any more, out of all its rooms.
func (m *membership) leaveAll(u *user) {
	for u.roomCount() > 0 {
		m.leave(u, 0, going{gone: true})
	}
}

// deafen has a client, a session of u's, hear nothing of u's rooms any more.
func (m *membership) deafen(id ClientID, u *user) {
	for seat := range u.seats {
		m.out.emit(Event{Kind: MemberRemoved, Scope: ToLoops, Client: id, Room: seat.room.id})
	}
}

// resizeLarge has rooms be large from another number of members on.
func resizeLarge(m *membership, announceMax int) {
	before := m.announceMax
	m.announceMax = announceMax
	rooms := m.hall.order.items()
	for r, is := rooms(); is; r, is = rooms() { // at most Config.MaxRooms
		if n := len(r.members); n > before && n <= announceMax {
			tellShrunk(m.out, r, m.subscribed)
		}
	}
}

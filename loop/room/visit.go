package room

func (s *State) doJoin(u *user, cmd *Command) {
	shown, key, why := checkRoom(cmd.Name)
	if why != 0 {
		s.refuse(u, Refusal{Why: why})
		return
	}
	if r := s.rooms[key]; r != nil {
		if i := u.seatIn(r); i >= 0 {
			s.makeCurrent(u, i)
			s.answerJoin(u, r)
			return
		}
	}
	if s.rooms[key] == nil && !s.maySpeak(u, cmd) {
		return // the name of a room says something, too
	}
	if !s.mayJoin(u, shown, key, cmd.Group) {
		return
	}
	r := s.openRoom(shown, key, cmd.Group)
	s.enter(u, r)
	s.answerJoin(u, r)
	s.remind(u, r)
}

// mayJoin says whether the limits let u into one more room, and tells u why not.
func (s *State) mayJoin(u *user, shown, key string, group uint64) bool {
	if other, found := s.roomLooks.find(guiseOf(shown, key)); found && other.key != key {
		s.refuse(u, Refusal{Why: RoomLooksLike, Who: shown, Text: other.name})
		return false
	}
	switch most := s.cfg.MaxRoomsPerUser; {
	case most > 0 && len(u.seats) >= most:
		s.refuse(u, Refusal{Why: InTooManyRooms, N: int64(len(u.seats))})
		return false
	case s.cfg.MaxRooms > 0 && len(s.rooms) >= s.cfg.MaxRooms && s.rooms[key] == nil:
		s.refuse(u, Refusal{Why: NoMoreRooms})
		return false
	case s.rooms[key] == nil && group != 0 && s.cfg.MaxRoomsPerAddress > 0 && s.opened[group] >= s.cfg.MaxRoomsPerAddress:
		s.refuse(u, Refusal{Why: OpenedTooManyRooms, N: int64(s.opened[group])})
		return false
	}
	return true
}

func (s *State) answerJoin(u *user, r *chatRoom) {
	s.answer(u, Event{Kind: Joined, RoomName: r.name, Count: len(r.members)})
	if r.topic != "" {
		s.answer(u, Event{Kind: TopicIs, RoomName: r.name, Text: r.topic})
	}
}

func (s *State) doPart(u *user, cmd *Command) {
	r, i := s.currentOrNamed(u, cmd.Name)
	if r == nil {
		return
	}
	wasCurrent := r == u.current()
	s.answer(u, Event{Kind: Parted, RoomName: r.name})
	s.leave(u, i)
	if wasCurrent {
		s.currentIs(u)
	}
}

func (s *State) doTopic(u *user, cmd *Command) {
	r := s.currentOf(u)
	if r == nil {
		return
	}
	if cmd.Text != "" {
		if !s.audible(u, cmd) || !s.named(u) || !s.fits(u, cmd.Text) {
			return
		}
		r.topic = cmd.Text
		s.emit(Event{Kind: TopicSet, Scope: ToRoom, Client: u.id, Room: r.id, RoomName: r.name, Who: u.name, Text: r.topic})
	}
	s.answer(u, Event{Kind: TopicIs, RoomName: r.name, Text: r.topic})
}

// currentOf returns the room that u talks in, or tells u that it is in none.
func (s *State) currentOf(u *user) *chatRoom {
	r := u.current()
	if r == nil {
		s.refuse(u, Refusal{Why: NoRoomNow})
	}
	return r
}

// seatOf returns the room of that name and u's seat in it, or tells u that it is not in there.
func (s *State) seatOf(u *user, name string) (*chatRoom, int) {
	if r := s.roomByName(name); r != nil {
		if i := u.seatIn(r); i >= 0 {
			return r, i
		}
	}
	s.refuse(u, Refusal{Why: NotInRoom, Who: name})
	return nil, -1
}

// currentOrNamed is seatOf, or the current room where there is no name.
func (s *State) currentOrNamed(u *user, name string) (*chatRoom, int) {
	if name != "" {
		return s.seatOf(u, name)
	}
	return s.currentOf(u), len(u.seats) - 1
}

package room

// doClearRoom asks for all to be erased that has been said in a room.
func doClearRoom(t turn) {
	r := roomOf(t)
	if r == nil {
		return
	}
	if no := mayRule(t, r, asFounder); no.Why != 0 {
		t.deny(no)
		return
	}
	t.ask(Ask{Name: t.u.name, Key: r.key, Place: r.place})
}

// roomCleared is when that is done.
func roomCleared(s *State, cmd *Command) {
	r := s.hall.at(cmd.Room, cmd.Place)
	if r == nil { // it has ended meanwhile, and what was said there with it
		answerIfThere(s, cmd, Event{Kind: GovernDone, Verb: ClearRoom, RoomName: cmd.Room})
		return
	}
	s.hall.forget(r)
	s.out.record(Record{Ended: r.place})
	r.place = s.messages.place()
	s.changes.room(r)
	s.out.emit(Event{Kind: Governed, Verb: ClearRoom, Scope: ToRoom, Client: cmd.Client, Room: r.id, RoomName: r.name, Who: cmd.Name, List: []Row{{Who: cmd.Name}}})
	answerIfThere(s, cmd, Event{Kind: GovernDone, Verb: ClearRoom, RoomName: r.name, List: []Row{{Who: cmd.Name}}})
}

// forget has r keep nothing of what was said so far.
func (h *hall) forget(r *chatRoom) {
	h.kept -= r.recent.bytes
	r.recent = history{}
}

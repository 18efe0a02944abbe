package room

// doRedact asks for one message to be erased that was said in a room. Of those that the room has forgotten nobody can say any more whose they were.
func doRedact(t turn) {
	r := t.hall.byName(t.cmd.Name)
	if r == nil || t.u.seatIn(r) < 0 {
		t.deny(Refusal{Why: NotInRoom, Who: t.cmd.Name})
		return
	}
	row := r.recent.find(t.cmd.Msg)
	if row == nil {
		t.deny(Refusal{Why: MessageNotThere, Room: r.name})
		return
	}
	if own := row.Account != "" && row.Account == accountOf(t.u); !own {
		if no := mayRule(t, r, asOperator); no.Why != 0 {
			t.deny(no)
			return
		}
	}
	t.ask(Ask{Name: t.u.name, Key: r.key, Place: r.place, Msg: t.cmd.Msg, Text: t.cmd.Text})
}

// find is the message with that id, nil if it isn't there. It is valid until the next one is added.
func (h *history) find(id MsgID) *Row {
	if i := h.behind(id - 1); i < h.count && h.at(i).ID == id {
		return h.at(i)
	}
	return nil
}

// messageErased is when that is done: it is in memory no longer, and those in the room are told.
func messageErased(s *State, cmd *Command) {
	r := s.hall.at(cmd.Room, cmd.Place)
	if r == nil { // it has ended meanwhile
		return
	}
	s.hall.kept -= r.recent.erase(func(row *Row) bool { return row.ID == cmd.Msg })
	e := Event{Kind: Redacted, Scope: ToRoom, Client: NoClient, Room: r.id, RoomName: r.name, Who: cmd.Name, ID: cmd.Msg, At: cmd.Wall, Text: cmd.Text}
	if u := s.people.of(cmd.Client); u != nil {
		e = about(u, e)
	}
	s.out.emit(e)
}

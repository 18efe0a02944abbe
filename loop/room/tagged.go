package room

// tagRoom tells the other members of r tags alone.
func tagRoom(t turn, r *chatRoom) {
	tagged := about(t.u, Event{Kind: Tagged, Scope: ToRoom, Client: t.cmd.Client, Room: r.id, RoomName: r.name, Tags: t.cmd.Tags})
	tagged.ID = t.messages.next()
	answerTagged(t, Event{RoomName: r.name, ID: tagged.ID})
	if t.cmd.Tags != "" && !t.isShunned() {
		t.out.emit(tagged)
	}
}

// tagUser tells another user tags alone.
func tagUser(t turn, to *user) {
	id := t.messages.next()
	answerTagged(t, Event{Who: to.name, ID: id})
	if t.cmd.Tags != "" && !t.isShunned() {
		t.out.tell(to, about(t.u, Event{Kind: Tagged, Tags: t.cmd.Tags, ID: id}))
	}
}

// answerTagged answers who has said tags alone to the room or the user of e.
func answerTagged(t turn, e Event) {
	if t.cmd.Tag != 0 && t.cmd.Tags != "" {
		e.Kind, e.Tags, e.At = Sent, t.cmd.Tags, t.cmd.Wall
		t.answer(e)
	}
}

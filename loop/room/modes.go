package room

// doModes tells what rules a room has, or who has a right of one kind there: but invitations to who is not in it.
func doModes(t turn) {
	r := t.hall.byName(t.cmd.Room)
	if r == nil || !viewerOf(t).mayKnow(r) {
		t.refuse(Refusal{Why: NotInRoom, Who: t.cmd.Room})
		return
	}
	var rows []Row
	if asked := t.cmd.Right; r.rights != nil {
		outside := t.u.seatIn(r) < 0 && !t.rights.isOperator(t.cmd.Client)
		rows = rowsOfRights(t, r, func(h *held) bool {
			rule := h.Kind.row().of == ofRoom
			return asked == 0 && rule || asked == h.Kind && !(asked == RightInvite && outside)
		})
	}
	t.out.answerList(t.cmd.Client, Event{Kind: ModesAre, RoomName: r.name, At: r.created, N: int64(t.cmd.Right)}, rows)
}

// rowsOfRights are the rights of r that are so, as t's user is told of them. What is over, or of who is not there any more, is forgotten first.
func rowsOfRights(t turn, r *chatRoom, is func(*held) bool) (rows []Row) {
	l := r.rights
	if l.drop(func(h *held) bool { return h.over(t.cmd.second()) || h.hasGone(t.people.at) }) {
		t.changes.room(r)
	}
	sees := t.rights.isOperator(t.cmd.Client)
	for i := range l.all {
		if h := &l.all[i]; is(h) && (sees || !h.target.byAddress()) {
			rows = append(rows, rowOfRight(&h.Right))
		}
	}
	return rows
}

// doInvitations looks through all rooms, of which there are at most Config.MaxRooms, but only at whether somebody is invited there.
func doInvitations(t turn) {
	var rows []Row
	b, rooms := bearerOf(t.u), t.hall.order.items()
	for r, is := rooms(); is; r, is = rooms() {
		if r.rights.has(RightInvite) && r.rights.bears(RightInvite, b) {
			rows = append(rows, Row{Name: r.name})
		}
	}
	t.out.answerList(t.cmd.Client, Event{Kind: InvitedTo}, rows)
}

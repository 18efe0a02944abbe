package room

// doWhois answers with the user in the first row, and then its rooms, with what rights it has there: but those of them that t's user is not to know of.
func doWhois(t turn) {
	u := t.userByName(t.cmd.Name)
	if u == nil {
		return
	}
	v := viewerOf(t)
	rows := make([]Row, 0, 1+u.roomCount()) // at most as many as one may be in
	rows = append(rows, Row{Name: u.name, Of: v.portrait(u, nil)})
	for s := range u.seats {
		if !v.mayKnow(s.room) {
			continue
		}
		rows = append(rows, Row{Name: s.room.name, Of: v.portrait(u, s.room)})
	}
	t.out.answerKept(t.cmd.Client, Event{Kind: Portrayed, Who: u.name}, rows, len(rows)*orderedBytes)
}

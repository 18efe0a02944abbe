package room

// Newcomer is how many recent messages a newcomer to a room gets, and RECENT without a number.
const Newcomer = 10

// remind gives a client the last messages of r, if there are any.
func (o *told) remind(to ClientID, r *chatRoom) {
	if rows := r.recent.last(Newcomer); len(rows) > 0 {
		o.recall(to, r, rows)
	}
}

func doRecent(t turn) {
	r, _ := t.currentOrNamed(t.cmd.Name)
	if r == nil {
		return
	}
	n := Newcomer
	if t.cmd.N != None {
		n = int(min(t.cmd.N, int64(t.cfg.Recent)))
	}
	t.out.recall(t.cmd.Client, r, r.recent.last(n))
}

func (o *told) recall(to ClientID, r *chatRoom, rows []Row) {
	o.answerList(to, Event{Kind: Recalled, RoomName: r.name, Lines: moreLines(rows)}, rows)
}

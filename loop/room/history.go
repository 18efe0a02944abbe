package room

// Newcomer is how many recent messages a newcomer to a room gets, and RECENT without a number.
const Newcomer = 10

// history keeps the last messages of a room in a ring.
type history struct {
	rows []Row
	next int // where the next one goes once the ring is full
}

// add keeps row, and at most limit rows in all.
func (h *history) add(row Row, limit int) {
	switch {
	case limit <= 0:
	case len(h.rows) < limit:
		h.rows = append(h.rows, row)
	default:
		h.rows[h.next] = row
		h.next = (h.next + 1) % limit
	}
}

// resize keeps the last rows, at most limit.
func (h *history) resize(limit int) {
	h.rows, h.next = h.last(max(limit, 0)), 0
}

// last returns a copy of the last n rows, oldest first.
func (h *history) last(n int) []Row {
	n = min(n, len(h.rows))
	rows := make([]Row, 0, n)
	for i := len(h.rows) - n; i < len(h.rows); i++ {
		rows = append(rows, h.rows[(h.next+i)%len(h.rows)])
	}
	return rows
}

// remind gives u the last messages of r, if there are any.
func (s *State) remind(u *user, r *chatRoom) {
	if rows := r.recent.last(Newcomer); len(rows) > 0 {
		s.answer(u, Event{Kind: Recalled, RoomName: r.name, Count: len(rows), List: rows})
	}
}

func (s *State) doRecent(u *user, cmd *Command) {
	r := s.currentOf(u)
	if r == nil {
		return
	}
	n := Newcomer
	if cmd.N != None {
		n = int(min(cmd.N, int64(s.cfg.Recent)))
	}
	rows := r.recent.last(n)
	s.answer(u, Event{Kind: Recalled, RoomName: r.name, Count: len(rows), List: rows})
}

package room

// leastLine is what a line has besides the name and the words of a message: "[", "] " and its end. A line that has more makes more messages count as not taken.
const leastLine = 4

// noteTaken notes how far a session of u's that ends has taken what was said, with so many bytes on their way to it: the person comes back to what is behind that.
func noteTaken(s *State, u *user, untaken int64) {
	if u.stays() {
		noteTook(s, u, takenBut(s, u, untaken))
	}
}

// noteTook notes that a session of u has taken all up to that message, if u stays.
func noteTook(s *State, u *user, last MsgID) {
	if a := u.account(); a != nil && a.keeps && last > a.took {
		a.took = last
		s.changes.account(a)
	}
}

// takenBut is the last message that is not among the last of others, of so many bytes, that u has been told of. It looks at no more than what u's rooms and its mail keep.
func takenBut(s *State, u *user, untaken int64) MsgID {
	tails := make([]tail, 0, u.roomCount()+1)
	for _, r := range u.rooms() {
		tails = append(tails, tail{&r.recent, r.recent.count})
	}
	mail := u.account().inbox()
	tails = append(tails, tail{mail, mail.count})
	taken := s.messages.last
	for untaken > 0 {
		last := latest(tails)
		if last.n == 0 {
			break
		}
		last.n--
		row := last.of.at(last.n)
		if row.isOf(u) { // of which the session that has said it isn't told
			continue
		}
		taken = row.ID - 1
		untaken -= int64(len(row.Name) + len(row.Text) + leastLine)
	}
	return taken
}

// tail is the first n rows of a history, taken from behind.
type tail struct {
	of *history
	n  int
}

// last is the id of the last of them, 0 if there is none.
func (l *tail) last() MsgID {
	if l.n == 0 {
		return 0
	}
	return l.of.at(l.n - 1).ID
}

// latest is the one of tails that has the latest row.
func latest(tails []tail) *tail {
	best := &tails[0]
	for i := range tails {
		if tails[i].last() > best.last() {
			best = &tails[i]
		}
	}
	return best
}

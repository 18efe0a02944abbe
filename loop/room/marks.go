package room

import (
	"slices"
	"sort"
	"strings"
)

// maxReadMarks is how many read marks a person has. The one set longest ago goes first.
const maxReadMarks = 200

// mark says how far a person has read a room, or what another user has said to it.
type mark struct {
	key   string // of the room or the user
	shown string // its name
	read  MsgID
	at    int64 // the time up to which that was said to be, in milliseconds of wall clock; 0: it follows from read
}

// marks are those of a person, the one set last behind.
type marks []mark

// index is where the mark of that key is, -1 if there is none.
func (m marks) index(key string) int {
	return slices.IndexFunc(m, func(x mark) bool { return x.key == key })
}

// find is the mark of that key, nil if there is none. It is valid until another one is set.
func (m marks) find(key string) *mark {
	if i := m.index(key); i >= 0 {
		return &m[i]
	}
	return nil
}

// set moves the mark of that key on, and never back. It returns the one that it has put there, with what was there before and the one that had to go for it, both without a key where
// there was none.
func (m *marks) set(key, shown string, read MsgID, at int64) (moved, before, gone mark) {
	moved = mark{key, shown, read, at}
	if i := m.index(key); i >= 0 {
		before = (*m)[i]
		if at == 0 && read <= before.read {
			moved.at = before.at
		}
		moved.read = max(read, before.read)
		*m = slices.Delete(*m, i, i+1)
	} else if len(*m) >= maxReadMarks {
		gone = (*m)[0]
		*m = slices.Delete(*m, 0, 1)
	}
	*m = append(*m, moved)
	return moved, before, gone
}

// setMark is set of a person's, with the records that follow.
func setMark(s *State, a *account, key, shown string, read MsgID, at int64) {
	moved, before, gone := a.marks.set(key, shown, read, at)
	if gone.key != "" {
		gone.read = 0
		recordMark(s, a, gone)
	}
	if before.at = moved.at; moved != before {
		recordMark(s, a, moved)
	}
}

// loseMarks is when the account of u, who may be nil, ends.
func loseMarks(s *State, u *user) {
	if u == nil {
		return
	}
	for _, gone := range u.account().marks { // at most maxReadMarks
		gone.read = 0
		recordMark(s, u.account(), gone)
	}
}

func recordMark(s *State, a *account, m mark) {
	s.out.record(Record{Mark: &KeptMark{Account: a.key, Key: m.key, Shown: m.shown, Read: m.read}})
}

// doRead moves a read mark, or tells where it is.
func doRead(t turn) {
	if !t.hasAccount() {
		return
	}
	a := t.u.account()
	sets := t.cmd.Msg != 0 || t.cmd.N > 0
	if !sets && t.cmd.Tag != 0 && tellElsewhere(t, a) {
		return
	}
	key, shown, ok := readable(t)
	if !ok {
		return
	}
	if sets {
		read, upTo := min(t.cmd.Msg, t.messages.last), int64(0)
		if t.cmd.N > 0 {
			h := saidTo(t, key)
			upTo = max(min(t.cmd.N, t.cmd.Wall), readAt(a, key, h))
			read = h.lastUpTo(upTo, t.messages.last)
		}
		setMark(t.State, a, key, shown, read, upTo)
		noteTook(t.State, t.u, read) // what comes in front of it has come, too
	}
	at := a.marks.find(key)
	if at == nil {
		at = &mark{key: key, shown: shown}
	}
	e := markTold(t, at)
	t.answer(e)
	if !sets {
		return
	}
	for of := range t.u.sessions {
		if of.client != t.cmd.Client && (of.is(ids) || of.is(lists)) {
			t.out.answer(of.client, e)
		}
	}
}

// tellElsewhere tells what a remembers of a room in which its person isn't; or it is in there, or cmd names none.
func tellElsewhere(t turn, a *account) bool {
	shown, key, why := checkRoom(t.cmd.Name)
	if r := t.hall.rooms[key]; why != 0 || r != nil && t.u.seatIn(r) >= 0 {
		return false
	}
	e := Event{Kind: ReadUpTo, Text: shown}
	if at := a.marks.find(key); at != nil {
		e.Text, e.ID, e.At = at.shown, at.read, at.at
	}
	t.answer(e)
	return true
}

// readable is the room that the user is in, or the user, that cmd names.
func readable(t turn) (key, shown string, ok bool) {
	if strings.HasPrefix(t.cmd.Name, "#") {
		r, _ := t.seatOf(t.cmd.Name)
		if r == nil {
			return "", "", false
		}
		return r.key, r.name, true
	}
	shown, key, why := checkName(t.cmd.Name)
	if why != 0 {
		t.refuse(Refusal{Why: NotHere, Who: t.cmd.Name})
		return "", "", false
	}
	return key, shown, true
}

// markTold tells of a mark: where it is, and how many messages of others the server still has behind it.
func markTold(t turn, at *mark) Event {
	e := Event{Kind: ReadUpTo, Text: at.shown, ID: at.read, At: readAt(t.u.account(), at.key, saidTo(t, at.key))}
	if r := t.hall.rooms[at.key]; r != nil {
		e.Count = r.recent.countBehind(at.read, func(row *Row) bool { return !row.isOf(t.u) })
	} else {
		e.Count = t.u.account().inbox().countBehind(at.read, func(row *Row) bool { return row.Name == at.shown })
	}
	return e
}

// saidTo is what was said in the room with that key, if it is one, or to u alone.
func saidTo(t turn, key string) *history {
	if r := t.hall.rooms[key]; r != nil {
		return &r.recent
	}
	return t.u.account().inbox()
}

// readAt is the time up to which a has read what h has of the room or user with that key, in milliseconds of wall clock; 0: nothing. A mark that names a message has the time of that, as far as
// it is known.
func readAt(a *account, key string, h *history) int64 {
	at := a.marks.find(key)
	switch {
	case at == nil || at.read == 0 && at.at == 0:
		return 0
	case at.at != 0:
		return at.at
	}
	i := h.behind(at.read)
	switch {
	case i > 0:
		return h.at(i - 1).At
	case h.count > 0:
		return h.at(0).At - 1
	}
	return 0
}

// lastUpTo is the last message that isn't later than that time, or one that is in front of all that are; last, if there is none at all.
func (h *history) lastUpTo(at int64, last MsgID) MsgID {
	i := sort.Search(h.count, func(i int) bool { return h.at(i).At > at })
	switch {
	case h.count == 0:
		return last
	case i == 0:
		return h.at(0).ID - 1
	}
	return h.at(i - 1).ID
}

// tellRead tells a session that is told who is in its rooms how far u has read r, before that.
func tellRead(o *told, of *session, u *user, r *chatRoom) {
	if !of.is(lists) {
		return
	}
	e := Event{Kind: ReadUpTo, Text: r.name}
	if a := u.account(); a != nil {
		e.At = readAt(a, r.key, &r.recent)
	}
	o.answer(of.client, e)
}

// tellMarks tells a session that has just come of all marks.
func tellMarks(t turn) {
	if !t.session().is(ids) {
		return
	}
	for i := range t.u.account().marks {
		t.answer(markTold(t, &t.u.account().marks[i]))
	}
}

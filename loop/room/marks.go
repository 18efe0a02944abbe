package room

import (
	"slices"
	"strings"
)

// maxReadMarks is how many read marks a person has. The one set longest ago goes first.
const maxReadMarks = 200

// mark says how far a person has read a room, or what another user has said to it.
type mark struct {
	key   string // of the room or the user
	shown string // its name
	read  MsgID
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
func (m *marks) set(key, shown string, read MsgID) (moved, before, gone mark) {
	moved = mark{key, shown, read}
	if i := m.index(key); i >= 0 {
		before = (*m)[i]
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
func setMark(s *State, a *account, key, shown string, read MsgID) {
	moved, before, gone := a.marks.set(key, shown, read)
	if gone.key != "" {
		gone.read = 0
		recordMark(s, a, gone)
	}
	if moved != before {
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
	key, shown, ok := readable(t)
	if !ok {
		return
	}
	if t.cmd.Msg != 0 {
		read := min(t.cmd.Msg, t.messages.last)
		setMark(t.State, a, key, shown, read)
		noteTook(t.State, t.u, read) // what comes in front of it has come, too
	}
	at := a.marks.find(key)
	if at == nil {
		at = &mark{key: key, shown: shown}
	}
	e := markTold(t, at)
	t.answer(e)
	if t.cmd.Msg == 0 {
		return
	}
	for of := range t.u.sessions {
		if of.client != t.cmd.Client && of.is(ids) {
			t.out.answer(of.client, e)
		}
	}
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
	e := Event{Kind: ReadUpTo, Text: at.shown, ID: at.read}
	if r := t.hall.rooms[at.key]; r != nil {
		e.Count = r.recent.countBehind(at.read, func(row *Row) bool { return !row.isOf(t.u) })
	} else {
		e.Count = t.u.account().inbox().countBehind(at.read, func(row *Row) bool { return row.Name == at.shown })
	}
	return e
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

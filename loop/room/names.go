package room

import "strings"

// doNames tells who shows in a room: to those who are in there, and to others if they may know of it.
func doNames(t turn) {
	r := t.hall.byName(t.cmd.Name)
	if r == nil || !viewerOf(t).mayKnow(r) {
		t.answer(Event{Kind: NamesAre, RoomName: t.cmd.Name, Off: true})
		return
	}
	answerNames(&t.membership, t.cmd.Client, t.u, r)
}

// tellNames tells a session of u, which hears r from now on, who shows there, if it is told such things.
func tellNames(m *membership, of *session, u *user, r *chatRoom) {
	if of.is(lists) {
		answerNames(m, of.client, u, r)
	}
}

// answerNames tells a client of u's who shows in r.
func answerNames(m *membership, to ClientID, u *user, r *chatRoom) {
	e := Event{Kind: NamesAre, RoomName: r.name, Current: r.rights.has(RightSecret)}
	if r.hides(u) {
		e.Who, e.User, e.Host = u.name, userOf(u), hostOf(u)
	}
	if n := r.shownCount(); n > fewNames {
		m.out.answerRows(to, e, n, orderedBytes, r.shows(r.nameRow))
		return
	}
	all := r.roll()
	m.out.answerKept(to, e, all.rows, all.bytes)
}

// nameRow is a member of r as NamesAre has it.
func (r *chatRoom) nameRow(of *user) Row { return Row{Name: of.name, Of: shownIn(of, r)} }

// fewNames is how many who show in a room are told by the names that they have when that is asked for: else those count that they have when the client takes them. That may be the name that
// another has had when it was asked for: a client that is told then of both changes of names can't know them apart.
const fewNames = 1000

// shownCount is how many show in r.
func (r *chatRoom) shownCount() int {
	if r.shown == nil {
		return len(r.members)
	}
	return r.shown.len()
}

// shows gives who shows in r, one after the other, as rows. Who is about to be told that somebody shows may find it there already.
func (r *chatRoom) shows(row func(*user) Row) func() (Row, bool) {
	if r.shown == nil {
		return r.inOrderAs(row)
	}
	return r.shown.rows(row)
}

// MaxLookup is how many names a Lookup has at most. What is behind them is left out.
const MaxLookup = 20

// doLookup tells which users there are.
func doLookup(t turn) {
	var rows []Row // at most MaxLookup
	n, v := 0, viewerOf(t)
	for name := range strings.FieldsSeq(t.cmd.Text) {
		if u := t.names.byName(name); u != nil {
			rows = append(rows, Row{Name: u.name, Of: v.portrait(u, nil)})
		}
		if n++; n == MaxLookup {
			break
		}
	}
	t.out.answerList(t.cmd.Client, Event{Kind: Found}, rows)
}

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
	n, next := r.showing(u, func(of *user) Row { return Row{Name: of.name, Of: shownIn(of, r)} })
	if n > fewNames {
		m.out.answerRows(to, e, n, orderedBytes, next)
		return
	}
	rows := make([]Row, n)
	for i := range rows {
		rows[i], _ = next()
	}
	m.out.answerList(to, e, rows)
}

// fewNames is how many who show in a room are told by the names that they have when that is asked for: else those count that they have when the client takes them. That may be the name that
// another has had when it was asked for: a client that is told then of both changes of names can't know them apart.
const fewNames = 1000

// showing gives who shows in r, as rows, and u itself if it is in there. Who is about to be told that somebody shows may find it there already.
func (r *chatRoom) showing(u *user, row func(*user) Row) (n int, rows func() (Row, bool)) {
	if r.shown == nil {
		return len(r.members), r.inOrderAs(row)
	}
	n, rows = r.shown.len(), r.shown.rows(row)
	if i := u.seatIn(r); i >= 0 && u.seatAt(i).hidden {
		return n + 1, behind(row(u), rows)
	}
	return n, rows
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

package room

import "strings"

// MaxWho is how many users a WhoAre by a pattern tells of at most.
const MaxWho = 5000

// doWhoAre tells of the users in a room, or of all whose names, or whatever else they are told by, match a pattern.
func doWhoAre(t turn) {
	e, rest := Event{Kind: WhoList, RoomName: t.cmd.Name}, &Rest{}
	if strings.HasPrefix(t.cmd.Name, "#") {
		if r := t.hall.byName(t.cmd.Name); r != nil && viewerOf(t).mayKnow(r) {
			rest = whoIn(t, r)
		}
	} else {
		rest = whoMatch(t, t.cmd.Name)
	}
	t.out.answerFound(t.cmd.Client, e, rest)
}

// whoIn is who shows in r, as its members and operators are told of all of them, and strangers of those who don't hide from them.
func whoIn(t turn, r *chatRoom) *Rest {
	v, onlyOperators := viewerOf(t), t.cmd.Off
	inside := v.operates || t.u.seatIn(r) >= 0
	row := func(u *user) Row {
		if !inside && isInvisible(u) {
			return Row{}
		}
		return v.row(u, r)
	}
	n, all := r.shownCount(), r.shows(row)
	if r.hides(t.u) {
		n, all = n+1, behind(row(t.u), all)
	}
	return &Rest{left: n, held: n * orderedBytes, next: func() (Row, bool) {
		row, _ := all()
		return row, row.Of != nil && (row.Of.Operator || !onlyOperators)
	}}
}

// whoMatch is the user of that name, or who matches the pattern, "" or 0 for all: but those who hide from strangers, if they are that to who asks.
func whoMatch(t turn, written string) *Rest {
	v, onlyOperators := viewerOf(t), t.cmd.Off
	if u := t.names.byName(written); u != nil {
		row := v.row(u, v.meets(u))
		return &Rest{left: 1, next: func() (Row, bool) { return row, row.Of.Operator || !onlyOperators }}
	}
	if written == "" || written == "0" {
		written = "*"
	}
	p, ok := newPattern(written)
	if !ok {
		return &Rest{}
	}
	place := -1
	return &Rest{left: len(t.people.at), most: MaxWho, next: func() (row Row, is bool) {
		place++
		u := v.state.people.at[place]
		if u == nil || u.locked() || !v.finds(u) || !p.means(u) {
			return row, false
		}
		row = v.row(u, v.meets(u))
		return row, row.Of.Operator || !onlyOperators
	}}
}

// means says whether p matches anything by which u is told.
func (p *pattern) means(u *user) bool {
	return p.matches(u.name) || p.matches(userOf(u)) || p.matches(hostOf(u)) || p.matches(realOf(u)) || u.account() != nil && p.matches(u.account().name)
}

// row is u in r, which may be nil, as v is told of it.
func (v viewer) row(u *user, r *chatRoom) Row {
	row := Row{Name: u.name, Who: "*", Of: v.portrait(u, r)}
	if r != nil {
		row.Who = r.name
	}
	return row
}

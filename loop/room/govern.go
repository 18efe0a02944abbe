package room

import (
	"strconv"
	"strings"
)

// doGovern is for ROOM, and what may be said behind it but KICK and KEEP: it tells what rights there are in a room, gives one, or takes one.
func doGovern(t turn) {
	r := roomOf(t)
	if r == nil {
		return
	}
	if t.cmd.Changes == nil {
		governOne(t, r)
		return
	}
	changed := make([]Row, 0, len(*t.cmd.Changes))
	t.joint = &changed
	for _, x := range *t.cmd.Changes {
		one := *t.cmd
		one.Right, one.Off, one.Stays, one.Name, one.Text, one.N = x.Right, x.Off, x.Stays, x.Name, x.Text, x.N
		t.cmd = &one
		governOne(t, r)
	}
	tellChanged(t, r, changed)
}

// governOne is doGovern for one thing.
func governOne(t turn, r *chatRoom) {
	row := t.cmd.Right.row()
	if row.name == "" {
		tellRights(t, r)
		return
	}
	set := govern[row.of]
	if no := mayRule(t, r, givenBy(r, t.cmd.Right)); no.Why != 0 {
		if t.cmd.Right != RightInvite || t.cmd.Off || r.rights.has(RightLocked) {
			t.deny(no)
			return
		}
		set = call
	}
	if t.audible() && t.fits(t.cmd.Text) {
		set(t, r)
	}
}

// govern has what gives or takes a right, by what it names.
var govern [4]func(t turn, r *chatRoom)

func init() { // the functions lead back to the table of verbs
	govern = [...]func(turn, *chatRoom){ofRoom: setRule, ofPerson: setFounder, ofUser: setUser, ofTarget: setTarget}
}

// setRule sets a rule of the room, or lifts it.
func setRule(t turn, r *chatRoom) {
	kind := t.cmd.Right
	h := given(t, kind, "")
	h.Text = textOfRule(t)
	i := r.rights.find(kind, func(*held) bool { return true })
	switch {
	case kind == RightKept: // that is for KeepRoom
	case r.key == Lobby && closesRoom(kind):
		t.deny(Refusal{Why: LobbyStaysOpen, Text: kind.String()})
	case t.cmd.Off && i >= 0:
		take(t, r, i)
	case !t.cmd.Off && i < 0:
		give(t, r, h)
	case !t.cmd.Off && r.rights.all[i].Text != h.Text:
		r.rights.remove(i)
		give(t, r, h)
	default:
		answerRight(t, r, &h)
	}
}

// textOfRule is what a rule says besides.
func textOfRule(t turn) string {
	switch {
	case t.cmd.Right == RightKey:
		return strings.Clone(t.cmd.Text)
	case t.cmd.Right == RightLimit && !t.cmd.Off:
		return strconv.FormatInt(max(t.cmd.N, 1), 10)
	}
	return ""
}

// closesRoom says whether that rule keeps somebody out, or unaware of the room: the lobby has none.
func closesRoom(kind RightKind) bool {
	return kind == RightLocked || kind == RightKey || kind == RightLimit || kind == RightSecret
}

// setFounder gives the room to another person.
func setFounder(t turn, r *chatRoom) {
	b, u, ok := meant(t)
	switch {
	case t.cmd.Off:
		t.deny(Refusal{Why: FounderStays, Room: r.name})
		return
	case !ok:
		t.deny(Refusal{Why: NotHere, Who: t.cmd.Name})
		return
	case b.account == "":
		t.deny(Refusal{Why: NameOfNobody, Who: b.name})
		return
	}
	h := givenTo(t, RightFounder, b)
	l := rightsIn(r)
	if l.bears(RightFounder, b) {
		answerRight(t, r, &h)
		return
	}
	if l.has(RightKept) {
		if no := mayHave(t.State, &h); no.Why != 0 {
			t.deny(no)
			return
		}
	}
	var was []Row
	if i := l.find(RightFounder, func(*held) bool { return true }); i >= 0 {
		row := rowWith(t.State, &l.all[i])
		row.Off = true
		was = append(was, row)
		l.remove(i)
	}
	appearIn(t, u, r)
	give(t, r, h, was...)
}

// setUser gives a user a right, or takes it.
func setUser(t turn, r *chatRoom) {
	kind := t.cmd.Right
	b, u, ok := meant(t)
	i := r.rights.find(kind, func(h *held) bool { return h.of(b) || !ok && sameName(h.Target, t.cmd.Name) })
	if i >= 0 && !ok { // of who is called otherwise now, or not here any more
		b = r.rights.all[i].bearer()
	}
	inside := u != nil && u.seatIn(r) >= 0
	h := givenTo(t, kind, b)
	switch {
	case i >= 0 && t.cmd.Off:
		r.rights.drop(func(old *held) bool { return old.Kind == kind && old.of(b) })
		changed(t, r, &h)
	case !ok:
		t.deny(Refusal{Why: NotHere, Who: t.cmd.Name})
	case !t.cmd.Off && kind != RightInvite && b.account == "" && !inside:
		t.deny(Refusal{Why: NotHere, Who: t.cmd.Name, Room: r.name})
	case kind == RightInvite && inside && !t.cmd.Off:
		answerGiven(t, r, &h, true)
	case i >= 0, t.cmd.Off:
		answerRight(t, r, &h)
	default:
		if kind != RightInvite {
			appearIn(t, u, r)
		}
		if give(t, r, h) && kind == RightInvite && u != nil {
			tellInvited(t, r, u)
		}
	}
}

// call is an invitation by who may give no rights, to a room that isn't locked: who is called is told, and may do no more than before.
func call(t turn, r *chatRoom) {
	b, u, _ := meant(t)
	switch {
	case u == nil:
		t.deny(Refusal{Why: NotHere, Who: t.cmd.Name})
		return
	case u.seatIn(r) < 0:
		tellInvited(t, r, u)
	}
	h := givenTo(t, RightInvite, b)
	answerGiven(t, r, &h, u.seatIn(r) >= 0)
}

// tellInvited tells u that it is invited to r, and those who rule there by whom.
func tellInvited(t turn, r *chatRoom, u *user) {
	t.out.tell(u, about(t.u, Event{Kind: Invited, RoomName: r.name}))
	for _, other := range helpersOf(t.State, r, RightOperator) {
		t.out.tellOthers(other, t.cmd.Client, about(t.u, Event{Kind: InvitedBy, RoomName: r.name, Text: u.name}))
	}
}

// appearIn has u, who may be nil or not in there, show in r, where it gets a right: the others are to see whose it is.
func appearIn(t turn, u *user, r *chatRoom) {
	if u == nil {
		return
	}
	if i := u.seatIn(r); i >= 0 {
		appear(&t.membership, u, i)
	}
}

// tellRights answers with what holds in r. What is over, or of who is not there any more, is forgotten first.
func tellRights(t turn, r *chatRoom) {
	var rows []Row
	if r.rights != nil {
		rows = rowsOfRights(t, r, func(*held) bool { return true })
	}
	t.out.answerList(t.cmd.Client, Event{Kind: RightList, RoomName: r.name}, rows)
}

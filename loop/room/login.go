package room

import "slices"

// login is the turn in which a session comes to a user who is there already.
type login struct {
	turn
	known   []*chatRoom // the rooms that the session has been in before
	told    MsgID       // the first message of the lobby that it has been told of, or would have been
	returns bool        // the user had no session
}

func (t login) knows(r *chatRoom) bool { return slices.Contains(t.known, r) }

// goesIn has the session hear the rooms of its user. Its current one, told last, is the one given if the user is in it.
func (t login) goesIn(current *chatRoom) {
	if current == nil || t.u.seatIn(current) < 0 {
		current = t.u.last()
	}
	for seat := range t.u.seats {
		if seat.room != current {
			t.goesInto(seat.room)
		}
	}
	if current != nil {
		t.goesInto(current)
	}
	if t.returns {
		t.missedMail()
	}
	tellMarks(t.turn)
	t.session().stir(t.cmd.At)
	t.heard()
}

// goesInto has it hear r, which is the current one from then on, and tells what the session doesn't know of it yet.
func (t login) goesInto(r *chatRoom) {
	t.addMember(t.session(), r, true)
	t.out.answerJoin(t.cmd.Client, r, false)
	tellRead(t.membership.out, t.session(), t.u, r)
	tellNames(&t.membership, t.session(), t.u, r)
	answerKeysIn(t.membership.out, t.cmd.Client, t.u, r, t.large(r), t.subscribed[t.cmd.Client])
	if told := t.returns && t.missedIn(r); !told && !t.knows(r) {
		t.out.remind(t.cmd.Client, r)
	}
}

// noteTold notes what u, a guest who comes, is told of the lobby: it may turn out to be a person who has missed some of that.
func noteTold(s *State, u *user, lobby *chatRoom) {
	if s.persons.kept == 0 {
		forgetTold(u)
		return
	}
	u.more().told = s.messages.last + 1
	if n := lobby.recent.count; n > 0 {
		u.more().told = lobby.recent.at(max(0, n-Newcomer)).ID
	}
}

// toldOf is the first message of the lobby that u has been told of as a guest, 0 if that isn't known. Who has come when nobody stayed has been told of all since somebody does.
func toldOf(s *State, u *user) MsgID {
	if told := u.told(); told != 0 || !u.guest() {
		return told
	}
	return s.persons.since + 1
}

// missedIn tells what the user has missed in r, and says whether that is anything.
func (t login) missedIn(r *chatRoom) bool {
	return t.tellMissed(r.name, t.missed(&r.recent, t.toldIn(r)))
}

// missedMail tells what has been said to the user alone meanwhile.
func (t login) missedMail() { t.tellMissed("", t.missed(t.u.account().inbox(), 0)) }

func (t login) tellMissed(in string, rows []Row) bool {
	if len(rows) > 0 {
		t.out.answerList(t.cmd.Client, Event{Kind: Missed, RoomName: in, Lines: moreLines(rows)}, rows)
	}
	return len(rows) > 0
}

// toldIn is the first message of r that the session has been told of, 0 if that is none, or not known.
func (t login) toldIn(r *chatRoom) MsgID {
	if r.key == Lobby && t.knows(r) {
		return t.told
	}
	return 0
}

// missed is the messages of others behind the last that the user has taken, and in front of the message before, if it isn't 0.
func (t login) missed(h *history, before MsgID) (rows []Row) {
	for i := h.behind(t.u.account().took); i < h.count; i++ {
		row := h.at(i)
		if before != 0 && row.ID >= before {
			break
		}
		if !row.isOf(t.u) {
			rows = append(rows, *row)
		}
	}
	return rows
}

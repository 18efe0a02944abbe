package room

import (
	"slices"
	"time"
)

// renameEvery is how long a room keeps a name at least: all members are told of another one, some of them with the names of all who show there. The server's operators need not wait.
const renameEvery = time.Minute

// doRenameRoom gives a room another name. All that it has stays: who is in it, its topic, its rights, and what was said there.
func doRenameRoom(t turn) {
	r := roomOf(t)
	if r == nil {
		return
	}
	shown, key, no := mayRename(t, r)
	if no.Why != 0 {
		t.refuse(no)
		return
	}
	if !t.fits(t.cmd.Text) {
		return
	}
	appearIn(t, t.u, r)
	before, was := r.name, r.key
	t.hall.rename(r, shown, key)
	if r.renamed = t.cmd.Wall; key != was {
		r.was = was
	}
	t.changes.room(r)
	takeAlong(t.State, r, was)
	tellRoomRenamed(t, r, before)
}

// mayRename is the name that r is to have, or why it may not have it.
func mayRename(t turn, r *chatRoom) (shown, key string, no Refusal) {
	if no = mayRule(t, r, asOperator); no.Why != 0 {
		return "", "", no
	}
	operates, since := ownLevel(t, r) == asServer, time.Duration(t.cmd.Wall-r.renamed)*time.Millisecond
	switch {
	case r.key == Lobby:
		return "", "", Refusal{Why: LobbyKeepsName}
	case !operates && t.large(r):
		return "", "", Refusal{Why: RoomTooLarge, Room: r.name, N: int64(t.announceMax)}
	case !operates && r.renamed != 0 && since >= 0 && since < renameEvery:
		return "", "", Refusal{Why: RoomJustNamed, Room: r.name}
	}
	shown, key, why := checkRoom(t.cmd.Name)
	if why != 0 {
		return "", "", Refusal{Why: why, Who: t.cmd.Name}
	}
	if other := t.hall.rooms[key]; other != nil && other != r || shown == r.name {
		return "", "", Refusal{Why: RoomNameInUse, Who: shown}
	}
	for _, part := range guiseOf(shown, key).parts() {
		if other := t.hall.looks[part]; other != nil && other != r {
			return "", "", Refusal{Why: RoomLooksLike, Who: shown, Text: other.name}
		}
	}
	return shown, key, no
}

// takeAlong has those who are in r, which had the key was before, stay in it over a restart and keep how far they have read it.
func takeAlong(s *State, r *chatRoom, was string) {
	for _, u := range r.members {
		s.changes.person(u)
		if a := u.account(); a != nil {
			renameMark(s, a, r, was)
		}
	}
}

// renameMark has the mark of the room that had the key was be that of r.
func renameMark(s *State, a *account, r *chatRoom, was string) {
	if a.marks.find(was) == nil {
		return
	}
	if was != r.key {
		if i := a.marks.index(r.key); i >= 0 { // of another room that was called so
			a.marks = slices.Delete(a.marks, i, i+1)
		}
		recordMark(s, a, mark{key: was})
	}
	m := a.marks.find(was)
	m.key, m.shown = r.key, r.name
	recordMark(s, a, *m)
}

// tellRoomRenamed tells all members of r that it was called so before. Those who are told who is in their rooms may take that for another room, and get what comes with a Joined as well.
func tellRoomRenamed(t turn, r *chatRoom, before string) {
	e := about(t.u, Event{
		Kind: RoomRenamed, Scope: ToRoom, Client: NoClient, Room: r.id, RoomName: before, Text: t.cmd.Text, Count: len(r.members),
		List: []Row{{Name: r.name, Text: r.topic, Who: r.topicBy, At: r.topicAt}},
	})
	if t.session().is(lists) {
		t.answer(e)
		e.Client = t.cmd.Client
	} else {
		t.answer(Event{Kind: GovernDone, Verb: RenameRoom, RoomName: before, List: []Row{{Name: r.name}}})
	}
	t.out.emit(e)
	tellOfRenamed(t, r, before)
}

// tellOfRenamed tells each session in r, which was called so before, what it can't have of what all are told: who shows there, and how far it has read it.
func tellOfRenamed(t turn, r *chatRoom, before string) {
	var all *roll
	names := Event{Kind: NamesAre, Verb: RenameRoom, RoomName: r.name, Text: before, Current: r.rights.has(RightSecret)}
	for _, u := range r.members {
		names.Who, names.User, names.Host = "", "", ""
		if r.hides(u) {
			names.Who, names.User, names.Host = u.name, userOf(u), hostOf(u)
		}
		for of := range u.sessions {
			if of.is(lists) {
				if all == nil {
					all = r.makeRoll()
				}
				tellRead(t.membership.out, of, u, r)
				t.out.answerKept(of.client, names, all.rows, all.bytes)
				if keys := t.subscribed[of.client]; len(keys) > 0 {
					answerLater(&t.out, of.client, r, keys) // of the others it asks: for all at once that would be rows for each
				}
				continue
			}
			if a := u.account(); a != nil && of.is(ids) && a.marks.find(r.key) != nil {
				t.out.answer(of.client, markTold(turn{t.State, u, t.cmd, nil}, a.marks.find(r.key)))
			}
		}
	}
}

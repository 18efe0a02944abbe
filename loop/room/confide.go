package room

import (
	"slices"

	"looproom/codec/plain"
)

// confide tells what t's user says to those alone who are in the room Name and may as much as the right Right gives, or more: at most MaxHelpers of them and its founder, on all their sessions. It is
// not kept. Who has such a right there says it, or who might say it to all.
func confide(t turn) {
	r := heardIn(t, t.cmd.Name)
	if r == nil || !t.maySpeak() {
		return
	}
	if no := mayTalkIn(t, r); no.Why != 0 {
		t.refuse(no)
		return
	}
	if plain.IsBlank(t.cmd.Text) {
		return
	}
	t.session().set(spoken)
	said := about(t.u, Event{
		Kind: Whispered, RoomName: r.name, Text: t.cmd.Text, ID: t.messages.next(), At: t.cmd.Wall, N: int64(t.cmd.Right), Notice: t.cmd.Manner == AsNotice, Tags: t.cmd.Tags,
		On: t.cmd.Manner == AsAction,
	})
	if t.cmd.Tag != 0 {
		sent := said
		sent.Kind, sent.Who, sent.User, sent.Host, sent.Account = Sent, "", "", "", ""
		t.answer(sent)
	}
	if t.isShunned() {
		return
	}
	for _, u := range helpersOf(t.State, r, t.cmd.Right) {
		t.out.tellOthers(u, t.cmd.Client, said)
	}
}

// helpersOf are the members of r who may as much as a right of the kind gives, or more, in the order of their rights.
func helpersOf(s *State, r *chatRoom, kind RightKind) (all []*user) {
	if r.rights == nil {
		return nil
	}
	for _, of := range []RightKind{RightFounder, RightOperator, RightVoice} {
		for i := range r.rights.all { // within the bounds of Right
			h := &r.rights.all[i]
			if h.Kind != of {
				continue
			}
			if u := userOfBearer(s, h.bearer()); u != nil && u.seatIn(r) >= 0 && !slices.Contains(all, u) {
				all = append(all, u)
			}
		}
		if of == kind {
			break
		}
	}
	return all
}

// doWallops goes through all users: only an operator has it do so.
func doWallops(t turn) {
	if plain.IsBlank(t.cmd.Text) || !t.fits(t.cmd.Text) {
		return
	}
	e := about(t.u, Event{Kind: Walloped, Text: t.cmd.Text, At: t.cmd.Wall})
	for _, u := range t.people.at {
		if u != nil && !u.locked() && hasMode(u, hearsAll) {
			t.out.tell(u, e)
		}
	}
}

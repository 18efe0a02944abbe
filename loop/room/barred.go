package room

import "strings"

// setTarget bans someone from the room, or makes an exception, or lifts that.
func setTarget(t turn, r *chatRoom) {
	h, no := targetGiven(t, r)
	if no.Why != 0 {
		t.deny(no)
		return
	}
	i := r.rights.find(h.Kind, func(old *held) bool { return old.target == h.target && !old.over(t.cmd.second()) })
	switch {
	case t.cmd.Off && i >= 0:
		take(t, r, i)
	case t.cmd.Off && h.Kind == RightBan:
		t.deny(Refusal{Why: RoomBanNotThere, Room: r.name, Text: h.Target})
	case h.Kind == RightBan:
		setBan(t, r, h)
	case i < 0 && !t.cmd.Off:
		give(t, r, h)
	default:
		answerRight(t, r, &h)
	}
}

// setBan bans somebody from the room, in the place of the ban that there may be. Who was invited before is no longer.
func setBan(t turn, r *chatRoom, h held) {
	now := t.cmd.second()
	if rightsIn(r).drop(func(old *held) bool { return old.Kind == RightBan && (old.target == h.target || old.over(now)) }) {
		t.changes.room(r)
	}
	if !give(t, r, h) {
		return
	}
	if keepsOut(&h) {
		r.rights.drop(func(old *held) bool { return old.Kind == RightInvite && meansBearer(t.State, &h.target, old.bearer()) })
	}
	if putsOut(&h) {
		bar(t.State, r, &h, now)
	}
}

// meansBearer says whether the target is for b, who may not be here.
func meansBearer(s *State, of *target, b bearer) bool {
	switch u := userOfBearer(s, b); {
	case u != nil:
		return of.means(lookAs(u, b.account))
	case b.account == "":
		return false
	}
	return of.name == b.account || of.account != "" && glob(of.account, b.account)
}

// targetGiven is the ban or the exception that cmd sets, or lifts, and why it does not.
func targetGiven(t turn, r *chatRoom) (h held, no Refusal) {
	name := t.cmd.Name
	b, u, ok := meant(t)
	if ok {
		name = b.name
	}
	h = given(t, t.cmd.Right, "")
	h.Stays = t.cmd.Stays && h.Kind == RightBan
	if h.target, h.Target, ok = parseTarget(strings.Clone(name)); !ok {
		return h, Refusal{Why: NotATargetThere, Who: name, Text: h.Kind.String()}
	}
	if h.Text = strings.Clone(t.cmd.Text); t.cmd.N > 0 { // a clone: it may be a part of a long line
		h.Until = t.cmd.second() + t.cmd.N
	}
	as := asAnyone
	switch {
	case r.key == Lobby && !h.target.mutes:
		return h, Refusal{Why: LobbyStaysOpen, Text: h.Kind.String()}
	case h.target.byAddress() && !t.rights.isOperator(t.cmd.Client):
		return h, Refusal{Why: AddressesHidden, Who: name, Text: h.Kind.String()}
	case u != nil:
		as = levelIn(t.State, u, r)
	case b.account != "" && r.rights != nil:
		as = r.rights.levelOf(b)
	}
	if t.cmd.Off || h.Kind != RightBan {
		return h, no
	}
	return h, mayRemove(t, r, name, as)
}

// sweepAtOnce is how many members of a room one command compares with its bans at most, some 100 ns each; fewer where there are many bans, of which a member is compared with bansAtOnce in the time
// of one. The next Tick goes on.
const (
	sweepAtOnce = 2048
	bansAtOnce  = 8
)

// bar puts those out of r whom a new ban means: who has the name, or all whom it may mean.
func bar(s *State, r *chatRoom, h *held, now int64) {
	if h.target.name == "" {
		if r.rights.unswept == 0 {
			s.swept = append(s.swept, r)
		}
		r.rights.unswept = len(r.members)
		sweep(s, now)
		return
	}
	for _, u := range []*user{s.names.here.find(h.target.name), s.persons.find(h.target.name)} {
		if u != nil {
			putOutIfBarred(s, u, r, now)
		}
	}
}

// sweep goes on with comparing members with bans. Members take each other's places only towards the front, so that all that stand behind have been compared, or have come since.
func sweep(s *State, now int64) {
	for left := sweepAtOnce; left > 0 && len(s.swept) > 0; {
		r := s.swept[0]
		if r.rights.unswept = min(r.rights.unswept, len(r.members)); r.rights.unswept == 0 {
			s.swept = s.swept[1:]
			continue
		}
		r.rights.unswept--
		left -= 1 + r.rights.count(RightBan, RightExcept)/bansAtOnce
		putOutIfBarred(s, r.members[r.rights.unswept], r, now)
	}
}

// putOutIfBarred puts u out of r, if it is in there, where it falls under a ban.
func putOutIfBarred(s *State, u *user, r *chatRoom, now int64) {
	if !r.rights.has(RightBan) || u.seatIn(r) < 0 {
		return
	}
	if ban := barring(s, u, r, now, putsOut); ban != nil {
		why := puttingOut(s, u, r, ban.By, ban.Text)
		putOut(s, u, r, &why)
	}
}

// barring is the ban of those that are so which keeps u out of r, nil if none does.
func barring(s *State, u *user, r *chatRoom, now int64, is func(*held) bool) *held {
	if levelIn(s, u, r) >= asFounder {
		return nil
	}
	return r.rights.against(u, accountOf(u), now, is)
}

// leaveBarred puts u, who has another name now, out of the rooms from which that is banned.
func leaveBarred(s *State, u *user, now int64) {
	for i := u.roomCount() - 1; i >= 0; i-- {
		putOutIfBarred(s, u, u.seatAt(i).room, now)
	}
}

package room

import (
	"crypto/subtle"
	"strconv"
	"strings"
)

// The rules of rooms: each stands here once, and whoever asks is told why not.

// bearerOf is u as one who has rights, which who has an account has by its name there.
func bearerOf(u *user) bearer {
	if a := u.account(); a != nil {
		return bearer{account: a.key, user: u.id, name: a.name}
	}
	return bearer{user: u.id, name: u.name}
}

// levelIn is how much u may do in r, by any of its sessions.
func levelIn(s *State, u *user, r *chatRoom) level {
	for of := range u.sessions {
		if s.rights.isOperator(of.client) {
			return asServer
		}
	}
	return levelByRights(s, u, r)
}

// ownLevel is how much the session of t may do in r.
func ownLevel(t turn, r *chatRoom) level {
	if t.rights.isOperator(t.cmd.Client) {
		return asServer
	}
	return levelByRights(t.State, t.u, r)
}

func levelByRights(s *State, u *user, r *chatRoom) level {
	if r.rights == nil {
		return asAnyone
	}
	return r.rights.levelOf(bearerOf(u))
}

// mayRule returns why one may not do what takes that level in r.
func mayRule(t turn, r *chatRoom, needs level) (why Refusal) {
	switch {
	case ownLevel(t, r) >= needs:
		return why
	case needs == asFounder:
		return Refusal{Why: FoundersOnly, Room: r.name}
	}
	return Refusal{Why: RoomOperatorsOnly, Room: r.name}
}

// givenBy is who may give and take a right of the kind in r. Where there is no founder its operators make others.
func givenBy(r *chatRoom, kind RightKind) level {
	if kind == RightOperator && !r.rights.has(RightFounder) {
		return asOperator
	}
	return kind.row().by
}

// mayRemove returns why one may not put out of r, or ban there, who may do as much as that. The server's operators may, and an operator another one whose right it could take.
func mayRemove(t turn, r *chatRoom, who string, as level) (why Refusal) {
	own := ownLevel(t, r)
	if own < asServer && as >= own && (as != asOperator || own < givenBy(r, RightOperator)) {
		return Refusal{Why: MayAsMuch, Who: who, Room: r.name}
	}
	return why
}

// maySetTopic returns why one may not set the topic of r.
func maySetTopic(t turn, r *chatRoom) (why Refusal) {
	if r.rights.has(RightTopic) {
		return mayRule(t, r, asOperator)
	}
	return why
}

// mayTalkIn returns why one may not speak in r.
func mayTalkIn(t turn, r *chatRoom) (why Refusal) {
	switch {
	case r.rights == nil:
	case r.rights.has(RightNoCTCP) && strings.HasPrefix(t.cmd.Text, ctcpMark):
		return Refusal{Why: RoomHasNoCTCP, Room: r.name}
	case !r.rights.has(RightMuted) && !r.rights.has(RightBan) || ownLevel(t, r) >= asVoice:
	case r.rights.has(RightMuted):
		return Refusal{Why: RoomIsMuted, Room: r.name}
	case r.rights.against(t.u, accountOf(t.u), t.cmd.second(), anyBan) != nil:
		return Refusal{Why: MutedInRoom, Room: r.name}
	}
	return why
}

// ctcpMark begins what IRC's clients ask each other, but for what somebody does, which comes without.
const ctcpMark = "\x01"

// heardIn is the room of that name, in which u is, or may speak all the same; or it is told that it is not in there, with the name of the room if u may know that it is there.
func heardIn(t turn, name string) *chatRoom {
	r := t.hall.byName(name)
	if r != nil && (t.u.seatIn(r) >= 0 || r.rights.has(RightOutside)) {
		return r
	}
	t.refuse(notIn(t, r, name))
	return nil
}

// mayEnter returns why one may not come into r, which is there. digest is that of the words that were said for it. Founder and operators come in always, but for operators of
// the room who are banned; and who is invited.
func mayEnter(t turn, r *chatRoom, digest string) (why Refusal) {
	if r.rights == nil {
		return why
	}
	as, b := ownLevel(t, r), bearerOf(t.u)
	if as >= asFounder {
		return why
	}
	if r.rights.bears(RightInvite, b) {
		return why
	}
	if ban := r.rights.banOf(t.u, b.account, t.cmd.second()); ban != nil {
		return Refusal{Why: RoomIsBarred, Room: r.name, Text: ban.Text, N: ban.Until}
	}
	if as >= asOperator {
		return why
	}
	return lockedTo(t, r, b, digest)
}

// lockedTo returns which rule of r keeps out b, who is t's user, and may no more there than others.
func lockedTo(t turn, r *chatRoom, b bearer, digest string) (why Refusal) {
	key, limit := r.rights.rule(RightKey), r.rights.rule(RightLimit)
	switch {
	case r.rights.has(RightLocked) && !r.rights.invites(t.u, b.account, t.cmd.second()):
		return Refusal{Why: RoomIsLocked, Room: r.name}
	case key != nil && subtle.ConstantTimeCompare([]byte(key.Text), []byte(digest)) == 0:
		return Refusal{Why: RoomHasKey, Room: r.name}
	case limit != nil && len(r.members) >= limit.limit():
		return Refusal{Why: RoomIsFull, Room: r.name, N: int64(limit.limit())}
	}
	return why
}

// limit is the number of a RightLimit.
func (h *held) limit() int {
	n, err := strconv.Atoi(h.Text)
	if err != nil { // nothing else is put there
		return 0
	}
	return n
}

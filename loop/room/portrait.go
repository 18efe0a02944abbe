package room

import "time"

// viewer is who is told of users, and when.
type viewer struct {
	state    *State
	u        *user
	at       time.Duration
	operates bool
}

// viewerOf is t's user as one. It may be kept.
func viewerOf(t turn) viewer {
	return viewer{t.State, t.u, t.cmd.At, t.rights.isOperator(t.cmd.Client)}
}

// portrait is u as v is told of it, in r, which may be nil.
func (v viewer) portrait(u *user, r *chatRoom) *Portrait {
	p := shownIn(u, r)
	p.Real, p.Away, p.Words, p.Hidden, p.Bot = realOf(u), u.away != nil, u.away.said(), isInvisible(u), hasMode(u, program)
	p.Idle, p.Since, p.Own = int((v.at - u.active).Seconds()), u.since(), u == v.u
	for of := range u.sessions {
		p.Operator = p.Operator || v.state.rights.isOperator(of.client)
		p.Sealed = p.Sealed || of.is(sealed)
	}
	if p.Own || v.operates {
		p.Modes = lettersOf(u, p.Operator)
		if u.sessionCount() > 0 {
			p.Address = u.first.address()
		}
	}
	return p
}

// shownIn is what all in r see of u there.
func shownIn(u *user, r *chatRoom) *Portrait {
	p := &Portrait{Name: u.name, User: userOf(u), Host: hostOf(u)}
	if a := u.account(); a != nil {
		p.Account = a.name
	}
	if r != nil && r.rights != nil {
		b := bearerOf(u)
		p.Founds, p.Operates, p.Speaks = r.rights.bears(RightFounder, b), r.rights.bears(RightOperator, b), r.rights.bears(RightVoice, b)
	}
	return p
}

package room

import "time"

// Portrait is what one user is told of another, where more is told than a name.
type Portrait struct {
	// Name, User and Host are as an Event has them, Real is the real name, Account that of the account as it was registered, "" without one.
	Name, User, Host, Real, Account string
	// Words are those of who is Away.
	Words string
	Away  bool
	// Operator says that it is one of the server's, Hidden that strangers are not to find it, Bot that it is a program, Sealed that nobody on its way can read along.
	Operator, Hidden, Bot, Sealed bool
	// Own says that it is the user who asks.
	Own bool
	// Founds, Operates and Speaks are its rights in the room at hand: it may have several.
	Founds, Operates, Speaks bool
	// Idle is since when it has said nothing, in seconds, and Since when it came, in seconds of wall clock. Of a room, Since is when that was opened.
	Idle  int
	Since int64
	// Modes are what it wants to be known as, as IRC has them, for itself and operators; else "".
	Modes string
	// Address is where it really comes from, for itself and operators; else "".
	Address string
}

// bytes is about how many bytes it takes to tell p, which may be nil.
func (p *Portrait) bytes() int {
	if p == nil {
		return 0
	}
	return len(p.Name) + len(p.User) + len(p.Host) + len(p.Real) + len(p.Account) + len(p.Words)
}

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

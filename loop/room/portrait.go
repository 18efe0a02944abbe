package room

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
	// Idle is since when it has said nothing, in seconds, and Since when it came, in seconds of wall clock.
	Idle  int
	Since int64
	// Address is where it really comes from, for itself and operators; else "".
	Address string
}

// portrait is u as t's user is told of it, in r, which may be nil.
func portrait(t turn, u *user, r *chatRoom) *Portrait {
	p := &Portrait{
		Name: u.name, User: userOf(u), Host: hostOf(u), Real: realOf(u), Away: u.away != nil, Words: u.away.said(),
		Idle: int((t.cmd.At - u.active).Seconds()), Since: u.since(), Own: u == t.u,
	}
	if a := u.account(); a != nil {
		p.Account = a.name
	}
	for of := range u.sessions {
		p.Operator = p.Operator || t.rights.isOperator(of.client)
		p.Sealed = p.Sealed || of.is(sealed)
	}
	if (p.Own || t.rights.isOperator(t.cmd.Client)) && u.sessionCount() > 0 {
		p.Address = u.first.address()
	}
	if r != nil && r.rights != nil {
		b := bearerOf(u)
		p.Founds, p.Operates, p.Speaks = r.rights.bears(RightFounder, b), r.rights.bears(RightOperator, b), r.rights.bears(RightVoice, b)
	}
	return p
}

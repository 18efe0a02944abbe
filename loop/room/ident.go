package room

// ident is what a client says of itself beside its name, in dialects that have that.
type ident struct {
	user string // what it calls itself
	real string // its real name, or whatever it wants to be read as such
	// modes are what it wants to be known as.
	modes userModes
	// entering is the account by which a newcomer has logged in, which it is in the chat by when it says Enter. nil: none.
	entering *entering
}

// entering is an account that a newcomer is about to be.
type entering struct {
	name, key string
	marks     marks
	metadata  metadata
}

// identOf is that of u, nil if its clients say nothing of themselves.
func identOf(u *user) *ident {
	if u.rare == nil {
		return nil
	}
	return u.rare.ident
}

// describe is u's, which it gets if it has none: then it is invisible, as who says nothing of itself is.
func describe(u *user) *ident {
	more := u.more()
	if more.ident == nil {
		more.ident = &ident{modes: invisible}
	}
	return more.ident
}

// userOf is what u's client calls itself, "" if it says nothing.
func userOf(u *user) string {
	if i := identOf(u); i != nil {
		return i.user
	}
	return ""
}

// realOf is u's real name, "" if it has none.
func realOf(u *user) string {
	if i := identOf(u); i != nil {
		return i.real
	}
	return ""
}

// about is e with what is told of u wherever it is told of.
func about(u *user, e Event) Event {
	e.Who, e.User, e.Host, e.Account = u.name, userOf(u), hostOf(u), accountOf(u)
	e.Bot = hasMode(u, program)
	return e
}

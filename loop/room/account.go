package room

// account is whose a user is: that of a person, who has logged in by a registered name or has registered its own. It stays with a user who takes another name.
type account struct {
	name string // as it was registered
	key  string // the same as names are compared
	came uint32 // when its user came, in seconds of wall clock
}

// account is that of u, nil if u is nobody's.
func (u *user) account() *account {
	if u.rare == nil {
		return nil
	}
	return u.rare.account
}

// since is when u came, in seconds of wall clock.
func (u *user) since() int64 {
	if a := u.account(); a != nil {
		return int64(a.came)
	}
	return int64(u.first.since)
}

// persons are the users with an account, by its key. There is at most one of an account.
type persons map[string]*user

// own makes u that of an account, and nobody else.
func (p persons) own(u *user, name, key string) {
	p.disown(p[key])
	p.disown(u)
	u.more().account = &account{name: name, key: key, came: uint32(u.since())}
	p[key] = u
}

// disown has u, who may be nil, be no account's.
func (p persons) disown(u *user) {
	if u == nil || u.account() == nil {
		return
	}
	delete(p, u.rare.account.key)
	u.rare.account = nil
	u.tidy()
}

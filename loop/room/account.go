package room

// account is whose a user is: that of a person, who has logged in by a registered name or has registered its own. It stays with a user who takes another name.
type account struct {
	name string // as it was registered
	key  string // the same as names are compared
	came uint32 // when its user came, in seconds of wall clock

	keeps   bool     // the user stays when its last session has ended
	touched bool     // it stands in changes
	took    MsgID    // the last message that one of its sessions has taken, of those that have ended
	mail    *history // what was said to it alone, while it keeps; nil: nothing
	marks   marks
}

// empty is what a mailbox has into which nothing has come.
var empty history

// inbox is what was said to it alone. It is not to be added to.
func (a *account) inbox() *history {
	if a.mail == nil {
		return &empty
	}
	return a.mail
}

// account is that of u, nil if u is nobody's.
func (u *user) account() *account {
	if u.rare == nil {
		return nil
	}
	return u.rare.account
}

// accountOf is the key of u's account, "" if it has none.
func accountOf(u *user) string {
	if a := u.account(); a != nil {
		return a.key
	}
	return ""
}

// isOf says whether a message is of u's: by its account if it has one, else by its name.
func (row *Row) isOf(u *user) bool {
	if row.Account != "" {
		a := u.account()
		return a != nil && a.key == row.Account
	}
	return row.Name == u.name
}

// stays says whether u is there without a session.
func (u *user) stays() bool {
	a := u.account()
	return a != nil && a.keeps
}

// since is when u came, in seconds of wall clock.
func (u *user) since() int64 {
	if a := u.account(); a != nil {
		return int64(a.came)
	}
	return int64(u.first.since)
}

// Bounds of a mailbox: how many messages, of how many bytes.
const (
	maxMail      = 100
	maxMailBytes = 64 << 10
)

// persons are the users with an account.
type persons struct {
	users  map[string]*user // by the key of the account; at most one of each
	mailed int              // how many bytes their mail takes
	kept   int              // how many of them stay
	since  MsgID            // the last message in front of the time since when there has always been one who stays, or of the last such time

	changes *changes
}

func newPersons(c *changes) persons { return persons{users: map[string]*user{}, changes: c} }

// find is the user of the account with that key who is here, nil if there is none.
func (p *persons) find(key string) *user { return p.users[key] }

// own makes u that of an account, and nobody else.
func (p *persons) own(u *user, name, key string) {
	before := u.account()
	if before != nil && before.key == key {
		looksOtherwise(u)
		before.name = name
		return
	}
	noteOwner(p.changes, u)
	p.disown(p.users[key])
	p.disown(u)
	u.more().account = &account{name: name, key: key, came: uint32(u.since())}
	p.users[key] = u
}

// move makes the account of u another one, with all that it has but what was said to it alone, which stays the other's.
func (p *persons) move(u *user, name, key string) {
	noteOwner(p.changes, u)
	p.disown(p.users[key])
	before := u.account()
	moved := *before
	moved.name, moved.key, moved.touched, moved.mail = name, key, false, nil
	p.mailed -= before.inbox().bytes
	delete(p.users, before.key)
	u.rare.account, p.users[key] = &moved, u
	if moved.keeps {
		p.changes.account(before)
		p.changes.account(&moved)
	}
}

// put is own of a u that has been restored with its account.
func (p *persons) put(u *user) {
	a := u.account()
	p.users[a.key] = u
	p.mailed += a.inbox().bytes
	if a.keeps {
		p.kept++
	}
}

// noteOwner notes that u is about to be another account's, or nobody's.
func noteOwner(c *changes, u *user) {
	looksOtherwise(u)
	change := accountChange{u: u, metadata: metadataOf(u)}
	if a := u.account(); a != nil {
		change.before = a.key
	}
	c.users = append(c.users, change)
}

// disown has u, who may be nil, be no account's. What is set of it goes with that.
func (p *persons) disown(u *user) {
	if u == nil || u.account() == nil {
		return
	}
	noteOwner(p.changes, u)
	p.keep(u, false)
	delete(p.users, u.account().key)
	u.rare.account, u.rare.metadata = nil, nil
	u.tidy()
}

// mail keeps a message to u alone, if u stays.
func (p *persons) mail(u *user, row Row) {
	if !u.stays() {
		return
	}
	a := u.account()
	if a.mail == nil {
		a.mail = &history{}
	}
	p.mailed -= a.mail.bytes
	a.mail.add(row, maxMail, maxMailBytes)
	p.mailed += a.mail.bytes
}

// keep has u, who has an account, stay without a session, or no longer.
func (p *persons) keep(u *user, keeps bool) {
	a, more := u.account(), 1
	if keeps == a.keeps {
		return
	}
	if !keeps {
		p.mailed -= a.inbox().bytes
		a.mail, more = nil, -1
	}
	a.keeps = keeps
	p.kept += more
	for seat := range u.seats {
		seat.room.staying += more
		p.changes.durability(seat.room)
	}
	p.changes.account(a)
}

// limit has those who keep more bytes of mail than that forget the oldest; 0: none.
func (p *persons) limit(bytes int) {
	for _, u := range p.users {
		box := u.account().inbox()
		p.mailed -= box.bytes
		box.limit(bytes)
		p.mailed += box.bytes
	}
}

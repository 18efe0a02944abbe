package room

import "slices"

// level is how much one may do in a room. Who has a higher one may all that those below may.
type level uint8

const (
	asAnyone   level = iota
	asVoice          // speaks while it is muted
	asOperator       // of the room
	asFounder
	asServer // an operator of the server
)

// whose says what a right names.
type whose uint8

const (
	ofRoom   whose = iota // nothing: it is a rule of the room
	ofPerson              // a user with an account
	ofUser                // any user
	ofTarget              // whom a ban, or an exception, is for
)

// rightRow is what a kind of right is.
type rightRow struct {
	name string // as people and programs are told
	by   level  // who may give and take it
	of   whose
}

// rightTable has all kinds of rights.
var rightTable = [rightKinds]rightRow{
	RightFounder:  {"founder", asFounder, ofPerson},
	RightOperator: {"op", asFounder, ofUser},
	RightVoice:    {"voice", asOperator, ofUser},
	RightBan:      {"ban", asOperator, ofTarget},
	RightInvite:   {"invite", asOperator, ofUser},
	RightKept:     {"kept", asFounder, ofRoom},
	RightMuted:    {"muted", asOperator, ofRoom},
	RightLocked:   {"locked", asOperator, ofRoom},
	RightKey:      {"key", asOperator, ofRoom},
	RightTopic:    {"topic", asOperator, ofRoom},
	RightExcept:   {"except", asOperator, ofTarget},
	RightInvex:    {"invex", asOperator, ofTarget},
	RightLimit:    {"limit", asOperator, ofRoom},
	RightSecret:   {"secret", asOperator, ofRoom},
	RightOutside:  {"open", asOperator, ofRoom},
	RightNoCTCP:   {"noctcp", asOperator, ofRoom},
}

// row is the kind's row of the table, an empty one if it has none.
func (k RightKind) row() *rightRow {
	if k >= rightKinds {
		k = 0
	}
	return &rightTable[k]
}

// String is its name for people and programs.
func (k RightKind) String() string { return k.row().name }

// NoUser is nobody.
const NoUser = ^UserID(0)

// bearer is who has rights: by its account, wherever it is, and as a user, as long as it stays.
type bearer struct {
	account string // its key; "": it has none
	user    UserID // NoUser: it is not here
	name    string // that of its account, or else the one that it has
}

// held is a right that holds in a room.
type held struct {
	Right
	account string // whose it is, by key; "": of nobody with an account
	user    UserID // whose it is without one, NoUser: nobody's
	target  target // of a ban or an exception
}

// of says whether it is that of b.
func (h *held) of(b bearer) bool {
	return b.account != "" && h.account == b.account || b.user != NoUser && h.user == b.user
}

// bearer is whose it is.
func (h *held) bearer() bearer { return bearer{account: h.account, user: h.user, name: h.Target} }

// belongTo makes it that of b.
func (h *held) belongTo(b bearer) {
	if h.account = b.account; b.account == "" {
		h.user = b.user
	}
}

// hasGone says whether it is that of a user, without an account, who is not among the users, which are by place.
func (h *held) hasGone(users []*user) bool {
	if h.user == NoUser {
		return false
	}
	u := users[h.user.place()]
	return u == nil || u.id != h.user
}

func (h *held) over(now int64) bool { return (sentence{until: h.Until}).over(now) }

// roomRights is who may do what in a room, and what rules it has. nil: nobody may more than others, and there are none.
type roomRights struct {
	all     []held // by kind, and each kind in the order in which they were given; within the bounds of Right
	kinds   uint32 // which of them there are, a bit for each
	passing int    // how many are of users without an account
	changes uint32 // how often one has come or gone
	unswept int    // how many of the room's members, from the front, bans have still to be compared with
}

// changed is how often a right has come or gone.
func (l *roomRights) changed() uint32 {
	if l == nil {
		return 0
	}
	return l.changes
}

// has says whether there is a right of that kind.
func (l *roomRights) has(kind RightKind) bool { return l != nil && l.kinds&(1<<kind) != 0 }

// rule returns the first right of the kind, nil if there is none.
func (l *roomRights) rule(kind RightKind) *held {
	if !l.has(kind) {
		return nil
	}
	return &l.all[slices.IndexFunc(l.all, func(h held) bool { return h.Kind == kind })]
}

// find returns the place of the first right of the kind that is so, -1 if there is none.
func (l *roomRights) find(kind RightKind, is func(*held) bool) int {
	if !l.has(kind) {
		return -1
	}
	for i := range l.all {
		if h := &l.all[i]; h.Kind == kind && is(h) {
			return i
		}
	}
	return -1
}

// findOf is find for that of b.
func (l *roomRights) findOf(kind RightKind, b bearer) int {
	return l.find(kind, func(h *held) bool { return h.of(b) })
}

// bears says whether b has a right of the kind.
func (l *roomRights) bears(kind RightKind, b bearer) bool { return l.findOf(kind, b) >= 0 }

// levelOf is how much b may do in the room by its rights.
func (l *roomRights) levelOf(b bearer) level {
	switch {
	case l.bears(RightFounder, b):
		return asFounder
	case l.bears(RightOperator, b):
		return asOperator
	case l.bears(RightVoice, b):
		return asVoice
	}
	return asAnyone
}

// count is how many rights of these kinds there are.
func (l *roomRights) count(kinds ...RightKind) (n int) {
	for i := range l.all {
		if slices.Contains(kinds, l.all[i].Kind) {
			n++
		}
	}
	return n
}

// isFull says whether there may be no further right of the kind. Invitations make room for each other.
func (l *roomRights) isFull(kind RightKind) bool {
	switch kind {
	case RightOperator, RightVoice:
		return l.count(RightOperator, RightVoice) >= MaxHelpers
	case RightBan:
		return l.count(RightBan) >= MaxRoomBans
	case RightExcept, RightInvex:
		return l.count(kind) >= MaxExceptions
	}
	return false
}

// add puts a right behind those of its kind. Of too many invitations the oldest goes.
func (l *roomRights) add(h held) {
	if h.Kind == RightInvite && l.count(RightInvite) >= MaxInvitations {
		l.remove(l.find(RightInvite, func(*held) bool { return true }))
	}
	at := len(l.all)
	for at > 0 && l.all[at-1].Kind > h.Kind {
		at--
	}
	l.all = slices.Insert(l.all, at, h)
	l.changes++
	l.note(&h)
}

// note counts a right that has come.
func (l *roomRights) note(h *held) {
	l.kinds |= 1 << h.Kind
	if h.user != NoUser {
		l.passing++
	}
}

// remove forgets the i-th right.
func (l *roomRights) remove(i int) {
	gone := l.all[i]
	l.all = slices.Delete(l.all, i, i+1)
	l.changes++
	if gone.user != NoUser {
		l.passing--
	}
	if !slices.ContainsFunc(l.all, func(h held) bool { return h.Kind == gone.Kind }) {
		l.kinds &^= 1 << gone.Kind
	}
}

// drop forgets all rights that are so, and says whether there were any.
func (l *roomRights) drop(is func(*held) bool) (some bool) {
	for i := len(l.all) - 1; i >= 0; i-- {
		if is(&l.all[i]) {
			l.remove(i)
			some = true
		}
	}
	return some
}

// leaves is when who has no account has left the room, and its rights with it.
func (l *roomRights) leaves(user UserID) {
	if l != nil && l.passing > 0 {
		l.drop(func(h *held) bool { return h.user == user })
	}
}

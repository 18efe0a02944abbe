package room

import (
	"strings"
	"time"
)

// MaxSessions is the most sessions that a person can have.
const MaxSessions = 100

// session is one connection of a user.
type session struct {
	client  ClientID
	from    string // see address and host; of most guests it is the name, which is the same string in memory
	since   uint32 // when it came, in seconds of wall clock
	active  uint32 // when it sent its last line, PING aside, in seconds since the server began
	current RoomID // the room that it talks in, 0 if its user is in none
	number  uint8  // by which its user knows it; the first has 1
	flags   sessionFlags
}

// sessionFlags are what a session is.
type sessionFlags uint8

const (
	there    sessionFlags = 1 << iota // it is one
	guest                             // it has not signed in
	spoken                            // it has said something, to a room or to someone
	locked                            // it has to say the server's password
	ids                               // it is told the ids of messages
	newcomer                          // it has still to say Enter
	sealed                            // nobody on the way can read along
	lists                             // it is told who is in its rooms
)

func (s *session) is(flag sessionFlags) bool { return s.flags&flag != 0 }
func (s *session) set(flag sessionFlags)     { s.flags |= flag }
func (s *session) unset(flag sessionFlags)   { s.flags &^= flag }

// stir notes that the session has sent a line.
func (s *session) stir(now time.Duration) { s.active = uint32(now / time.Second) }

// hostMark stands in session.from between what is shown of an address and the address itself, if that isn't the same.
const hostMark = " "

// fromOf is the session.from of a client that comes from an address of which the host is shown.
func fromOf(address, host string) string {
	if host == "" || host == hostIn(address) {
		return address
	}
	return host + hostMark + address
}

// hostIn is an address without the port.
func hostIn(address string) string {
	if host, _, ok := cutLast(address, ':'); ok && !strings.HasPrefix(address, userIn) {
		return strings.Trim(host, "[]")
	}
	return address
}

// address is where the session comes from, for operators and the user itself.
func (s *session) address() string {
	if _, address, hides := cutLast(s.from, hostMark[0]); hides {
		return address
	}
	return s.from
}

// host is what is shown of that.
func (s *session) host() string {
	if host, _, shown := cutLast(s.from, hostMark[0]); shown {
		return host
	}
	return hostIn(s.from)
}

// hostOf is what is shown of where u comes from, "" if it has no session.
func hostOf(u *user) string {
	if !u.first.is(there) {
		return ""
	}
	return u.first.host()
}

// idle is how long it has sent none, in seconds.
func (s *session) idle(now time.Duration) int { return int(uint32(now/time.Second) - s.active) }

// sessionCount is how many sessions the user has.
func (u *user) sessionCount() int {
	switch {
	case !u.first.is(there):
		return 0
	case u.rare == nil:
		return 1
	}
	return 1 + len(u.rare.sessions)
}

// sessionAt is the user's i-th session, in the order in which they came. It is valid until the user gets or loses one.
func (u *user) sessionAt(i int) *session {
	if i == 0 {
		return &u.first
	}
	return &u.rare.sessions[i-1]
}

// sessions yields the user's sessions, in the order in which they came. None may come or go meanwhile.
func (u *user) sessions(yield func(*session) bool) {
	for i := range u.sessionCount() {
		if !yield(u.sessionAt(i)) {
			return
		}
	}
}

// sessionOf is the session of that client, nil if it is none of the user's. It is valid until the user gets or loses one.
func (u *user) sessionOf(id ClientID) *session {
	for i := range u.sessionCount() {
		if s := u.sessionAt(i); s.client == id {
			return s
		}
	}
	return nil
}

// addresses are where the user's sessions come from.
func addresses(u *user) []string {
	all := make([]string, 0, u.sessionCount())
	for s := range u.sessions {
		all = append(all, s.address())
	}
	return all
}

// addSession gives the user one more, which gets the lowest number that is free.
func (u *user) addSession(s session) {
	s.set(there)
	s.number = freeNumber(u)
	looksOtherwise(u)
	if !u.first.is(there) {
		u.first = s
		return
	}
	more := u.more()
	more.sessions = append(more.sessions, s)
}

func freeNumber(u *user) uint8 {
	for n := uint8(1); ; n++ { // there are fewer sessions than numbers, see MaxSessions
		if u.sessionByNumber(int64(n)) == nil {
			return n
		}
	}
}

// sessionByNumber is the user's session of that number, nil if there is none.
func (u *user) sessionByNumber(n int64) *session {
	for i := range u.sessionCount() {
		if s := u.sessionAt(i); int64(s.number) == n {
			return s
		}
	}
	return nil
}

// removeSession takes the session of that client from the user, which has it.
func (u *user) removeSession(id ClientID) {
	looksOtherwise(u)
	n := u.sessionCount()
	for i := range n {
		if u.sessionAt(i).client != id {
			continue
		}
		for ; i+1 < n; i++ {
			*u.sessionAt(i) = *u.sessionAt(i + 1)
		}
		*u.sessionAt(n - 1) = session{}
		break
	}
	if n > 1 {
		u.rare.sessions = u.rare.sessions[:n-2]
		u.tidy()
	}
}

// talkingIn are the clients of the user's sessions whose current room is r, but one.
func (u *user) talkingIn(r *chatRoom, but ClientID) (clients []ClientID) {
	for s := range u.sessions { // at most MaxSessions
		if s.current == r.id && s.client != but {
			clients = append(clients, s.client)
		}
	}
	return clients
}

// currentIn is the room that the session of a user talks in, nil if the user is in none.
func (u *user) currentIn(s *session) *chatRoom {
	if s.current == 0 {
		return nil
	}
	for seat := range u.seats {
		if seat.room.id == s.current {
			return seat.room
		}
	}
	return nil
}

// guest says whether u has no name but the one that it came with. Then it has one session.
func (u *user) guest() bool { return u.first.is(guest) }

// locked says whether u has to say the server's password, or who it is, and is in no room and has no name until then.
func (u *user) locked() bool { return u.first.flags&(locked|newcomer) != 0 }

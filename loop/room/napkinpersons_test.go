package room

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"
)

// What the model knows of users and their sessions.

// soul is a user of the model: a person or a guest.
type soul struct {
	n       int // counts users
	name    string
	account string    // the registered name whose it is, "" for none
	rooms   []string  // in the order of joining, or of having been made current
	devices []*device // its sessions, in the order of coming

	away, gone bool // it is away: by AWAY with the words; or because it has no session
	words      string

	keeps bool
	took  MsgID
	mail  []line
	marks []marked
}

// device is a session.
type device struct {
	id      ClientID
	address string
	number  int
	current string
	active  time.Duration
	ids     bool
	from    MsgID // of who came into the lobby as a guest: the first message there that it is known to have been told of
	noted   bool  // that is known from its coming; else nobody stayed then, and it is since somebody does
}

func (d *device) host() string {
	host, _, _ := strings.Cut(d.address, ":")
	return host
}

// line is a message that is kept.
type line struct {
	id                 MsgID
	who, account, text string
}

// says whether the line is of u's.
func (u *soul) says(l line) bool {
	if l.account != "" {
		return l.account == u.account
	}
	return l.who == u.name
}

func keepLast(lines []line, n int) []line { return lines[max(0, len(lines)-n):] }

// marked is how far a person has read something.
type marked struct {
	name string
	read MsgID
}

func (u *soul) guest() bool           { return strings.Contains(u.name, ":") }
func (u *soul) isIn(room string) bool { return slices.Contains(u.rooms, room) }
func without(list []string, s string) []string {
	return slices.DeleteFunc(list, func(other string) bool { return other == s })
}

func (u *soul) ids() (all []ClientID) {
	for _, d := range u.devices {
		all = append(all, d.id)
	}
	return all
}

func (u *soul) listed() string {
	if u.away || u.gone {
		return u.name + AwayMark
	}
	return u.name
}

// lastRoom is where a session talks that knows nothing better.
func (u *soul) lastRoom() string {
	if n := len(u.rooms); n > 0 {
		return u.rooms[n-1]
	}
	return ""
}

// who is whose session id is, nil if it is nobody's.
func (m *model) who(id ClientID) *soul {
	for _, u := range m.users {
		if slices.Contains(u.ids(), id) {
			return u
		}
	}
	return nil
}

func (m *model) device(id ClientID) *device {
	for _, d := range m.who(id).devices {
		if d.id == id {
			return d
		}
	}
	return nil
}

func (m *model) isHere(u *soul) bool { return slices.Contains(m.users, u) }

// owner is the user of an account, nil if it isn't here.
func (m *model) owner(account string) *soul {
	for _, u := range m.users {
		if u.account != "" && u.account == account {
			return u
		}
	}
	return nil
}

// own makes u that of an account, and nobody else.
func (m *model) own(u *soul, name string) {
	if u.account == name {
		return
	}
	if before := m.owner(name); before != nil {
		m.disown(before)
	}
	m.disown(u)
	u.account = name
}

// registerAs is when u has registered its name: what it has had by another account goes with it.
func (m *model) registerAs(u *soul, name string) {
	if before := m.owner(name); before != nil && before != u {
		m.disown(before)
	}
	m.saw("an account gets another name", u.account != "" && u.account != name && u.keeps && len(u.marks) > 0)
	if u.account != name {
		u.account, u.mail = name, nil
	}
}

func (m *model) disown(u *soul) { u.account, u.keeps, u.took, u.mail, u.marks = "", false, 0, nil, nil }

// stayNoLonger is when an account is given up.
func (m *model) stayNoLonger(u *soul) {
	if m.disown(u); len(u.devices) == 0 {
		m.vanish(u)
	}
}

func (m *model) arrive(name string) *soul {
	m.count++
	u := &soul{n: m.count, name: name}
	m.users = append(m.users, u)
	return u
}

func (m *model) connect(cmd *Command) {
	u := m.arrive(cmd.Name)
	u.devices = []*device{{id: cmd.Client, address: cmd.Name, number: 1, active: cmd.At}}
	m.tell(cmd.Client, Welcomed, len(m.in(Lobby)))
	m.remind(cmd.Client, Lobby)
	m.enter(u, cmd.Client, Lobby)
}

// enter has u enter a room by one of its sessions, or by none.
func (m *model) enter(u *soul, by ClientID, room string) {
	m.tellRoom(room, by, Entered, u.name, room, len(m.in(room))+1)
	u.rooms = append(u.rooms, room)
	for _, d := range u.devices {
		if d.id == by {
			d.current = room
			if room == Lobby && u.guest() {
				d.from, d.noted = m.firstTold(), m.someoneStays()
			}
			continue
		}
		if d.current == "" {
			d.current = room
		}
		m.tell(d.id, JoinedToo, room)
	}
}

// firstTold is the first message that who enters the lobby is told of.
func (m *model) firstTold() MsgID {
	if lines := keepLast(m.said[Lobby], Newcomer); len(lines) > 0 {
		return lines[0].id
	}
	return m.last + 1
}

func (m *model) leave(u *soul, room string) {
	u.rooms = without(u.rooms, room)
	m.tellRoom(room, NoClient, Left, u.name, room, len(m.in(room)))
	for _, d := range u.devices {
		if d.current == room {
			d.current = u.lastRoom()
		}
	}
	m.forgetRules(u, room)
}

// talkingIn is whose current room it is, but one.
func (u *soul) talkingIn(room string, but ClientID) (ids []ClientID) {
	for _, d := range u.devices {
		if d.current == room && d.id != but {
			ids = append(ids, d.id)
		}
	}
	return ids
}

// tellCurrent tells them which is now.
func (m *model) tellCurrent(u *soul, ids []ClientID) {
	for _, id := range ids {
		m.saw("a current room that another session has left", true)
		if room := u.lastRoom(); room != "" {
			m.tell(id, Joined, room, len(m.in(room)))
		}
	}
}

// vanish takes u out of all.
func (m *model) vanish(u *soul) {
	for len(u.rooms) > 0 {
		m.leave(u, u.rooms[0])
	}
	m.users = slices.DeleteFunc(m.users, func(other *soul) bool { return other == u })
}

// end ends a session, with so many bytes on their way to it.
func (m *model) end(u *soul, id ClientID, untaken int64) {
	if u.keeps {
		m.saw("bytes on their way to the last session", len(u.devices) == 1 && m.lastTaken(u, untaken) < m.last)
		u.took = max(u.took, m.lastTaken(u, untaken))
	}
	delete(m.operators, id)
	delete(m.quiet, id)
	delete(m.keys, id)
	u.devices = slices.DeleteFunc(u.devices, func(d *device) bool { return d.id == id })
	m.withoutSession(u)
}

// withoutSession is what becomes of u if it has none left.
func (m *model) withoutSession(u *soul) {
	switch {
	case len(u.devices) > 0:
	case !u.keeps:
		m.vanish(u)
	case !u.away && !u.gone:
		u.gone = true
		m.tellNeighbours(u, nil, WentAway, u.name, "")
	}
}

func (m *model) endAll(u *soul) {
	for _, id := range u.ids() {
		m.end(u, id, 0)
	}
}

// removeSession disconnects one session for an operator.
func (m *model) removeSession(id ClientID, code Code) {
	u := m.who(id)
	m.saw("one session of several is banned", len(u.devices) > 1)
	m.saw("the only session of who stays is banned", len(u.devices) == 1 && u.keeps)
	if m.tell(id, Refused, code); len(u.devices) == 1 && !u.keeps {
		m.tellNeighbours(u, []ClientID{id}, Removed, u.name)
	}
	m.end(u, id, 0)
}

// losesName disconnects u because its name is another's now. By that it can't stay.
func (m *model) losesName(u *soul) {
	m.saw("who stays loses its name", u.keeps)
	u.keeps, u.mail = false, nil
	if len(u.devices) == 0 {
		m.vanish(u)
	}
	m.replace(u)
}

// lastTaken is the message in front of the last ones of others that so many bytes may have been of.
func (m *model) lastTaken(u *soul, bytes int64) MsgID {
	lines := slices.Clone(u.mail)
	for _, room := range u.rooms {
		lines = append(lines, m.said[room]...)
	}
	slices.SortFunc(lines, func(a, b line) int { return -compareIDs(a.id, b.id) })
	taken := m.last
	for _, l := range lines {
		if bytes <= 0 {
			break
		}
		if !u.says(l) {
			taken = l.id - 1
			bytes -= int64(len("[] \n") + len(l.who) + len(l.text))
		}
	}
	return taken
}

func compareIDs(a, b MsgID) int {
	if a < b {
		return -1
	}
	return 1
}

// stir notes that a session has sent a line, which may bring its user back.
func (m *model) stir(id ClientID, cmd *Command) {
	if cmd.Verb < SignIn || cmd.Verb == Read {
		return
	}
	m.device(id).active = cmd.At
	if talks := cmd.Verb == Say || cmd.Verb == Act || cmd.Verb == Tell; talks && !m.silent(id, cmd.second()) {
		m.comeBack(m.who(id), id)
	}
}

func (m *model) comeBack(u *soul, by ClientID) {
	if u.away || u.gone {
		u.away, u.gone, u.words = false, false, ""
		m.tellNeighbours(u, []ClientID{by}, CameBack, u.name)
	}
}

// remind tells the last messages of a room.
func (m *model) remind(id ClientID, room string) {
	if lines := keepLast(m.said[room], Newcomer); len(lines) > 0 {
		m.tell(id, Recalled, room, len(lines), lines)
	}
}

func (m *model) inTooMany(u *soul) bool {
	return m.cfg.MaxRoomsPerUser > 0 && len(u.rooms) >= m.cfg.MaxRoomsPerUser
}

// become is a LogIn by a name whose person isn't there. Other sessions of the user stay what they are.
func (m *model) become(id ClientID, cmd *Command) {
	u := m.who(id)
	if holder, held := m.find(cmd.Name); held && holder != u {
		m.losesName(holder)
	}
	if u.account != cmd.Name && (len(u.devices) > 1 || u.keeps) {
		m.saw("a session parts", true)
		p := m.arrive(cmd.Name)
		p.account, p.took, p.marks = cmd.Name, m.last, markedBefore(cmd)
		m.join(id, p, u.rooms, cmd)
		return
	}
	nobody := m.owner(cmd.Name) == nil
	if m.own(u, cmd.Name); nobody {
		u.marks = markedBefore(cmd)
	}
	m.call(id, cmd.Name, LoggedIn, cmd.second())
	if nobody && m.device(id).ids {
		for _, x := range u.marks {
			m.saw("marks that were kept", true)
			m.tell(id, ReadUpTo, x.name, x.read, m.behind(u, x))
		}
	}
}

// markedBefore are the marks that have been kept of who logs in.
func markedBefore(cmd *Command) (all []marked) {
	if cmd.Past == nil {
		return nil
	}
	for _, x := range cmd.Past.Marks {
		if x.Read > 0 {
			all = append(all, marked{x.Key, x.Read})
		}
	}
	return all
}

// join makes a session one more of p, who is there, or is about to be. p joins those of the session's rooms that are carried.
func (m *model) join(id ClientID, p *soul, carried []string, cmd *Command) {
	u, d := m.who(id), m.device(id)
	returns, asGuest, known, current := len(p.devices) == 0, u.guest(), slices.Clone(u.rooms), d.current
	if len(p.devices) >= max(1, m.cfg.Sessions) {
		idlest := slices.MinFunc(p.devices, func(a, b *device) int { return int(a.active - b.active) })
		m.tell(idlest.id, Refused, LoggedInElsewhere)
		m.saw("the idlest session goes", true)
		m.end(p, idlest.id, 0)
	}
	u.devices = slices.DeleteFunc(u.devices, func(other *device) bool { return other == d })
	for _, room := range slices.Clone(carried) {
		m.saw("a carried room", !p.isIn(room))
		m.saw("a carried room too many", !p.isIn(room) && m.inTooMany(p))
		m.saw("a carried room that is barred", !p.isIn(room) && m.barred(p, room, cmd.second(), false))
		m.saw("a carried room among others' sessions", !p.isIn(room) && !returns)
		if !p.isIn(room) && !m.inTooMany(p) && !m.barred(p, room, cmd.second(), false) {
			m.enter(p, NoClient, room)
		}
	}
	if u.keeps {
		u.took = m.last
	}
	m.saw("a session leaves another person", u.account != "" && len(u.devices) > 0)
	m.saw("a session leaves who stays", u.keeps && len(u.devices) == 0)
	m.withoutSession(u)
	delete(m.keys, id)
	for d.number = 1; slices.ContainsFunc(p.devices, func(other *device) bool { return other.number == d.number }); {
		d.number++
	}
	p.devices = append(p.devices, d)
	if m.tell(id, LoggedIn, p.account); p.name != p.account {
		m.tell(id, Nicked, p.name)
	}
	if d.current = current; !p.isIn(current) {
		d.current = p.lastRoom()
	}
	for _, room := range p.rooms {
		m.tell(id, Joined, room, len(m.in(room)))
		missed := m.missed(p, m.said[room])
		if room == Lobby && asGuest && slices.Contains(known, Lobby) {
			missed = slices.DeleteFunc(missed, func(l line) bool { return l.id >= d.from })
		}
		m.saw("told as a guest", returns && len(missed) < len(m.missed(p, m.said[room])))
		if returns && len(missed) > 0 {
			m.tell(id, Missed, room, len(missed), missed)
		} else if !slices.Contains(known, room) {
			m.remind(id, room)
		}
	}
	m.saw("it comes back by AWAY", returns && p.away)
	if mail := m.missed(p, p.mail); returns && len(mail) > 0 {
		m.saw("missed mail", true)
		m.tell(id, Missed, "", len(mail), mail)
	}
	if d.ids {
		for _, x := range p.marks {
			m.saw("marks told to who logs in", true)
			m.tell(id, ReadUpTo, x.name, x.read, m.behind(p, x))
		}
	}
	if d.active = cmd.At; p.gone {
		m.comeBack(p, id)
	}
}

// missed are the lines of others behind the last that u has taken.
func (m *model) missed(u *soul, lines []line) (missed []line) {
	for _, l := range lines {
		if l.id > u.took && !u.says(l) {
			missed = append(missed, l)
		}
	}
	return missed
}

// behind counts the lines of others behind a mark.
func (m *model) behind(u *soul, x marked) (n int) {
	lines, counts := u.mail, func(l line) bool { return l.who == x.name }
	if strings.HasPrefix(x.name, "#") {
		lines, counts = m.said[x.name], func(l line) bool { return !u.says(l) }
	}
	for _, l := range lines {
		if l.id > x.read && counts(l) {
			n++
		}
	}
	return n
}

// manage does what a session asks of its user, and says whether it was that.
func (m *model) manage(id ClientID, cmd *Command) bool {
	u, d := m.who(id), m.device(id)
	switch cmd.Verb {
	case Sessions:
		rows := []string{}
		for _, of := range u.devices {
			rows = append(rows, fmt.Sprint(of.number, " idle ", int((cmd.At-of.active)/time.Second), " from ", of.address, " this ", of == d))
		}
		m.tell(id, SessionList, rows)
	case Logout:
		m.logOut(id, cmd)
	case Keep:
		switch {
		case u.account == "":
			m.tell(id, Asked, NotRegistered)
		case cmd.N != None && u.keeps == cmd.Off:
			m.tell(id, Asked, "to change", cmd.Off)
		default:
			m.tell(id, Asked, "to tell", !u.keeps)
		}
	case Read:
		m.read(id, cmd)
	case IDs:
		d.ids = !cmd.Off
		m.tell(id, IDsAre, d.ids)
	case Away, Back:
		m.goOrCome(id, cmd)
	default:
		return false
	}
	return true
}

// settlePerson is when a person is kept, or no longer.
func (m *model) settlePerson(cmd *Command, here bool) {
	u := m.owner(cmd.Name)
	if u != nil {
		m.noteStaying()
		if cmd.Off {
			u.mail = nil
		} else if !u.keeps {
			u.took = max(u.took, m.last)
		}
		u.keeps = !cmd.Off
		if m.saw("it has gone when it is to stay no longer", len(u.devices) == 0 && cmd.Off); cmd.Off && len(u.devices) == 0 {
			m.vanish(u)
		}
	}
	if m.saw("it has gone when it is to stay", u == nil && !cmd.Off); here {
		m.tell(cmd.Client, Keeping, u != nil && !cmd.Off)
	}
}

func (m *model) someoneStays() bool {
	return slices.ContainsFunc(m.users, func(u *soul) bool { return u.keeps })
}

// noteStaying is when somebody is to stay, or no longer.
func (m *model) noteStaying() {
	for _, u := range m.users {
		if d := u.devices; len(d) > 0 && !d[0].noted && !m.someoneStays() {
			d[0].from = m.last + 1
		}
	}
}

func (m *model) logOut(id ClientID, cmd *Command) {
	u, ended := m.who(id), m.device(id)
	if cmd.N != None {
		at := slices.IndexFunc(u.devices, func(d *device) bool { return int64(d.number) == cmd.N })
		if at < 0 {
			m.tell(id, Refused, NoSuchSession)
			return
		}
		ended = u.devices[at]
	}
	if m.tell(id, Done, Logout, ended.number); ended.id != id {
		m.tell(ended.id, Refused, LoggedOut)
	}
	m.end(u, ended.id, 0)
}

func (m *model) read(id ClientID, cmd *Command) {
	u, at := m.who(id), marked{name: cmd.Name}
	switch {
	case u.account == "":
		m.tell(id, Refused, NotRegistered)
		return
	case strings.HasPrefix(cmd.Name, "#") && !u.isIn(cmd.Name):
		m.tell(id, Refused, NoSuchRoom)
		return
	}
	if i := slices.IndexFunc(u.marks, func(x marked) bool { return x.name == cmd.Name }); i >= 0 {
		at = u.marks[i]
	}
	if cmd.Msg != 0 {
		if at.read = max(at.read, min(cmd.Msg, m.last)); u.keeps {
			u.took = max(u.took, min(cmd.Msg, m.last))
		}
		u.marks = append(slices.DeleteFunc(u.marks, func(x marked) bool { return x.name == at.name }), at)
	}
	for _, d := range u.devices {
		if d.id == id || cmd.Msg != 0 && d.ids {
			m.tell(d.id, ReadUpTo, at.name, at.read, m.behind(u, at))
		}
	}
}

func (m *model) goOrCome(id ClientID, cmd *Command) {
	u := m.who(id)
	switch {
	case m.silent(id, cmd.second()):
		m.tell(id, Refused, Shunned)
		return
	case u.guest():
		m.tell(id, Refused, NeedName)
		return
	case cmd.Verb == Back:
		m.comeBack(u, id)
	case !u.away || u.words != cmd.Text:
		u.away, u.words = true, cmd.Text
		m.tellNeighbours(u, []ClientID{id}, WentAway, u.name, cmd.Text)
	}
	m.tell(id, Done, cmd.Verb, "")
}

// randomPerson is what one of a dozen clients might do of whom many have logged in by few names.
func randomPerson(cfg Config) func(random *rand.Rand, step int, rounds []uint32) Command {
	names := []string{"ann", "ann", "ann", "ann", "ann", "bob", "cem", "dan"}
	rights := []RightKind{RightBan, RightBan, RightInvite, RightOperator, RightMuted, 0}
	own := []Verb{Sessions, Logout, Keep, Keep, Keep, Read, Read, Read, IDs, IDs, Away, Away, Away, Back, LogIn, LogIn, LogIn, LogIn, LogIn, LogIn, LogIn, LogIn, LogIn, LogIn, LogIn, LogIn}
	called := map[ClientID]string{}
	return func(random *rand.Rand, step int, rounds []uint32) Command {
		for {
			tried, one := slices.Clone(rounds), 1
			cmd := randomCommand(random, step, tried)
			cmd.At, cmd.Wall = time.Duration(step)*time.Second, int64(step)*1000
			switch cmd.Verb {
			case LimitHistory: // which the model knows nothing of
				continue
			case Connect:
				one = 4
			case Nick:
				one = 3
			case BanClient:
				one = 4
			case SignIn, End, ShunClient, SetShun, Kick:
				one = 8
			case SetBan, Unregistered, Registered, KeepRoom:
				one = 15
			case Configure, Register, Login, Unregister, Trust, Distrust, Ban, Bans, Start, Confirm:
				one = 40
			}
			if random.IntN(one) > 0 {
				continue
			}
			switch copy(rounds, tried); cmd.Verb {
			case Configure:
				now := cfg
				now.GuestsRead, now.Operators = cmd.Config.GuestsRead, cmd.Config.Operators
				cmd.Config = &now
			case Govern:
				if random.IntN(2) == 0 {
					cmd.Right, cmd.Room, cmd.N, cmd.Off = rights[random.IntN(len(rights))], []string{"#one", "#two", "#three"}[random.IntN(3)], 1000, cmd.Off && random.IntN(2) == 0
				}
				cmd.Name = names[random.IntN(len(names))]
			case Nick:
				cmd.Name = append(names, fmt.Sprint("eve", step), fmt.Sprint("fay", step))[random.IntN(len(names)+2)]
				called[cmd.Client] = cmd.Name
			case LogIn, Registered, Unregistered, PutOutOf, SignIn:
				if cmd.Name = names[random.IntN(len(names))]; cmd.Verb == LogIn {
					cmd.Past = randomPast(random)
				}
			case Disconnect:
				cmd.N = []int64{None, 0, 1, 20, 60, 300}[random.IntN(6)]
			case List, Say, Act, Part:
				if cmd.ID == "" && random.IntN(2) == 0 {
					cmd.Verb = own[random.IntN(len(own))]
					ownCommand(random, &cmd, names)
				} else if name := called[cmd.Client]; cmd.ID == "" && name != "" && random.IntN(10) == 0 {
					cmd.Verb, cmd.Name = Registered, name
				}
			}
			return cmd
		}
	}
}

// randomPast is what may have been kept of who logs in.
func randomPast(random *rand.Rand) *Past {
	if random.IntN(2) == 0 {
		return nil
	}
	p := &Past{}
	for _, key := range []string{Lobby, "#one", "bob"}[random.IntN(3):] {
		p.Marks = append(p.Marks, KeptMark{Key: key, Shown: key, Read: MsgID(random.Uint64N(3) * uint64(random.Int64N(1<<40)))})
	}
	return p
}

// ownCommand has cmd, whose verb is one of those that are about one's own sessions, say something.
func ownCommand(random *rand.Rand, cmd *Command, names []string) {
	switch cmd.Off = random.IntN(3) == 0; cmd.Verb {
	case LogIn:
		cmd.Name, cmd.Past = names[random.IntN(len(names))], randomPast(random)
	case Logout:
		cmd.N = []int64{None, 1, 2, 3, 4, 9}[random.IntN(6)]
	case Keep:
		cmd.N = []int64{None, 1}[random.IntN(2)]
	case Read:
		cmd.Name = append([]string{Lobby, "#one", "#two"}, names...)[random.IntN(3+len(names))]
		cmd.Msg = MsgID(random.Uint64N(3) * uint64(random.Int64N(1<<40)))
	case Away:
		cmd.Text = []string{"", "lunch"}[random.IntN(2)]
	}
}

// TestPersonsAgreeWithModel is TestStateAgreesWithModel where users have several sessions, or none.
func TestPersonsAgreeWithModel(t *testing.T) {
	for _, cfg := range []Config{{Sessions: 2, Recent: 30}, {Sessions: 5, Recent: 7, MaxRoomsPerUser: 3}} {
		t.Run(fmt.Sprint(cfg.Sessions, " sessions"), func(t *testing.T) {
			cfg.AnnounceMax, cfg.Operators = allowed.AnnounceMax, allowed.Operators
			cameUp := agree(t, 200_000, cfg, randomPerson(cfg))
			for _, kind := range []Kind{
				Entered, Left, Renamed, Said, Acted, Whispered, Removed, KickedUser, LoggedIn, Nicked, Done, Recalled, Missed, SessionList, Keeping, ReadUpTo, IDsAre,
				JoinedToo, LeftToo, ToldToo, WentAway, CameBack, Governed, Invited,
			} {
				if !cameUp[fmt.Sprint(kind)] {
					t.Errorf("no event of kind %d came up: the test has lost its point", kind)
				}
			}
			for _, code := range []Code{
				Kicked, Banned, Shunned, NameRegistered, NotRegistered, LoggedInElsewhere, LoggedOut, NoSuchSession, NoSuchRoom, PutOut, RoomBanned,
			} {
				if !cameUp[fmt.Sprint(Refused, " ", code)] {
					t.Errorf("no refusal with %s came up: the test has lost its point", code)
				}
			}
			for _, what := range []string{
				"the idlest session goes", "a carried room", "a carried room that is barred", "a carried room among others' sessions", "told as a guest",
				"a session leaves another person", "a session leaves who stays", "it comes back by AWAY", "missed mail", "marks told to who logs in", "a session parts",
				"who stays loses its name", "bytes on their way to the last session", "one session of several is banned", "the only session of who stays is banned",
				"marks that were kept", "an account gets another name",
			} {
				if !cameUp[what] {
					t.Errorf("%s: that didn't come up, the test has lost its point", what)
				}
			}
			if cfg.MaxRoomsPerUser > 0 && (!cameUp[fmt.Sprint(Refused, " ", TooManyRooms)] || !cameUp["a carried room too many"]) {
				t.Error("nobody wanted to be in too many rooms: the test has lost its point")
			}
		})
	}
}

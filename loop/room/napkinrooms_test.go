package room

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

// What the model knows of rights in rooms.

// rules are the rights in a room. Who has one stands there by the name that is registered for it, or by the number of its client; with it, as what it was shown.
type rules struct {
	founder string
	held    map[RightKind]map[string]string
	set     map[RightKind]string // rules of the room; of a key its digest
	bans    map[string]barred
	kept    bool
}

// exists says whether there is a room of that name.
func (m *model) exists(room string) bool {
	return room == Lobby || len(m.in(room)) > 0 || m.ruled[room] != nil && m.ruled[room].kept
}

// barred is a ban: until when, by whom, and when it was set.
type barred struct {
	until int64
	by    string
	at    int64
}

func (m *model) rulesOf(room string) *rules {
	if m.ruled[room] == nil {
		m.ruled[room] = &rules{held: map[RightKind]map[string]string{RightOperator: {}, RightVoice: {}, RightInvite: {}}, set: map[RightKind]string{}, bans: map[string]barred{}}
	}
	return m.ruled[room]
}

// account is the registered name of id, "" if it has none.
func (m *model) account(id ClientID) string {
	return m.accounts[id]
}

// own makes id that of an account, and nobody else.
func (m *model) own(id ClientID, name string) {
	m.disown(name)
	m.accounts[id] = name
}

// disown has the account be nobody's.
func (m *model) disown(name string) {
	maps.DeleteFunc(m.accounts, func(_ ClientID, owned string) bool { return owned == name })
}

func number(id ClientID) string { return fmt.Sprint("#", id) }

// has says whether id has a right of the kind.
func (m *model) has(kind RightKind, id ClientID, room string) bool {
	held := m.rulesOf(room).held[kind]
	_, byNumber := held[number(id)]
	_, byName := held[m.account(id)]
	return byNumber || byName
}

func (m *model) ownLevel(id ClientID, room string) level {
	account := m.account(id)
	switch {
	case m.operators[id]:
		return asServer
	case account != "" && m.rulesOf(room).founder == account:
		return asFounder
	case m.has(RightOperator, id, room):
		return asOperator
	case m.has(RightVoice, id, room):
		return asVoice
	}
	return asAnyone
}

// accountLevel is that of a registered name whose owner is not here.
func (m *model) accountLevel(name, room string) level {
	_, operates := m.rulesOf(room).held[RightOperator][name]
	_, speaks := m.rulesOf(room).held[RightVoice][name]
	switch {
	case name == "": // nobody has registered it
	case m.rulesOf(room).founder == name:
		return asFounder
	case operates:
		return asOperator
	case speaks:
		return asVoice
	}
	return asAnyone
}

// meansIt says whether id is whom a ban means.
func (m *model) meansIt(target string, id ClientID) bool {
	if guests, is := strings.CutSuffix(target, "*"); is {
		return m.guest(id) && strings.HasPrefix(m.names[id], guests)
	}
	return target == m.addresses[id] || target == m.names[id] || target == m.account(id)
}

// banFor is the target because of which id may not be in the room, "" if there is none.
func (m *model) banFor(id ClientID, room string, now int64) string {
	found := ""
	for target, ban := range m.rulesOf(room).bans {
		if m.meansIt(target, id) && (ban.until == 0 || now < ban.until) && (found == "" || ban.at < m.rulesOf(room).bans[found].at) {
			found = target
		}
	}
	return found
}

// keptOut says whether id may not join, and tells it so. Who may makes the room or uses its invitation.
func (m *model) keptOut(id ClientID, cmd *Command) bool {
	room := cmd.Name
	switch {
	case slices.Contains(m.rooms[id], room):
		return false
	case !m.exists(room):
		delete(m.ruled, room)
		m.rulesOf(room).founder = m.account(id)
		return false
	}
	own, r := m.ownLevel(id, room), m.rulesOf(room)
	_, locked := r.set[RightLocked]
	key, hasKey := r.set[RightKey]
	switch {
	case own >= asFounder:
	case m.banFor(id, room, cmd.second()) != "":
		m.tell(id, Refused, RoomBanned)
		return true
	case own >= asOperator || m.has(RightInvite, id, room):
	case locked:
		m.tell(id, Refused, RoomLocked)
		return true
	case hasKey && key != cmd.Text:
		m.tell(id, Refused, RoomKey)
		return true
	}
	delete(r.held[RightInvite], number(id))
	delete(r.held[RightInvite], m.account(id))
	return false
}

func (m *model) isMuted(id ClientID, room string) bool {
	_, muted := m.rulesOf(room).set[RightMuted]
	if muted = muted && m.ownLevel(id, room) < asVoice; muted {
		m.tell(id, Refused, RoomMuted)
	}
	return muted
}

// forgetRules is when id has left the room.
func (m *model) forgetRules(id ClientID, room string) {
	for _, held := range m.rulesOf(room).held {
		delete(held, number(id))
	}
	if !m.exists(room) {
		delete(m.ruled, room)
	}
}

// loseRules is when a name is registered no more.
func (m *model) loseRules(name string) {
	for _, r := range m.ruled {
		for _, held := range r.held {
			delete(held, name)
		}
		if r.founder == name {
			r.founder, r.kept = "", false
		}
	}
	for room := range m.ruled {
		if !m.exists(room) {
			delete(m.ruled, room)
		}
	}
}

func (m *model) leaveBarred(id ClientID, now int64) {
	for _, room := range slices.Clone(m.rooms[id]) {
		if target := m.banFor(id, room, now); target != "" && m.ownLevel(id, room) < asFounder {
			m.putOut(id, room, m.ruled[room].bans[target].by)
		}
	}
}

func (m *model) putOut(id ClientID, room, by string) {
	m.tell(id, Refused, PutOut)
	m.tellRoom(room, id, Governed, RightKind(0), false, m.names[id], by)
	m.leave(id, room)
}

// about is the room that cmd is about, "" if id may not name it or is in none, of which it is told.
func (m *model) about(id ClientID, current string, cmd *Command) string {
	switch room := cmd.Room; {
	case room == "" && current == "":
		m.tell(id, Refused, NoRoom)
		return ""
	case room == "":
		return current
	case !slices.Contains(m.rooms[id], room) && !(m.operators[id] && m.exists(room)):
		m.tell(id, Refused, NoSuchRoom)
		return ""
	default:
		return room
	}
}

func (m *model) putOutOf(id ClientID, current string, cmd *Command) {
	victim, here := m.find(cmd.Name)
	if m.silent(id, cmd.second()) {
		m.tell(id, Refused, Shunned)
		return
	}
	room := m.about(id, current, cmd)
	switch own := m.ownLevel(id, room); {
	case room == "":
	case own < asOperator:
		m.tell(id, Refused, NotRoomOperator)
	case !here || !slices.Contains(m.rooms[victim], room):
		m.tell(id, Refused, NoSuchUser)
	case own < asServer && m.ownLevel(victim, room) >= own:
		m.tell(id, Refused, NotRoomOperator)
	default:
		m.tell(id, GovernDone, room, RightKind(0), false, m.names[victim])
		m.putOut(victim, room, m.names[id])
	}
}

// changed tells of a right that id has given or taken, others only if something has changed by that.
func (m *model) changed(id ClientID, room string, cmd *Command, some bool, name string) {
	m.tell(id, GovernDone, room, cmd.Right, cmd.Off, name)
	if looksLikeAddress(name) && !strings.Contains(name, ":") {
		name = ""
	}
	if some {
		m.tellRoom(room, id, Governed, cmd.Right, cmd.Off, name, m.names[id])
	}
}

func (m *model) govern(id ClientID, current string, cmd *Command) {
	room := m.about(id, current, cmd)
	switch {
	case room == "":
	case cmd.Right == 0:
		m.tell(id, RightList, room, m.countRules(id, room, cmd.second()))
	case m.ownLevel(id, room) < cmd.Right.row().by:
		m.tell(id, Refused, NotRoomOperator)
	case m.silent(id, cmd.second()):
		m.tell(id, Refused, Shunned)
	case cmd.Right == RightFounder:
		m.found(id, room, cmd)
	case cmd.Right == RightBan:
		m.bar(id, room, cmd)
	case m.rulesOf(room).held[cmd.Right] != nil:
		m.giveTo(id, room, cmd)
	case room == Lobby && (cmd.Right == RightLocked || cmd.Right == RightKey):
		m.tell(id, Refused, BadArgument)
	default:
		was, is := m.rulesOf(room).set[cmd.Right]
		if cmd.Off {
			delete(m.rulesOf(room).set, cmd.Right)
		} else {
			m.rulesOf(room).set[cmd.Right] = cmd.Text
		}
		m.changed(id, room, cmd, is == cmd.Off || cmd.Right == RightKey && !cmd.Off && was != cmd.Text, "")
	}
}

// countRules is how many rights id is told of.
func (m *model) countRules(id ClientID, room string, now int64) int {
	r := m.rulesOf(room)
	n := len(r.set)
	if r.kept {
		n++
	}
	if r.founder != "" {
		n++
	}
	for _, held := range r.held {
		for who := range held {
			gone := strings.HasPrefix(who, "#")
			for other := range m.names {
				gone = gone && number(other) != who
			}
			if !gone {
				n++
			}
		}
	}
	for target, ban := range r.bans {
		if (ban.until == 0 || now < ban.until) && (m.operators[id] || strings.HasSuffix(target, "*") || !looksLikeAddress(target)) {
			n++
		}
	}
	return n
}

// meant is who has that name: its client if it is here, and what is registered for it.
func (m *model) meant(name string) (id ClientID, account, shown string, ok, here bool) {
	if id, here = m.find(name); here {
		if shown = m.account(id); shown == "" {
			shown = m.names[id]
		}
		return id, m.account(id), shown, true, true
	}
	for other, owned := range m.accounts {
		if owned == name {
			return other, name, name, true, true
		}
	}
	if m.registered[name] {
		return 0, name, name, true, false
	}
	return 0, "", name, false, false
}

func (m *model) found(id ClientID, room string, cmd *Command) {
	_, account, shown, ok, _ := m.meant(cmd.Name)
	switch r := m.rulesOf(room); {
	case !ok:
		m.tell(id, Refused, NoSuchUser)
	case account == "":
		m.tell(id, Refused, NotRegistered)
	default:
		m.changed(id, room, cmd, r.founder != account, shown)
		r.founder = account
	}
}

func (m *model) giveTo(id ClientID, room string, cmd *Command) {
	to, account, shown, ok, here := m.meant(cmd.Name)
	held := m.rulesOf(room).held[cmd.Right]
	who := account
	if who == "" {
		who = number(to)
	}
	has := here && m.has(cmd.Right, to, room)
	if _, is := held[account]; is {
		has = true
	}
	if !ok {
		for other, name := range held {
			if name == cmd.Name {
				has, who = true, other
			}
		}
	}
	inside := here && slices.Contains(m.rooms[to], room)
	switch {
	case has && cmd.Off:
		if delete(held, who); here {
			delete(held, number(to))
		}
		m.changed(id, room, cmd, true, shown)
	case !ok, !cmd.Off && cmd.Right != RightInvite && account == "" && !inside:
		m.tell(id, Refused, NoSuchUser)
	case has, cmd.Off, cmd.Right == RightInvite && inside:
		m.changed(id, room, cmd, false, shown)
	default:
		held[who] = shown
		if m.changed(id, room, cmd, true, shown); cmd.Right == RightInvite && here {
			m.tell(to, Invited, m.names[id], room)
		}
	}
}

// keep is ROOM KEEP: what is asked for, and with which code it is refused.
func (m *model) keep(id ClientID, cmd *Command) {
	why, room := Code(""), m.current(id)
	if cmd.Room != "" {
		room = cmd.Room
	}
	switch {
	case m.silent(id, cmd.second()):
		why = Shunned
	case room == "":
		why = NoRoom
	case cmd.Room != "" && !slices.Contains(m.rooms[id], room) && !(m.operators[id] && m.exists(room)):
		why = NoSuchRoom
	case m.ownLevel(id, room) < asFounder:
		why = NotRoomOperator
	case m.rulesOf(room).founder == "":
		why = NotRegistered
	}
	m.tell(id, Asked, why)
}

// restore makes a room of what was kept of it.
func (m *model) restore(cmd *Command) {
	delete(m.ruled, cmd.Kept.Name)
	r := m.rulesOf(cmd.Kept.Name)
	for _, h := range cmd.Kept.Rights {
		switch {
		case h.Kind == RightKept:
		case h.Kind == RightFounder && m.registered[h.Target]:
			r.founder, r.kept = h.Target, true
		case h.Kind == RightBan && (h.Until == 0 || h.Until > cmd.second()):
			r.bans[h.Target] = barred{h.Until, h.By, h.At / 1000}
		case r.held[h.Kind] != nil && m.registered[h.Target]:
			r.held[h.Kind][h.Target] = h.Target
		case h.Kind >= RightMuted:
			r.set[h.Kind] = h.Text
		}
	}
}

// settleKept is when a room is kept, or no longer.
func (m *model) settleKept(cmd *Command, here bool) {
	room, id := cmd.Kept.Name, cmd.Client
	r := m.rulesOf(room)
	if !cmd.Off && !m.exists(room) {
		m.restore(cmd)
		cmd = &Command{Kept: cmd.Kept, Off: !m.rulesOf(room).kept} // as it is now
		if here {
			m.tell(id, GovernDone, room, RightKept, false, "")
		}
		if cmd.Off {
			delete(m.ruled, room)
		}
		return
	}
	if !cmd.Off && !r.kept && r.founder != cmd.Kept.Founder() {
		m.tell(id, Refused, NotRegistered)
		return
	}
	if r.kept == cmd.Off {
		m.tellRoom(room, id, Governed, RightKept, cmd.Off, "", cmd.Name)
	}
	r.kept = !cmd.Off
	if !m.exists(room) {
		delete(m.ruled, room)
	}
	if here {
		m.tell(id, GovernDone, room, RightKept, cmd.Off, "")
	}
}

func (m *model) bar(id ClientID, room string, cmd *Command) {
	to, account, target, _, here := m.meant(cmd.Name)
	byAddress := looksLikeAddress(target) && !strings.Contains(target, ":")
	if host, _, is := strings.Cut(target, ":"); is {
		target = host + ":*"
	}
	as := m.accountLevel(account, room)
	if here {
		as = m.ownLevel(to, room)
	}
	r := m.rulesOf(room)
	had, is := r.bans[target]
	is = is && (had.until == 0 || cmd.second() < had.until)
	switch own := m.ownLevel(id, room); {
	case room == Lobby:
		m.tell(id, Refused, BadArgument)
	case byAddress && !m.operators[id]:
		m.tell(id, Refused, NotOperator)
	case cmd.Off && !is:
		m.tell(id, Refused, NoSuchBan)
	case cmd.Off:
		delete(r.bans, target)
		m.changed(id, room, cmd, true, target)
	case own < asServer && as >= own:
		m.tell(id, Refused, NotRoomOperator)
	default:
		until := int64(0)
		if cmd.N > 0 {
			until = cmd.second() + cmd.N
		}
		r.bans[target] = barred{until, m.names[id], cmd.second()}
		m.changed(id, room, cmd, true, target)
		for _, other := range m.in(room) {
			if m.meansIt(target, other) && m.ownLevel(other, room) < asFounder {
				m.putOut(other, room, m.names[id])
			}
		}
	}
}

// keeper keeps rooms as a server's disk does, some commands later.
type keeper struct{ asked []Command }

func (k *keeper) hear(events []Event) {
	for _, e := range events {
		if e.Kind == Asked && e.Ask.Kept != nil {
			k.asked = append(k.asked, Command{Verb: RoomKept, Client: e.Client, Name: e.Ask.Name, Kept: e.Ask.Kept, Off: e.Ask.Off})
		}
	}
}

// settle sometimes puts what has been kept in the place of a command.
func (k *keeper) settle(cmd *Command, random *rand.Rand) {
	if len(k.asked) == 0 || cmd.Verb == Connect || random.IntN(3) > 0 {
		return
	}
	at, wall := cmd.At, cmd.Wall
	*cmd, k.asked = k.asked[0], k.asked[1:]
	cmd.At, cmd.Wall = at, wall
}

// randomRule is what one might do about rights.
func randomRule(random *rand.Rand, cmd *Command, names, rooms []string, rounds []uint32) {
	slot := random.IntN(len(rounds))
	cmd.Name = append(names, fmt.Sprintf("10.0.0.%d:%d", slot, 1024+rounds[slot]))[random.IntN(len(names)+1)]
	cmd.Room = append(rooms, "", "", "", "")[random.IntN(len(rooms)+4)]
	if cmd.Verb != Govern {
		cmd.Off = cmd.Verb == KeepRoom && random.IntN(3) == 0
		return
	}
	for cmd.Right = RightKept; cmd.Right == RightKept; { // which takes a disk
		cmd.Right = RightKind(random.IntN(int(rightKinds)))
	}
	cmd.Off = random.IntN(4) == 0 && cmd.Right != RightFounder
	switch cmd.Right {
	case RightBan:
		cmd.N = []int64{0, 1, 100, 1000}[random.IntN(4)]
		if random.IntN(8) == 0 {
			cmd.Name = fmt.Sprint("10.0.0.", slot)
		}
	case RightKey:
		cmd.Text = []string{"sesame", "thyme"}[random.IntN(2)]
	}
}

// randomGovernor is what one of a dozen clients might do of whom most have registered names, and stay.
func randomGovernor(random *rand.Rand, step int, rounds []uint32) Command {
	for {
		tried, one := slices.Clone(rounds), 100
		cmd := randomCommand(random, step, tried)
		switch cmd.Verb {
		case Govern, PutOutOf, KeepRoom, Join, LogIn:
			one = 1
		case Nick, SignIn, Connect, Grant, Say, Tell, Part:
			one = 5
		case Registered: // and whoever has the name goes
			one = 20
		}
		if random.IntN(one) == 0 {
			copy(rounds, tried)
			return cmd
		}
	}
}

// TestRightsAgreeWithModel is TestStateAgreesWithModel where rights are what it is about.
func TestRightsAgreeWithModel(t *testing.T) {
	cameUp := agree(t, 50_000, randomGovernor)
	for _, kind := range []Kind{Governed, GovernDone, Invited, RightList, Asked} {
		if !cameUp[fmt.Sprint(kind)] {
			t.Errorf("no event of kind %d came up: the test has lost its point", kind)
		}
	}
	for _, code := range []Code{NotRoomOperator, PutOut, RoomBanned, RoomLocked, RoomKey, RoomMuted, NotOperator, NoSuchBan, NotRegistered, BadArgument} {
		if !cameUp[fmt.Sprint(Refused, " ", code)] {
			t.Errorf("no refusal with %s came up: the test has lost its point", code)
		}
	}
}

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
	excepts map[RightKind]map[string]bool
	kept    bool
}

// exists says whether there is a room of that name.
func (m *model) exists(room string) bool {
	return room == Lobby || len(m.in(room)) > 0 || m.ruled[room] != nil && m.ruled[room].kept
}

// barred is a ban: until when, by whom, and when it was set; and whether who is there stays.
type barred struct {
	until int64
	by    string
	at    int64
	stays bool
}

func (m *model) rulesOf(room string) *rules {
	if m.ruled[room] == nil {
		m.ruled[room] = &rules{held: map[RightKind]map[string]string{RightOperator: {}, RightVoice: {}, RightInvite: {}}, set: map[RightKind]string{}, bans: map[string]barred{},
			excepts: map[RightKind]map[string]bool{RightExcept: {}, RightInvex: {}}}
	}
	return m.ruled[room]
}

func number(u *soul) string { return fmt.Sprint("#", u.n) }

// has says whether u has a right of the kind.
func (m *model) has(kind RightKind, u *soul, room string) bool {
	held := m.rulesOf(room).held[kind]
	_, byNumber := held[number(u)]
	_, byName := held[u.account]
	return byNumber || byName
}

// ownLevel is how much a session may do.
func (m *model) ownLevel(id ClientID, room string) level {
	if m.operators[id] {
		return asServer
	}
	return m.levelByRules(m.who(id), room)
}

// levelIn is how much u may do by any session.
func (m *model) levelIn(u *soul, room string) level {
	if slices.ContainsFunc(u.devices, func(d *device) bool { return m.operators[d.id] }) {
		return asServer
	}
	return m.levelByRules(u, room)
}

func (m *model) levelByRules(u *soul, room string) level {
	switch {
	case u.account != "" && m.rulesOf(room).founder == u.account:
		return asFounder
	case m.has(RightOperator, u, room):
		return asOperator
	case m.has(RightVoice, u, room):
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

// meansIt says whether u is whom a ban means.
func (m *model) meansIt(target string, u *soul) bool {
	target, _ = strings.CutPrefix(target, "m:")
	if account, is := strings.CutPrefix(target, "a:"); is {
		return u.account == account || account == "*" && u.account != ""
	}
	if nick, rest, is := strings.Cut(target, "!"); is {
		host := strings.TrimPrefix(rest, "*@")
		return (nick == "*" || nick == u.name) && (host == "*" || len(u.devices) > 0 && host == u.devices[0].host())
	}
	if guests, is := strings.CutSuffix(target, "*"); is {
		return u.guest() && strings.HasPrefix(u.name, guests)
	}
	return target == u.name || target == u.account || slices.ContainsFunc(u.devices, func(d *device) bool { return target == d.host() })
}

// isMute says whether a target means who is only not to speak.
func isMute(target string) bool { return strings.HasPrefix(target, "m:") }

// excepted says whether u is one of those for whom there is an exception from what is set for target.
func (m *model) excepted(kind RightKind, target string, u *soul, room string) bool {
	for other := range m.rulesOf(room).excepts[kind] {
		if m.meansIt(other, u) && (!isMute(other) || isMute(target)) {
			return true
		}
	}
	return false
}

// banFor is the target because of which u may not be in the room, or with puts is put out of it, "" if there is none.
func (m *model) banFor(u *soul, room string, now int64, puts bool) string {
	found := ""
	for target, ban := range m.rulesOf(room).bans {
		if m.meansIt(target, u) && !isMute(target) && !(puts && ban.stays) && !m.excepted(RightExcept, target, u, room) &&
			(ban.until == 0 || now < ban.until) && (found == "" || ban.at < m.rulesOf(room).bans[found].at) {
			found = target
		}
	}
	return found
}

// mutedFor says whether u may not speak in the room because of a ban.
func (m *model) mutedFor(u *soul, room string, now int64) bool {
	for target, ban := range m.rulesOf(room).bans {
		if m.meansIt(target, u) && !m.excepted(RightExcept, target, u, room) && (ban.until == 0 || now < ban.until) {
			return true
		}
	}
	return false
}

// keptOut says whether id may not join, and tells it so. Who may makes the room or uses its invitation.
func (m *model) keptOut(id ClientID, cmd *Command) bool {
	room, u := cmd.Name, m.who(id)
	if !m.exists(room) {
		delete(m.ruled, room)
		m.drawPlace()
		m.rulesOf(room).founder = u.account
		return false
	}
	own, r := m.ownLevel(id, room), m.rulesOf(room)
	_, locked := r.set[RightLocked]
	key, hasKey := r.set[RightKey]
	limit, hasLimit := r.set[RightLimit]
	switch {
	case own >= asFounder || m.has(RightInvite, u, room):
	case m.banFor(u, room, cmd.second(), false) != "":
		m.tell(id, Refused, RoomBanned)
		return true
	case own >= asOperator:
	case locked && !m.excepted(RightInvex, "", u, room):
		m.tell(id, Refused, RoomLocked)
		return true
	case hasKey && key != cmd.Text:
		m.tell(id, Refused, RoomKey)
		return true
	case hasLimit && fmt.Sprint(len(m.in(room))) >= limit: // both have one digit
		m.tell(id, Refused, RoomFull)
		return true
	}
	delete(r.held[RightInvite], number(u))
	delete(r.held[RightInvite], u.account)
	return false
}

func (m *model) isMuted(id ClientID, room string, now int64) bool {
	_, muted := m.rulesOf(room).set[RightMuted]
	muted = muted || m.mutedFor(m.who(id), room, now)
	if muted = muted && m.ownLevel(id, room) < asVoice; muted {
		m.tell(id, Refused, RoomMuted)
	}
	return muted
}

// forgetRules is when u has left the room.
func (m *model) forgetRules(u *soul, room string) {
	for _, held := range m.rulesOf(room).held {
		delete(held, number(u))
	}
	m.forgetEnded()
}

// forgetEnded forgets the rules of rooms that there aren't, and what was said in them.
func (m *model) forgetEnded() {
	maps.DeleteFunc(m.ruled, func(room string, _ *rules) bool { return !m.exists(room) })
	maps.DeleteFunc(m.said, func(room string, _ []line) bool { return !m.exists(room) })
	maps.DeleteFunc(m.noted, func(room string, _ int) bool { return !m.exists(room) })
}

// note takes a number for what is done to a room, if not too much is since something was said there.
func (m *model) note(room string) {
	if m.noted[room] < mostNoted {
		m.noted[room]++
		m.last++
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
	m.forgetEnded()
}

func (m *model) leaveBarred(u *soul, now int64) {
	for _, room := range slices.Backward(slices.Clone(u.rooms)) {
		if m.barred(u, room, now, true) {
			m.putOut(u, room, m.ruled[room].bans[m.banFor(u, room, now, true)].by)
		}
	}
}

// barred says whether u may not be in the room, or is put out of it.
func (m *model) barred(u *soul, room string, now int64, puts bool) bool {
	return m.banFor(u, room, now, puts) != "" && m.levelIn(u, room) < asFounder
}

func (m *model) putOut(u *soul, room, by string) {
	m.note(room)
	m.tellAll(u, Refused, PutOut)
	for _, other := range m.in(room) {
		if other != u {
			m.tellAll(other, Governed, RightKind(0), false, u.name, by)
		}
	}
	talking := u.talkingIn(room, NoClient)
	m.leave(u, room)
	m.tellCurrent(u, talking)
}

// about is the room that cmd is about, "" if id may not name it or is in none, of which it is told.
func (m *model) about(id ClientID, current string, cmd *Command) string {
	switch room := cmd.Room; {
	case room == "" && current == "":
		m.tell(id, Refused, NoRoom)
		return ""
	case room == "":
		return current
	case !m.who(id).isIn(room) && !(m.operators[id] && m.exists(room)):
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
	case !here || !victim.isIn(room):
		m.tell(id, Refused, NoSuchUser)
	case m.mayAsMuch(own, m.levelIn(victim, room), room):
		m.tell(id, Refused, NotRoomOperator)
	default:
		m.tell(id, GovernDone, room, RightKind(0), false, victim.name)
		m.putOut(victim, room, m.who(id).name)
	}
}

// mayAsMuch says whether who has the level own may not put out of a room who has the level as: operators may each other where there is no founder.
func (m *model) mayAsMuch(own, as level, room string) bool {
	return own < asServer && as >= own && !(own == asOperator && as == asOperator && m.rulesOf(room).founder == "")
}

// changed tells of a right that id has given or taken, others only if something has changed by that.
func (m *model) changed(id ClientID, room string, cmd *Command, some bool, name string) {
	m.tell(id, GovernDone, room, cmd.Right, cmd.Off, name)
	secret := addressed(name)
	if secret {
		name = ""
	}
	if some && cmd.Right != RightInvite && !secret {
		m.note(room)
	}
	if some {
		m.tellRoom(room, id, Governed, cmd.Right, cmd.Off, name, m.who(id).name)
	}
}

func (m *model) govern(id ClientID, current string, cmd *Command) {
	room := m.about(id, current, cmd)
	switch {
	case room == "":
	case cmd.Right == 0:
		m.tell(id, RightList, room, m.countRules(id, room, cmd.second()))
	case m.calls(id, room, cmd):
	case m.ownLevel(id, room) < cmd.Right.row().by && !(cmd.Right == RightOperator && m.rulesOf(room).founder == "" && m.ownLevel(id, room) == asOperator):
		m.tell(id, Refused, NotRoomOperator)
	case m.silent(id, cmd.second()):
		m.tell(id, Refused, Shunned)
	case cmd.Right == RightFounder:
		m.found(id, room, cmd)
	case cmd.Right == RightBan || cmd.Right == RightExcept || cmd.Right == RightInvex:
		m.bar(id, room, cmd)
	case m.rulesOf(room).held[cmd.Right] != nil:
		m.giveTo(id, room, cmd)
	case room == Lobby && (cmd.Right == RightLocked || cmd.Right == RightKey || cmd.Right == RightLimit || cmd.Right == RightSecret):
		m.tell(id, Refused, BadArgument)
	default:
		was, is := m.rulesOf(room).set[cmd.Right]
		text := map[RightKind]string{RightKey: cmd.Text, RightLimit: fmt.Sprint(cmd.N)}[cmd.Right]
		if cmd.Off {
			delete(m.rulesOf(room).set, cmd.Right)
		} else {
			m.rulesOf(room).set[cmd.Right] = text
		}
		m.changed(id, room, cmd, is == cmd.Off || !cmd.Off && was != text, "")
	}
}

// calls is an invitation by who may give no rights, into a room that isn't locked; it says whether cmd is one.
func (m *model) calls(id ClientID, room string, cmd *Command) bool {
	if _, locked := m.rulesOf(room).set[RightLocked]; locked || cmd.Right != RightInvite || cmd.Off || m.ownLevel(id, room) >= asOperator {
		return false
	}
	to, _, shown, _, here := m.meant(cmd.Name)
	switch {
	case m.silent(id, cmd.second()):
		m.tell(id, Refused, Shunned)
	case !here:
		m.tell(id, Refused, NoSuchUser)
	default:
		if m.tell(id, GovernDone, room, cmd.Right, false, shown); !to.isIn(room) {
			m.tellAll(to, Invited, m.who(id).name, room)
		}
		m.saw("somebody is called who need not be invited", !to.isIn(room))
	}
	return true
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
			for _, other := range m.users {
				gone = gone && number(other) != who
			}
			if n++; gone {
				delete(held, who) // and taking it changes nothing any more
				n--
			}
		}
	}
	for target, ban := range r.bans {
		if (ban.until == 0 || now < ban.until) && (m.operators[id] || !addressed(target)) {
			n++
		}
	}
	for _, excepts := range r.excepts {
		for target := range excepts {
			if m.operators[id] || !addressed(target) {
				n++
			}
		}
	}
	return n
}

// meant is who has that name: the user if it is here, and what is registered for it.
func (m *model) meant(name string) (u *soul, account, shown string, ok, here bool) {
	if u, here = m.find(name); here {
		if shown = u.account; shown == "" {
			shown = u.name
		}
		return u, u.account, shown, true, true
	}
	if u = m.owner(name); u != nil {
		return u, name, name, true, true
	}
	if m.registered[name] {
		return nil, name, name, true, false
	}
	return nil, "", name, false, false
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
	if who == "" && here {
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
	inside := here && to.isIn(room)
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
			m.tellAll(to, Invited, m.who(id).name, room)
		}
	}
}

// keep is ROOM KEEP: what is asked for, and with which code it is refused.
func (m *model) keep(id ClientID, cmd *Command) {
	why, room := Code(""), m.device(id).current
	if cmd.Room != "" {
		room = cmd.Room
	}
	switch {
	case m.silent(id, cmd.second()):
		why = Shunned
	case room == "":
		why = NoRoom
	case cmd.Room != "" && !m.who(id).isIn(room) && !(m.operators[id] && m.exists(room)):
		why = NoSuchRoom
	case m.ownLevel(id, room) < asFounder:
		why = NotRoomOperator
	case m.rulesOf(room).founder == "":
		why = NotRegistered
	}
	m.tell(id, Asked, why)
}

// drawPlace takes the number of a message for a room that is made.
func (m *model) drawPlace() {
	if m.last++; m.last == MsgID(LobbyPlace) {
		m.last++
	}
}

// restore makes a room of what was kept of it.
func (m *model) restore(cmd *Command) {
	m.drawPlace()
	delete(m.ruled, cmd.Kept.Name)
	r := m.rulesOf(cmd.Kept.Name)
	for _, h := range cmd.Kept.Rights {
		switch {
		case h.Kind == RightKept:
		case h.Kind == RightFounder && m.registered[h.Target]:
			r.founder, r.kept = h.Target, true
		case h.Kind == RightBan && (h.Until == 0 || h.Until > cmd.second()):
			r.bans[h.Target] = barred{h.Until, h.By, h.At / 1000, h.Stays}
		case h.Kind == RightExcept || h.Kind == RightInvex:
			r.excepts[h.Kind][h.Target] = true
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
		m.forgetEnded()
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
	m.forgetEnded()
	if here {
		m.tell(id, GovernDone, room, RightKept, cmd.Off, "")
	}
}

func (m *model) bar(id ClientID, room string, cmd *Command) {
	to, account, target, _, here := m.meant(cmd.Name)
	byAddress := addressed(target)
	if host, _, is := strings.Cut(target, ":"); is && looksLikeAddress(target) {
		target = host + ":*"
	}
	as := m.accountLevel(account, room)
	if here {
		as = m.levelIn(to, room)
	}
	r := m.rulesOf(room)
	had, is := r.bans[target]
	is = is && (had.until == 0 || cmd.second() < had.until)
	switch own := m.ownLevel(id, room); {
	case room == Lobby && !isMute(target):
		m.tell(id, Refused, BadArgument)
	case byAddress && !m.operators[id]:
		m.tell(id, Refused, NotOperator)
	case cmd.Right != RightBan:
		was := r.excepts[cmd.Right][target]
		if r.excepts[cmd.Right][target] = true; cmd.Off {
			delete(r.excepts[cmd.Right], target)
		}
		m.changed(id, room, cmd, was == cmd.Off, target)
	case cmd.Off && !is:
		m.tell(id, Refused, NoSuchBan)
	case cmd.Off:
		delete(r.bans, target)
		m.changed(id, room, cmd, true, target)
	case m.mayAsMuch(own, as, room):
		m.tell(id, Refused, NotRoomOperator)
	default:
		until := int64(0)
		if cmd.N > 0 {
			until = cmd.second() + cmd.N
		}
		r.bans[target] = barred{until, m.who(id).name, cmd.second(), cmd.Stays}
		m.changed(id, room, cmd, true, target)
		if isMute(target) {
			return
		}
		m.uninvite(target, room)
		for _, other := range m.in(room) {
			if !cmd.Stays && m.meansIt(target, other) && m.barred(other, room, cmd.second(), true) {
				m.putOut(other, room, m.who(id).name)
			}
		}
	}
}

// addressed says whether a target is an address.
func addressed(target string) bool { return looksLikeAddress(target) && !strings.Contains(target, ":") }

// uninvite forgets that those are invited whom a target means.
func (m *model) uninvite(target, room string) {
	invited := m.rulesOf(room).held[RightInvite]
	for _, u := range m.users {
		if m.meansIt(target, u) {
			delete(invited, number(u))
			delete(invited, u.account)
		}
	}
	delete(invited, strings.TrimPrefix(target, "a:"))
	if target == "a:*" {
		maps.DeleteFunc(invited, func(who, _ string) bool { return !strings.HasPrefix(who, "#") })
	}
}

// randomTarget is whom one might ban, or except, other than by name.
func randomTarget(random *rand.Rand, names []string, slot int) string {
	name := names[random.IntN(len(names))]
	bare := []string{
		name + "!*@*", "a:" + name, fmt.Sprintf("*!*@10.0.0.%d", slot), name + fmt.Sprintf("!*@10.0.0.%d", slot), "a:*", "m:" + name + "!*@*", "m:a:" + name, fmt.Sprintf("m:*!*@10.0.0.%d", slot),
	}
	return bare[random.IntN(len(bare))]
}

// keeper keeps rooms and persons as a server's disk does, some commands later.
type keeper struct{ asked []Command }

func (k *keeper) hear(events []Event) {
	for _, e := range events {
		if e.Kind == Asked && e.Ask.Person != nil {
			k.asked = append(k.asked, Command{Verb: PersonKept, Client: e.Client, Name: e.Ask.Key, Person: e.Ask.Person, Off: e.Ask.Off})
		}
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
		cmd.N, cmd.Stays = []int64{0, 1, 100, 1000}[random.IntN(4)], random.IntN(3) == 0
	case RightLimit:
		cmd.N = 1 + random.Int64N(5)
	case RightKey:
		cmd.Text = []string{"sesame", "thyme"}[random.IntN(2)]
	}
	if cmd.Right.row().of != ofTarget {
		return
	}
	switch random.IntN(8) {
	case 0:
		cmd.Name = fmt.Sprint("10.0.0.", slot)
	case 1, 2, 3:
		cmd.Name = randomTarget(random, names, slot)
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
	cameUp := agree(t, 50_000, allowed, randomGovernor)
	for _, kind := range []Kind{Governed, GovernDone, Invited, RightList, Asked} {
		if !cameUp[fmt.Sprint(kind)] {
			t.Errorf("no event of kind %d came up: the test has lost its point", kind)
		}
	}
	for _, code := range []Code{NotRoomOperator, PutOut, RoomBanned, RoomLocked, RoomKey, RoomFull, RoomMuted, NotOperator, NoSuchBan, NotRegistered, BadArgument} {
		if !cameUp[fmt.Sprint(Refused, " ", code)] {
			t.Errorf("no refusal with %s came up: the test has lost its point", code)
		}
	}
}

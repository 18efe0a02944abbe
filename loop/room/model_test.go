package room

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"
)

// model is the chat as one would write it down on a napkin: it keeps users and what they have, and looks through all of them each time.
type model struct {
	cfg   Config
	users []*soul
	count int
	last  MsgID
	said  map[string][]line // by room
	noted map[string]int    // events of a room behind its last message
	told  []string          // what the command at hand tells, one line per receiver
	seen  map[string]bool   // what has come up that no event and no refusal shows

	operators, quiet map[ClientID]bool
	registered       map[string]bool
	banned, shunned  map[string]int64 // until when; 0 for ever
	keys             map[ClientID]string
	ruled            map[string]*rules           // rooms that have some
	numbers          map[string]map[string]int64 // by name in lower case and ID
}

func newModel(cfg Config) *model {
	return &model{
		cfg: cfg, said: map[string][]line{}, noted: map[string]int{}, seen: map[string]bool{}, operators: map[ClientID]bool{}, quiet: map[ClientID]bool{},
		registered: map[string]bool{}, banned: map[string]int64{}, shunned: map[string]int64{},
		keys: map[ClientID]string{}, ruled: map[string]*rules{}, numbers: map[string]map[string]int64{},
	}
}

// saw notes that something has come up.
func (m *model) saw(what string, is bool) {
	if is {
		m.seen[what] = true
	}
}

// in is the members of a room.
func (m *model) in(room string) (members []*soul) {
	for _, u := range m.users {
		if u.isIn(room) {
			members = append(members, u)
		}
	}
	return members
}

func (m *model) tell(to ClientID, words ...any) {
	m.told = append(m.told, fmt.Sprint(to, ": ", fmt.Sprintln(words...)))
}

// tellAll tells all sessions of u.
func (m *model) tellAll(u *soul, words ...any) { m.tellOthers(u, nil, words...) }

// tellOthers tells all sessions of u but some.
func (m *model) tellOthers(u *soul, but []ClientID, words ...any) {
	for _, d := range u.devices {
		if !slices.Contains(but, d.id) {
			m.tell(d.id, words...)
		}
	}
}

func (m *model) tellRoom(room string, but ClientID, words ...any) {
	for _, u := range m.in(room) {
		m.tellOthers(u, []ClientID{but}, words...)
	}
}

// tellNeighbours tells all sessions of u, and of those who share a room with it, but some.
func (m *model) tellNeighbours(u *soul, but []ClientID, words ...any) {
	for _, other := range m.users {
		if other == u || slices.ContainsFunc(u.rooms, other.isIn) {
			m.tellOthers(other, but, words...)
		}
	}
}

func (m *model) find(name string) (*soul, bool) {
	for _, u := range m.users {
		if strings.EqualFold(u.name, name) {
			return u, true
		}
	}
	return nil, false
}

func (m *model) rename(id ClientID, name, key string, answer Kind, now int64) {
	other, taken := m.find(name)
	taken = taken && other != m.who(id)
	switch {
	case m.silent(id, now):
		m.tell(id, Refused, Shunned)
	case holds(m.banned, name, now):
		m.tell(id, Refused, Banned)
	case m.registered[name] && m.who(id).account != name && (taken || m.who(id).name != name):
		m.tell(id, Refused, NameRegistered)
	case taken && (answer != SignedIn || key == "" || !m.hasKey(other, key)):
		m.tell(id, Refused, NameTaken)
	default:
		if taken {
			m.losesName(other)
		}
		m.call(id, name, answer, now)
	}
}

func (m *model) hasKey(u *soul, key string) bool {
	return slices.ContainsFunc(u.devices, func(d *device) bool { return m.keys[d.id] == key })
}

func (m *model) call(id ClientID, name string, answer Kind, now int64) {
	u := m.who(id)
	old := u.name
	u.name = name
	m.moveNumbers(old, name)
	m.tell(id, answer, name)
	if old != name {
		m.tellNeighbours(u, []ClientID{id}, Renamed, old, name)
	}
	m.leaveBarred(u, now)
}

func (m *model) do(cmd *Command) {
	id := cmd.Client
	if cmd.Verb == Connect {
		m.connect(cmd)
		return
	}
	here := m.who(id) != nil
	if m.settle(cmd, here) || !here {
		return
	}
	m.number(id, cmd, func() {
		m.stir(id, cmd)
		if !m.operate(id, cmd) && !m.manage(id, cmd) {
			m.speak(id, m.device(id).current, cmd)
		}
	})
}

func (m *model) speak(id ClientID, room string, cmd *Command) {
	u := m.who(id)
	switch cmd.Verb {
	case SignIn:
		if !u.guest() {
			m.tell(id, Refused, AlreadyIn)
			return
		}
		if m.rename(id, cmd.Name, cmd.Text, SignedIn, cmd.second()); !u.guest() && cmd.Text != "" {
			m.keys[id] = cmd.Text
		}
	case Nick:
		m.rename(id, cmd.Name, "", Nicked, cmd.second())
	case Say, Act:
		if room == "" {
			m.tell(id, Refused, NoRoom)
			return
		}
		m.talk(id, room, map[Verb]Kind{Say: Said, Act: Acted}[cmd.Verb], cmd)
	case Tell:
		m.whisper(id, cmd)
	case Join:
		m.goInto(id, cmd)
	case Part:
		m.part(id, room, cmd.Name)
	case List:
		if room == "" {
			m.tell(id, Refused, NoRoom)
			return
		}
		var names []string
		for _, other := range m.in(room) {
			names = append(names, other.listed())
		}
		slices.Sort(names)
		m.tell(id, Listed, names)
	case Govern:
		m.govern(id, room, cmd)
	case PutOutOf:
		m.putOutOf(id, room, cmd)
	case End:
		m.tell(id, Bye)
		m.end(u, id, 0)
	case Disconnect:
		m.end(u, id, cmd.N)
	}
}

func (m *model) goInto(id ClientID, cmd *Command) {
	u, room := m.who(id), cmd.Name
	switch {
	case u.isIn(room):
		u.rooms = append(without(u.rooms, room), room)
		m.device(id).current = room
		m.tell(id, Joined, room, len(m.in(room)))
	case !m.exists(room) && m.onlyReads(id):
	case m.inTooMany(u):
		m.tell(id, Refused, TooManyRooms)
	case m.keptOut(id, cmd):
	default:
		m.enter(u, id, room)
		m.tell(id, Joined, room, len(m.in(room)))
		m.remind(id, room)
	}
}

// onlyReads says whether id is a guest who may only read, and tells it so.
func (m *model) onlyReads(id ClientID) bool {
	reads := m.cfg.GuestsRead && m.who(id).guest()
	if reads {
		m.tell(id, Refused, NeedName)
	}
	return reads
}

// talk says something in a room; what a shunned one says is told to nobody.
func (m *model) talk(id ClientID, room string, kind Kind, cmd *Command) {
	if m.onlyReads(id) || m.isMuted(id, room, cmd.second()) {
		return
	}
	if m.last++; m.silent(id, cmd.second()) {
		return
	}
	name := m.who(id).name
	m.noted[room] = 0
	m.said[room] = keepLast(append(m.said[room], line{m.last, name, m.who(id).account, cmd.Text}), m.cfg.Recent)
	m.tellRoom(room, id, kind, name, room, cmd.Text)
}

func (m *model) whisper(id ClientID, cmd *Command) {
	u := m.who(id)
	switch to, ok := m.find(cmd.Name); {
	case strings.HasPrefix(cmd.Name, "#"):
		if _, open := m.rulesOf(cmd.Name).set[RightOutside]; !u.isIn(cmd.Name) && !(open && m.exists(cmd.Name)) {
			m.tell(id, Refused, NoSuchRoom)
			return
		}
		m.talk(id, cmd.Name, Said, cmd)
	case u.guest():
		m.tell(id, Refused, NeedName)
	case !ok:
		m.tell(id, Refused, NoSuchUser)
	default:
		if m.last++; m.silent(id, cmd.second()) {
			return
		}
		if to.keeps {
			to.mail = keepLast(append(to.mail, line{m.last, u.name, u.account, cmd.Text}), 100)
		}
		if m.tellAll(to, Whispered, u.name, cmd.Text); to != u {
			m.tellOthers(u, []ClientID{id}, ToldToo, to.name, cmd.Text)
		}
	}
}

func (m *model) part(id ClientID, current, name string) {
	u := m.who(id)
	switch {
	case name == "" && current == "":
		m.tell(id, Refused, NoRoom)
	case name != "" && !u.isIn(name):
		m.tell(id, Refused, NoSuchRoom)
	default:
		if name == "" {
			name = current
		}
		m.tell(id, Done, Part, name)
		others := u.talkingIn(name, id)
		m.leave(u, name)
		m.tellOthers(u, []ClientID{id}, LeftToo, name)
		m.tellCurrent(u, others)
	}
}

// mirror is who is in which room, and which is the current one of each, as the events tell it, which is all that those who deliver them know.
type mirror struct {
	rooms   map[RoomID]map[ClientID]bool
	current map[ClientID]RoomID
}

func newMirror() mirror {
	return mirror{map[RoomID]map[ClientID]bool{}, map[ClientID]RoomID{}}
}

// heard writes events as model does.
func (x mirror) heard(events []Event) (told []string) {
	for i := range events {
		e := &events[i]
		switch e.Kind {
		case Quit, Expelled, Appeared, Vanished, Called, AccountIs, HostIs, InvitedBy: // agree with what the models have otherwise
			continue
		}
		var to []ClientID
		switch e.Scope {
		case ToClient:
			to = []ClientID{e.Client}
		case ToRoom:
			to = x.audience(e, e.Room)
		case ToRooms:
			to = x.audience(e, e.Rooms...)
		case ToLoops:
			x.note(e)
		}
		for _, id := range to {
			told = append(told, fmt.Sprint(id, ": ", fmt.Sprintln(wordsOf(e)...)))
		}
	}
	return told
}

func (x mirror) audience(e *Event, rooms ...RoomID) (to []ClientID) {
	for _, r := range rooms {
		for id := range x.rooms[r] {
			if id != e.Client && !slices.Contains(to, id) {
				to = append(to, id)
			}
		}
	}
	return to
}

func (x mirror) note(e *Event) {
	switch e.Kind {
	case MemberAdded:
		if x.rooms[e.Room] == nil {
			x.rooms[e.Room] = map[ClientID]bool{}
		}
		if x.rooms[e.Room][e.Client] = true; e.Current {
			x.current[e.Client] = e.Room
		}
	case MemberRemoved:
		if delete(x.rooms[e.Room], e.Client); x.current[e.Client] == e.Room {
			delete(x.current, e.Client)
		}
	case CurrentIs:
		x.current[e.Client] = e.Room
	}
}

// check fails if it differs from the sessions of the model: in which rooms each is, and which is the current one.
func (x mirror) check(t *testing.T, s *State, m *model) {
	t.Helper()
	places := 0
	for _, clients := range x.rooms {
		places += len(clients)
	}
	for _, u := range m.users {
		for _, d := range u.devices {
			for _, room := range u.rooms {
				id := s.hall.rooms[room].id
				if !x.rooms[id][d.id] || (x.current[d.id] == id) != (d.current == room) {
					t.Fatalf("the events have %d in %s: %v, as current: %v; want it there, and as current: %v", d.id, room, x.rooms[id][d.id], x.current[d.id] == id, d.current == room)
				}
				places--
			}
		}
	}
	if places != 0 {
		t.Fatalf("the events have told of %d places too many: %v", places, x.rooms)
	}
}

func wordsOf(e *Event) []any {
	switch e.Kind {
	case Entered, Left:
		return []any{e.Kind, e.Who, e.RoomName, e.Count}
	case Renamed, Whispered:
		return []any{e.Kind, e.Who, e.Text}
	case Said, Acted:
		return []any{e.Kind, e.Who, e.RoomName, e.Text}
	case Welcomed:
		return []any{e.Kind, e.Count - 1}
	case SignedIn, Nicked:
		return []any{e.Kind, e.Text}
	case Confirmed:
		return []any{e.Kind, e.Text, e.N}
	case Joined:
		return []any{e.Kind, e.RoomName, e.Count}
	case Done:
		if e.Verb == Logout {
			return []any{e.Kind, e.Verb, e.N}
		}
		return []any{e.Kind, e.Verb, e.RoomName + e.Who}
	case WentAway, ToldToo:
		return []any{e.Kind, e.Who, e.Text}
	case CameBack:
		return []any{e.Kind, e.Who}
	case JoinedToo, LeftToo:
		return []any{e.Kind, e.RoomName}
	case Keeping, IDsAre:
		return []any{e.Kind, e.On}
	case ReadUpTo:
		return []any{e.Kind, e.Text, e.ID, e.Count}
	case Recalled, Missed:
		rows := []line{}
		for _, row := range e.List {
			rows = append(rows, line{row.ID, row.Name, row.Account, row.Text})
		}
		return []any{e.Kind, e.RoomName, e.Count, rows}
	case SessionList:
		rows := []string{}
		for _, row := range e.List {
			rows = append(rows, fmt.Sprint(row.Name, " idle ", row.Count, " from ", row.Who, " this ", row.Own))
		}
		return []any{e.Kind, rows}
	case Refused:
		return []any{e.Kind, e.Why.Code()}
	case Asked:
		if e.Ask.Verb == Keep && e.Ask.Refusal.Why == 0 {
			return []any{e.Kind, map[bool]string{true: "to change", false: "to tell"}[e.Ask.Person != nil], e.Ask.Off}
		}
		return []any{e.Kind, e.Ask.Refusal.Why.Code()}
	case Governed:
		row := e.List[len(e.List)-1] // the founder so far stands in front of a new one
		return []any{e.Kind, row.Right, row.Off, row.Name, row.Who}
	case GovernDone:
		row := e.List[len(e.List)-1]
		return []any{e.Kind, e.RoomName, row.Right, row.Off, row.Name}
	case Invited:
		return []any{e.Kind, e.Who, e.RoomName}
	case RightList:
		return []any{e.Kind, e.RoomName, e.Count}
	case Removed, KickedUser, LoggedIn:
		return []any{e.Kind, e.Who}
	case Listed:
		var names []string
		for _, row := range e.List {
			name := row.Name
			if row.Away {
				name += AwayMark
			}
			names = append(names, name)
		}
		slices.Sort(names)
		return []any{e.Kind, names}
	default:
		return []any{e.Kind}
	}
}

// allowed is the rules of the model, at the beginning and between others.
var allowed = Config{AnnounceMax: 1000, Operators: []string{"ops"}}

// randomCommand is what one of a dozen clients might do, or who runs the server.
func randomCommand(random *rand.Rand, step int, rounds []uint32) Command {
	slot := uint32(random.IntN(len(rounds)))
	cmd := Command{
		Client: NewClientID(slot, rounds[slot]), At: time.Duration(step) * time.Millisecond, Wall: int64(step) * 1000,
		Text: fmt.Sprint("words ", step), N: None,
	}
	verbs := []Verb{
		SignIn, SignIn, Nick, Nick, Say, Say, Say, Act, Tell, Tell, Join, Join, Part, List, End, Disconnect, Connect, Connect, Connect,
		Grant, Kick, Registered, LogIn, Unregistered, SetBan, SetShun, BanClient, ShunClient, Register, Login, Unregister, Trust, Distrust, Ban, Bans, Confirm,
		LimitHistory, Configure, Start, Govern, Govern, Govern, PutOutOf, KeepRoom,
	}
	if cmd.Verb = verbs[random.IntN(len(verbs))]; cmd.Verb == Configure && random.IntN(10) > 0 {
		cmd.Verb = Say // rules last
	}
	names := []string{"ann", "bob", "cem", "dan", "eve", "fay", "gus", "hal"}
	rooms := []string{"#lobby", "#one", "#two", "#three"}
	if numbered := random.IntN(3) == 0; cmd.Verb == Confirm || numbered && (cmd.Verb == Say || cmd.Verb == Act || cmd.Verb == Tell) {
		cmd.ID, cmd.Seq = []string{"phone", "pad", "desk"}[random.IntN(3)], 1+random.Int64N(20)
	}
	switch cmd.Verb {
	case Configure:
		cfg := allowed
		if cfg.GuestsRead = random.IntN(3) == 0; random.IntN(3) == 0 {
			cfg.Operators = nil
		}
		cmd.Client, cmd.Config = NoClient, &cfg
	case LimitHistory:
		cmd.Client, cmd.N = NoClient, random.Int64N(2000)
	case Start:
		cmd.Client, cmd.N = NoClient, int64(step)-random.Int64N(2000)
	case ShunClient: // whose end the model doesn't know; TestShunOfAClientEnds does
		cmd.N = []int64{None, 0}[random.IntN(2)]
	case SetBan, SetShun, BanClient:
		cmd.N = []int64{None, 0, cmd.second(), cmd.second() + 1, cmd.second() + 20, cmd.second() + 100}[random.IntN(6)]
		cmd.Name = names[random.IntN(len(names))]
	case Grant:
		cmd.Name = []string{"ops", "nobody"}[random.IntN(2)]
	case Unregister:
		cmd.Name = append(names, "", "")[random.IntN(len(names)+2)]
	case SignIn:
		cmd.Name, cmd.Text = names[random.IntN(len(names))], []string{"", "key", "other key"}[random.IntN(3)]
	case Nick, Kick, Registered, LogIn, Unregistered, Login, Ban:
		cmd.Name = names[random.IntN(len(names))]
	case Tell:
		cmd.Name = append(names, rooms...)[random.IntN(len(names)+len(rooms))]
	case Join:
		cmd.Name, cmd.Text = rooms[random.IntN(len(rooms))], []string{"", "sesame"}[random.IntN(2)]
	case Govern, PutOutOf, KeepRoom:
		randomRule(random, &cmd, names, rooms, rounds)
	case Part:
		cmd.Name = append(rooms, "", "")[random.IntN(len(rooms)+2)]
	case Connect:
		rounds[slot]++
		cmd.Client = NewClientID(slot, rounds[slot])
		cmd.Name, cmd.Text = fmt.Sprintf("10.0.0.%d:%d", slot, 1024+rounds[slot]), ""
	}
	return cmd
}

// TestStateAgreesWithModel compares who is told what, command by command.
func TestStateAgreesWithModel(t *testing.T) {
	cameUp := agree(t, 100_000, allowed, randomCommand)
	for _, kind := range []Kind{Entered, Left, Renamed, Said, Whispered, Removed, KickedUser, LoggedIn, Done, Asked, Confirmed} {
		if !cameUp[fmt.Sprint(kind)] {
			t.Errorf("no event of kind %d came up: the test has lost its point", kind)
		}
	}
	for _, code := range []Code{Kicked, Banned, Shunned, NameRegistered, NotRegistered, LoggedInElsewhere, NotOperator, WrongPassword} {
		if !cameUp[fmt.Sprint(Refused, " ", code)] {
			t.Errorf("no refusal with %s came up: the test has lost its point", code)
		}
	}
}

// agree compares who is told what of so many commands of a dozen clients, and returns what came up: kinds of events, and whole lines.
func agree(t *testing.T, commands int, cfg Config, next func(random *rand.Rand, step int, rounds []uint32) Command) map[string]bool {
	t.Helper()
	random := rand.New(rand.NewPCG(7, 8))
	state := New(cfg)
	napkin, cameUp := newModel(cfg), map[string]bool{}
	mirror, last := newMirror(), MsgID(0)
	rounds := make([]uint32, 12)
	var disk keeper
	for step := range commands {
		cmd := next(random, step, rounds)
		disk.settle(&cmd, random)
		if cmd.Verb == Connect {
			// A slot is given to the next client only when the last one has gone.
			gone := Command{Verb: Disconnect, Client: NewClientID(cmd.Client.Slot(), cmd.Client.Tag()-1), At: cmd.At, Wall: cmd.Wall}
			napkin.do(&gone)
			mirror.heard(state.Apply(&gone))
			napkin.told = nil
		}
		napkin.do(&cmd)
		events := state.Apply(&cmd)
		disk.hear(events)
		last = checkIDs(t, events, last)
		got, want := mirror.heard(events), napkin.told
		for _, line := range want {
			_, what, _ := strings.Cut(line, ": ")
			cameUp[strings.Fields(what)[0]] = true
			cameUp[strings.TrimSpace(what)] = true
		}
		slices.Sort(got)
		slices.Sort(want)
		if !slices.Equal(got, want) {
			t.Fatalf("step %d: %+v told\n%s, want\n%s", step, cmd, strings.Join(got, ""), strings.Join(want, ""))
		}
		napkin.told = nil
		mirror.check(t, state, napkin)
		checkLinks(t, state)
	}
	maps.Copy(cameUp, napkin.seen)
	return cameUp
}

// checkIDs fails if the events of a command are of messages without one id that is greater than the last one, or of what is done to rooms with ids that are not, and returns the last one now.
func checkIDs(t *testing.T, events []Event, last MsgID) (now MsgID) {
	t.Helper()
	now = last
	for i := range events {
		e := &events[i]
		message := e.Kind == Said || e.Kind == Acted || e.Kind == Whispered || e.Kind == ToldToo
		answer := e.Kind == Confirmed && e.ID > 0 // perhaps of what is told to nobody
		switch e.Kind {
		case ReadUpTo: // a mark can be at a message that nobody was told of
			continue
		case TopicSet, TopicIs, Governed, GovernDone, Expelled, Refused:
			if e.ID != 0 && (e.ID <= last || e.ID < now || e.At == 0) || (e.Place != 0) != (e.ID != 0 && e.Scope == ToRoom) {
				t.Fatalf("%+v comes behind %v, among events with %v", e, last, now)
			}
			now = max(now, e.ID)
			continue
		}
		if (message || answer) != (e.ID > last) || message && e.At == 0 || e.ID > 0 && now > last && e.ID != now {
			t.Fatalf("%+v comes behind %v, among events with %v", e, last, now)
		}
		now = max(now, e.ID)
	}
	return now
}

// checkLinks fails if what a State keeps in two places differs.
func checkLinks(t *testing.T, s *State) {
	t.Helper()
	users := 0
	for _, u := range s.people.at {
		if u == nil {
			continue
		}
		if u.locked() {
			if u.key != "" || u.roomCount() > 0 || u.prev != 0 || u.next != 0 || s.idle.front == u {
				t.Fatalf("%+v is locked and stands somewhere", u)
			}
			continue
		}
		users++
		if s.names.here.find(u.key) != u {
			t.Fatalf("the key %q of %+v stands for someone else", u.key, u)
		}
		for seat := range u.seats {
			if seat.room.members[seat.index] != u || s.hall.rooms[seat.room.key] != seat.room {
				t.Fatalf("%s has a seat in %s that isn't its own", u.name, seat.room.name)
			}
		}
	}
	if users != s.names.here.count {
		t.Fatalf("%d users have %d names", users, s.names.here.count)
	}
	members, occupied := 0, 0
	for _, r := range s.hall.rooms {
		if members += len(r.members); len(r.members) > 0 {
			occupied++
		}
		if len(r.members) == 0 && r.key != Lobby && !r.durable() {
			t.Fatalf("the empty room %s is still there", r.name)
		}
		staying := 0
		for _, u := range r.members {
			if u.stays() {
				staying++
			}
		}
		if r.staying != staying || r.recorded != r.durable() || r.touched || r.place == 0 {
			t.Fatalf("of %d who stay, %+v", staying, r)
		}
	}
	for _, u := range s.people.at {
		if u != nil {
			members -= u.roomCount()
		}
	}
	if occupied != s.hall.occupied {
		t.Fatalf("%d rooms have members, and are %d by count", occupied, s.hall.occupied)
	}
	there := func(id ClientID) bool { u := s.people.ofSlot(id); return u != nil && u.sessionOf(id) != nil }
	for id := range s.rights.operators {
		if !there(id) {
			t.Fatalf("%d is an operator and has gone", id)
		}
	}
	for id := range s.names.keys {
		if !there(id) {
			t.Fatalf("%d has a key and has gone", id)
		}
	}
	checkNumbers(t, s)
	checkLooks(t, s)
	for id := range s.rights.quiet {
		if !there(id) {
			t.Fatalf("%d is shunned and has gone", id)
		}
	}
	if members != 0 {
		t.Fatalf("%d members of rooms have no seat", members)
	}
}

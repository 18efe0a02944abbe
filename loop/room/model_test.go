package room

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"
)

// model is the chat as one would write it down on a napkin: it keeps names and rooms, and looks through all of them each time.
type model struct {
	names map[ClientID]string
	rooms map[ClientID][]string // in the order of joining
	told  []string              // what the command at hand tells, one line per receiver

	guestsRead, noOperators bool // rules

	operators, quiet map[ClientID]bool
	registered       map[string]bool
	accounts         map[ClientID]string
	banned, shunned  map[string]int64 // until when; 0 for ever
	keys             map[ClientID]string
	ruled            map[string]*rules           // rooms that have some
	addresses        map[ClientID]string         // without ports
	numbers          map[string]map[string]int64 // by name in lower case and ID
}

func newModel() *model {
	return &model{
		names: map[ClientID]string{}, rooms: map[ClientID][]string{}, operators: map[ClientID]bool{}, quiet: map[ClientID]bool{},
		registered: map[string]bool{}, accounts: map[ClientID]string{}, banned: map[string]int64{}, shunned: map[string]int64{},
		keys: map[ClientID]string{}, ruled: map[string]*rules{}, addresses: map[ClientID]string{}, numbers: map[string]map[string]int64{},
	}
}

func (m *model) in(name string) (members []ClientID) {
	for id := range m.names {
		if slices.Contains(m.rooms[id], name) {
			members = append(members, id)
		}
	}
	return members
}

func (m *model) tell(to ClientID, words ...any) {
	m.told = append(m.told, fmt.Sprint(to, ": ", fmt.Sprintln(words...)))
}

func (m *model) tellRoom(name string, but ClientID, words ...any) {
	for _, id := range m.in(name) {
		if id != but {
			m.tell(id, words...)
		}
	}
}

func (m *model) current(id ClientID) string {
	if n := len(m.rooms[id]); n > 0 {
		return m.rooms[id][n-1]
	}
	return ""
}

func (m *model) find(name string) (ClientID, bool) {
	for id, n := range m.names {
		if strings.EqualFold(n, name) {
			return id, true
		}
	}
	return 0, false
}

func (m *model) guest(id ClientID) bool { return strings.Contains(m.names[id], ":") }

func (m *model) enter(id ClientID, name string) {
	m.rooms[id] = append(m.rooms[id], name)
	m.tellRoom(name, id, Entered, m.names[id], name, len(m.in(name)))
}

func (m *model) leave(id ClientID, name string) {
	m.rooms[id] = slices.DeleteFunc(m.rooms[id], func(r string) bool { return r == name })
	m.tellRoom(name, id, Left, m.names[id], name, len(m.in(name)))
	m.forgetRules(id, name)
}

func (m *model) rename(id ClientID, name, key string, answer Kind, now int64) {
	other, taken := m.find(name)
	switch {
	case m.silent(id, now):
		m.tell(id, Refused, Shunned)
	case holds(m.banned, name, now):
		m.tell(id, Refused, Banned)
	case m.registered[name] && other != id:
		m.tell(id, Refused, NameRegistered)
	case taken && other != id && (answer != SignedIn || key == "" || m.keys[other] != key):
		m.tell(id, Refused, NameTaken)
	default:
		if taken && other != id {
			m.replace(other)
		}
		m.call(id, name, answer, now)
	}
}

func (m *model) call(id ClientID, name string, answer Kind, now int64) {
	old := m.names[id]
	m.names[id] = name
	m.moveNumbers(old, name)
	m.tell(id, answer, name)
	if old != name {
		m.tellNeighbours(id, Renamed, old, name)
	}
	m.leaveBarred(id, now)
}

func (m *model) tellNeighbours(id ClientID, words ...any) {
	for other := range m.names {
		if other != id && slices.ContainsFunc(m.rooms[id], func(r string) bool { return slices.Contains(m.rooms[other], r) }) {
			m.tell(other, words...)
		}
	}
}

// vanish takes id out of all.
func (m *model) vanish(id ClientID) {
	for len(m.rooms[id]) > 0 {
		m.leave(id, m.rooms[id][0])
	}
	delete(m.names, id)
	delete(m.operators, id)
	delete(m.quiet, id)
	delete(m.keys, id)
	delete(m.accounts, id)
}

func (m *model) do(cmd *Command) {
	id := cmd.Client
	if cmd.Verb == Connect {
		m.names[id] = cmd.Name
		m.addresses[id], _, _ = strings.Cut(cmd.Name, ":")
		m.tell(id, Welcomed, len(m.in(Lobby))) // one too many: id has a name and no room yet
		m.enter(id, Lobby)
		return
	}
	_, here := m.names[id]
	if m.settle(cmd, here) || !here || m.operate(id, cmd) {
		return
	}
	m.number(id, cmd, func() { m.say(id, cmd) })
}

// say is for what the client says itself, and what a shunned one says is told to nobody.
func (m *model) say(id ClientID, cmd *Command) {
	m.speak(id, m.current(id), cmd)
	if talk := cmd.Verb == Say || cmd.Verb == Act || cmd.Verb == Tell; talk && m.silent(id, cmd.second()) {
		m.told = slices.DeleteFunc(m.told, func(line string) bool { return !strings.HasPrefix(line, fmt.Sprint(id, ": ", Refused, " ")) })
	}
}

func (m *model) speak(id ClientID, room string, cmd *Command) {
	switch cmd.Verb {
	case SignIn:
		if !m.guest(id) {
			m.tell(id, Refused, AlreadyIn)
			return
		}
		if m.rename(id, cmd.Name, cmd.Text, SignedIn, cmd.second()); !m.guest(id) && cmd.Text != "" {
			m.keys[id] = cmd.Text
		}
	case Nick:
		m.rename(id, cmd.Name, "", Nicked, cmd.second())
	case Say, Act:
		if room == "" {
			m.tell(id, Refused, NoRoom)
			return
		}
		if m.onlyReads(id) || m.isMuted(id, room) {
			return
		}
		m.tellRoom(room, id, map[Verb]Kind{Say: Said, Act: Acted}[cmd.Verb], m.names[id], room, cmd.Text)
	case Tell:
		m.whisper(id, cmd)
	case Join:
		if !m.exists(cmd.Name) && m.onlyReads(id) {
			return
		}
		if m.keptOut(id, cmd) {
			return
		}
		if had := slices.Contains(m.rooms[id], cmd.Name); had {
			m.rooms[id] = append(slices.DeleteFunc(m.rooms[id], func(r string) bool { return r == cmd.Name }), cmd.Name)
		} else {
			m.enter(id, cmd.Name)
		}
		m.tell(id, Joined, cmd.Name, len(m.in(cmd.Name)))
	case Part:
		m.part(id, room, cmd.Name)
	case List:
		if room == "" {
			m.tell(id, Refused, NoRoom)
			return
		}
		var names []string
		for _, other := range m.in(room) {
			names = append(names, m.names[other])
		}
		slices.Sort(names)
		m.tell(id, Listed, names)
	case Govern:
		m.govern(id, room, cmd)
	case PutOutOf:
		m.putOutOf(id, room, cmd)
	case End, Disconnect:
		if cmd.Verb == End {
			m.tell(id, Bye)
		}
		m.vanish(id)
	}
}

// onlyReads says whether id is a guest who may only read, and tells it so.
func (m *model) onlyReads(id ClientID) bool {
	reads := m.guestsRead && m.guest(id)
	if reads {
		m.tell(id, Refused, NeedName)
	}
	return reads
}

func (m *model) whisper(id ClientID, cmd *Command) {
	switch to, ok := m.find(cmd.Name); {
	case strings.HasPrefix(cmd.Name, "#"):
		if !slices.Contains(m.rooms[id], cmd.Name) {
			m.tell(id, Refused, NoSuchRoom)
			return
		}
		if m.onlyReads(id) {
			return
		}
		if m.isMuted(id, cmd.Name) {
			return
		}
		m.tellRoom(cmd.Name, id, Said, m.names[id], cmd.Name, cmd.Text)
	case m.guest(id):
		m.tell(id, Refused, NeedName)
	case !ok:
		m.tell(id, Refused, NoSuchUser)
	default:
		m.tell(to, Whispered, m.names[id], cmd.Text)
	}
}

func (m *model) part(id ClientID, current, name string) {
	switch {
	case name == "" && current == "":
		m.tell(id, Refused, NoRoom)
	case name != "" && !slices.Contains(m.rooms[id], name):
		m.tell(id, Refused, NoSuchRoom)
	default:
		if name == "" {
			name = current
		}
		m.tell(id, Done, Part, name)
		m.leave(id, name)
	}
}

// mirrorOf is who is in which room as the events tell it, which is all that those who deliver them know.
type mirrorOf map[RoomID]map[ClientID]bool

// heard writes events as model does.
func (mirror mirrorOf) heard(events []Event) (told []string) {
	for i := range events {
		e := &events[i]
		var to []ClientID
		switch e.Scope {
		case ToClient:
			to = []ClientID{e.Client}
		case ToRoom:
			to = mirror.audience(e, e.Room)
		case ToRooms:
			to = mirror.audience(e, e.Rooms...)
		case ToLoops:
			mirror.note(e)
		}
		for _, id := range to {
			told = append(told, fmt.Sprint(id, ": ", fmt.Sprintln(wordsOf(e)...)))
		}
	}
	return told
}

func (mirror mirrorOf) audience(e *Event, rooms ...RoomID) (to []ClientID) {
	for _, r := range rooms {
		for id := range mirror[r] {
			if id != e.Client && !slices.Contains(to, id) {
				to = append(to, id)
			}
		}
	}
	return to
}

func (mirror mirrorOf) note(e *Event) {
	switch e.Kind {
	case MemberAdded:
		if mirror[e.Room] == nil {
			mirror[e.Room] = map[ClientID]bool{}
		}
		mirror[e.Room][e.Client] = true
	case MemberRemoved:
		delete(mirror[e.Room], e.Client)
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
		return []any{e.Kind, e.Verb, e.RoomName + e.Who}
	case Refused:
		return []any{e.Kind, e.Why.Code()}
	case Asked:
		return []any{e.Kind, e.Ask.Refusal.Why.Code()}
	case Governed:
		return []any{e.Kind, e.List[0].Right, e.Off, e.List[0].Name, e.List[0].Who}
	case GovernDone:
		return []any{e.Kind, e.RoomName, e.List[0].Right, e.Off, e.List[0].Name}
	case Invited:
		return []any{e.Kind, e.Who, e.RoomName}
	case RightList:
		return []any{e.Kind, e.RoomName, e.Count}
	case Removed, KickedUser, LoggedIn:
		return []any{e.Kind, e.Who}
	case Listed:
		var names []string
		for _, row := range e.List {
			names = append(names, row.Name)
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
	cameUp := agree(t, 100_000, randomCommand)
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
func agree(t *testing.T, commands int, next func(random *rand.Rand, step int, rounds []uint32) Command) map[string]bool {
	t.Helper()
	random := rand.New(rand.NewPCG(7, 8))
	state := New(allowed)
	napkin, cameUp := newModel(), map[string]bool{}
	mirror, last := mirrorOf{}, MsgID(0)
	rounds := make([]uint32, 12)
	var disk keeper
	for step := range commands {
		cmd := next(random, step, rounds)
		disk.settle(&cmd, random)
		if cmd.Verb == Connect {
			// A slot is given to the next client only when the last one has gone.
			gone := Command{Verb: Disconnect, Client: NewClientID(cmd.Client.Slot(), cmd.Client.Tag()-1)}
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
		checkLinks(t, state)
	}
	return cameUp
}

// checkIDs fails if the events of a command are of messages without one id that is greater than the last one, and returns the last one now.
func checkIDs(t *testing.T, events []Event, last MsgID) (now MsgID) {
	t.Helper()
	now = last
	for i := range events {
		e := &events[i]
		message := e.Kind == Said || e.Kind == Acted || e.Kind == Whispered || e.Kind == ToldToo
		answer := e.Kind == Confirmed && e.ID > 0 // perhaps of what is told to nobody
		if (message || answer) != (e.ID > last) || message != (e.At > 0) || e.ID > 0 && now > last && e.ID != now {
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
	members := 0
	for _, r := range s.hall.rooms {
		members += len(r.members)
		if len(r.members) == 0 && r.key != Lobby && !r.rights.has(RightKept) {
			t.Fatalf("the empty room %s is still there", r.name)
		}
	}
	for _, u := range s.people.at {
		if u != nil {
			members -= u.roomCount()
		}
	}
	for id := range s.rights.operators {
		if s.people.of(id) == nil {
			t.Fatalf("%d is an operator and has gone", id)
		}
	}
	for id := range s.names.keys {
		if s.people.of(id) == nil {
			t.Fatalf("%d has a key and has gone", id)
		}
	}
	checkNumbers(t, s)
	checkLooks(t, s)
	for id := range s.rights.quiet {
		if s.people.of(id) == nil {
			t.Fatalf("%d is shunned and has gone", id)
		}
	}
	if members != 0 {
		t.Fatalf("%d members of rooms have no seat", members)
	}
}

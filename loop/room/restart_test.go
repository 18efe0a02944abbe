package room

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"
)

// notebook is a store as one would write it down: it hears all events, and has of each record the last.
type notebook struct {
	names   map[string]string // registered, as shown, by key
	rooms   map[string]*KeptRoom
	persons map[string]*KeptPerson
	since   map[string]MsgID // the last message when each came to stay
	marks   map[string]map[string]KeptMark
	keys    map[string]metadata // by account
	said    map[PlaceID][]Row
	letters []Letter
	bans    map[string]Command // what has been set last for each name
	shuns   map[string]Command
	starts  int64
}

func newNotebook() *notebook {
	return &notebook{
		names: map[string]string{}, rooms: map[string]*KeptRoom{}, persons: map[string]*KeptPerson{}, since: map[string]MsgID{}, marks: map[string]map[string]KeptMark{}, keys: map[string]metadata{},
		said: map[PlaceID][]Row{}, bans: map[string]Command{}, shuns: map[string]Command{},
	}
}

// settled is when a command is about to be applied that says what the server has kept.
func (b *notebook) settled(cmd *Command) {
	switch cmd.Verb {
	case Registered:
		b.names[cmd.Name] = cmd.Name
	case Unregistered:
		delete(b.names, cmd.Name)
		delete(b.marks, cmd.Name)
		delete(b.keys, cmd.Name)
	case SetBan:
		b.bans[cmd.Name] = *cmd
	case SetShun:
		b.shuns[cmd.Name] = *cmd
	case PersonKept:
		b.write(Record{Person: cmd.Person})
	case RoomKept:
		if cmd.Off {
			b.write(Record{NoRoom: cmd.Kept.Key})
		} else {
			b.write(Record{Room: cmd.Kept})
		}
	}
}

func (b *notebook) hear(events []Event) {
	for i := range events {
		switch e := &events[i]; e.Kind {
		case Said, Acted:
			b.said[e.Place] = append(b.said[e.Place], Row{Name: e.Who, Account: e.Account, Text: e.Text, ID: e.ID, At: e.At, Action: e.Kind == Acted})
		case RecordChanged:
			if p := e.Record.Person; p != nil && p.Keeps && b.since[p.Account] == 0 {
				b.since[p.Account] = p.Took
			}
			b.write(*e.Record)
		}
	}
}

func (b *notebook) write(r Record) {
	switch {
	case r.Room != nil:
		delete(b.rooms, r.Was)
		b.rooms[r.Room.Key] = r.Room
	case r.NoRoom != "":
		delete(b.rooms, r.NoRoom)
	case r.Ended != 0:
		delete(b.said, r.Ended)
	case r.Person != nil && !r.Person.Keeps:
		delete(b.persons, r.Person.Account)
		delete(b.since, r.Person.Account)
	case r.Person != nil:
		b.persons[r.Person.Account] = r.Person
	case r.Letter != nil:
		b.letters = append(b.letters, *r.Letter)
	case r.Key != nil:
		b.keys[r.Key.Account] = b.keys[r.Key.Account].with(r.Key.Key, r.Key.Value)
	case r.Mark.Read == 0:
		delete(b.marks[r.Mark.Account], r.Mark.Key)
	default:
		if b.marks[r.Mark.Account] == nil {
			b.marks[r.Mark.Account] = map[string]KeptMark{}
		}
		b.marks[r.Mark.Account][r.Mark.Key] = *r.Mark
	}
}

// past is what there is of an account besides that it stays.
func (b *notebook) past(account string) *Past {
	p := &Past{Metadata: b.keys[account]}
	for _, key := range slices.Sorted(maps.Keys(b.marks[account])) {
		p.Marks = append(p.Marks, b.marks[account][key])
	}
	for _, l := range b.letters {
		if l.ToAccount == account && l.ID > b.since[account] {
			p.Rows = append(p.Rows, Row{Name: l.From, Account: l.FromAccount, Text: l.Text, ID: l.ID, At: l.At})
		}
	}
	return p
}

// begin makes a State of what is there, as a server that starts does, and writes down what follows.
func (b *notebook) begin(cfg Config, at time.Duration) *State {
	s := New(cfg)
	do := func(cmd Command) {
		cmd.Client, cmd.At, cmd.Wall = NoClient, at, int64(at/time.Second)*1000
		b.hear(s.Apply(&cmd))
	}
	b.starts++
	do(Command{Verb: Start, N: b.starts})
	for _, name := range slices.Sorted(maps.Values(b.names)) {
		do(Command{Verb: Registered, Name: name})
	}
	rooms, persons := maps.Clone(b.rooms), maps.Clone(b.persons)
	for _, key := range slices.Sorted(maps.Keys(rooms)) {
		do(Command{Verb: RestoreRoom, Kept: rooms[key]})
	}
	for _, key := range slices.Sorted(maps.Keys(rooms)) {
		do(Command{Verb: Remember, Name: key, Past: &Past{Rows: b.said[rooms[key].Place]}})
	}
	for _, account := range slices.Sorted(maps.Keys(persons)) {
		do(Command{Verb: RestorePerson, Name: b.names[account], Person: persons[account], Past: b.past(account)})
	}
	for _, set := range []map[string]Command{b.bans, b.shuns} {
		for _, name := range slices.Sorted(maps.Keys(set)) {
			do(set[name])
		}
	}
	do(Command{Verb: Restored})
	places := map[PlaceID]bool{}
	for _, r := range s.hall.rooms {
		places[r.place] = true
	}
	maps.DeleteFunc(b.said, func(place PlaceID, _ []Row) bool { return !places[place] }) // which have ended with the server
	return s
}

// check fails if the notebook has something of who isn't there any more, or lacks what the State has.
func (b *notebook) check(t *testing.T, s *State) {
	t.Helper()
	durable := map[string]*KeptRoom{}
	places := map[PlaceID]bool{}
	for _, r := range s.hall.rooms {
		if places[r.place] = true; r.durable() {
			durable[r.key] = recordOf(r)
		}
	}
	for key := range b.rooms {
		if durable[key] == nil || !b.rooms[key].equals(durable[key]) {
			t.Fatalf("of %s is kept %+v, want %+v", key, b.rooms[key], durable[key])
		}
	}
	if len(b.rooms) != len(durable) {
		t.Fatalf("%d rooms are kept, want %d", len(b.rooms), len(durable))
	}
	for place := range b.said {
		if !places[place] {
			t.Fatalf("what was said at %d is kept, where nobody can be", place)
		}
	}
	persons := map[string]*KeptPerson{}
	for key, u := range s.persons.users {
		if u.stays() {
			persons[key] = recordOfPerson(u)
		}
		marks := map[string]KeptMark{}
		for _, m := range u.account().marks {
			marks[m.key] = KeptMark{key, m.key, m.shown, m.read}
		}
		if !maps.Equal(marks, b.marks[key]) {
			t.Fatalf("of %s the marks %+v are kept, want %+v", key, b.marks[key], marks)
		}
		if !slices.Equal(metadataOf(u), b.keys[key]) {
			t.Fatalf("of %s is kept that %+v is set, want %+v", key, b.keys[key], metadataOf(u))
		}
	}
	if !reflect.DeepEqual(persons, b.persons) {
		t.Fatalf("kept are %+v, want %+v", b.persons, persons)
	}
}

// endAll ends all connections, with some bytes on their way to each, and writes down what follows.
func endAll(s *State, b *notebook, at time.Duration, random *rand.Rand) {
	for _, u := range slices.Clone(s.people.at) {
		for u != nil && u.sessionCount() > 0 {
			cmd := Command{Verb: Disconnect, Client: u.sessionAt(0).client, At: at, Wall: int64(at/time.Second) * 1000, N: int64(random.IntN(3) * random.IntN(200))}
			b.hear(s.Apply(&cmd))
		}
	}
}

// views is what somebody sees who looks at all that there is: an operator, and then each of those who have an account, who comes back. It is as words: what is told, but for
// numbers of rooms and connections. missed are the lines that tell what somebody has missed.
func views(s *State, b *notebook, at time.Duration) (all, missed []string) {
	slot, marks := uint32(1000), []string(nil)
	look := func(cmd Command) {
		cmd.Client, cmd.At, cmd.Wall = NewClientID(slot, 1), at, int64(at/time.Second)*1000
		for _, e := range unfolded(s.Apply(&cmd)) {
			if e.Scope != ToClient || e.Client != cmd.Client {
				continue
			}
			for i := range e.List {
				if e.Kind == Described {
					e.List[i].Count = 0 // how long it has been idle
				}
			}
			if e.Kind == MetadataAre {
				all = append(all, fmt.Sprint(e.RoomName, " has set ", e.List[0].Of.Keys))
				continue
			}
			words := fmt.Sprint(cmd.Verb, " ", cmd.Name, ": ", e.Kind, e.Why, e.RoomName, e.Who, e.Text, e.ID, e.Count, e.N, e.On, e.Off, e.List)
			switch {
			case e.Kind == Missed:
				missed = append(missed, words)
			case e.Kind == ReadUpTo:
				marks = append(marks, words)
			case e.Kind != Recalled || cmd.Verb != LogIn: // told to who has missed nothing
				all = append(all, words)
			}
		}
		slices.Sort(marks) // in no order that lasts
		all, marks = append(all, marks...), nil
	}
	lookAtRooms := func(u *user) {
		for _, key := range slices.Sorted(maps.Keys(s.hall.rooms)) {
			if r := s.hall.rooms[key]; u == nil || u.seatIn(r) >= 0 {
				look(Command{Verb: Join, Name: key})
				look(Command{Verb: List, N: None})
				look(Command{Verb: Recent, N: 1000})
				look(Command{Verb: Govern})
				look(Command{Verb: MetadataGet, Name: key})
			}
		}
	}
	look(Command{Verb: Connect, Name: "10.1.1.1:1"})
	look(Command{Verb: Grant, Name: "ops"})
	look(Command{Verb: Rooms})
	lookAtRooms(nil)
	for _, u := range s.people.at {
		if u != nil {
			look(Command{Verb: Who, Name: u.name})
		}
	}
	slices.Sort(all) // users of two States stand at other places
	for _, name := range slices.Sorted(maps.Values(b.names)) {
		slot++
		look(Command{Verb: Connect, Name: fmt.Sprint("10.1.1.1:", slot)})
		look(Command{Verb: IDs})
		look(Command{Verb: LogIn, Name: name, Past: b.past(name)})
		if u := s.people.of(NewClientID(slot, 1)); !u.guest() {
			lookAtRooms(u)
		}
		look(Command{Verb: MetadataGet})
		look(Command{Verb: Disconnect})
	}
	return all, missed
}

// randomStayer is what one of a dozen clients might do of whom many stay, and keep rooms.
func randomStayer(cfg Config) func(random *rand.Rand, step int, rounds []uint32) Command {
	next := randomPerson(cfg)
	return func(random *rand.Rand, step int, rounds []uint32) Command {
		cmd := next(random, step, rounds)
		switch {
		case cmd.Verb == Start || (cmd.Verb == SetBan || cmd.Verb == SetShun || cmd.Verb == Unregistered || cmd.Verb == Kick) && random.IntN(20) > 0:
			cmd.Verb, cmd.Client = Say, NewClientID(uint32(random.IntN(len(rounds))), 0)
		case cmd.Verb == Say && cmd.ID == "":
			cmd.Verb = []Verb{Say, Say, Say, Topic, Keep, Keep, KeepRoom, KeepRoom, Tell, Tell, Read, Read, Away, Away, Away, Away, Away}[random.IntN(17)]
			cmd.Off, cmd.N = random.IntN(6) == 0, 1
			cmd.Name = []string{"ann", "bob", "cem", "dan", "#one", Lobby}[random.IntN(6)]
			cmd.Msg = MsgID(random.Uint64N(3) * uint64(random.Int64N(1<<40)))
			if random.IntN(4) == 0 {
				cmd.Verb, cmd.Text = MetadataSet, fmt.Sprint("key", random.IntN(20), []string{"", " one", " two", " three"}[random.IntN(4)])
				if cmd.Name[0] != '#' {
					cmd.Name = ""
				}
				if random.IntN(20) == 0 {
					cmd.Verb = MetadataClear
				}
			}
		}
		return cmd
	}
}

// randomRenamer is who may rename a room, and does so; false: there is nobody.
func randomRenamer(s *State, random *rand.Rand) (cmd Command, ok bool) {
	keys := slices.Sorted(maps.Keys(s.hall.rooms))
	r := s.hall.rooms[keys[random.IntN(len(keys))]]
	for _, u := range r.members {
		if u.sessionCount() > 0 && levelIn(s, u, r) >= asOperator {
			return Command{Verb: RenameRoom, Client: u.first.client, Room: r.name, Name: []string{"#one", "#ONE", "#two", "#three", "#four", "#five"}[random.IntN(6)], N: None}, true
		}
	}
	return cmd, false
}

// TestStateIsRestoredFromRecords: a State that is made of the records of another one, and of what was said, is for all who see it what that one was; its ids go on, who isn't kept is gone, and
// so are rooms that nobody keeps, with what was said there. kill has the other end without a last word.
func TestStateIsRestoredFromRecords(t *testing.T) {
	for _, kill := range []bool{false, true} {
		t.Run(fmt.Sprint("kill ", kill), func(t *testing.T) {
			cfg := Config{Sessions: 3, Recent: 8, AnnounceMax: 1000, Operators: []string{"ops"}, AwayAfter: 200 * time.Second}
			random, rounds := rand.New(rand.NewPCG(1, 2)), make([]uint32, 12)
			next, b, disk, cameUp := randomStayer(cfg), newNotebook(), keeper{}, map[string]int{}
			s := b.begin(cfg, 0)
			ended := map[PlaceID]bool{}
			restarts, renamed := 0, 0
			for step := range 140_000 {
				cmd := next(random, step, rounds)
				if disk.settle(&cmd, random); cmd.Verb == Configure {
					continue
				}
				if step%7 == 0 {
					cmd = Command{Verb: Tick, At: cmd.At, Wall: cmd.Wall}
				}
				if random.IntN(7) == 0 && cmd.Verb != RoomKept && cmd.Verb != PersonKept {
					if one, ok := randomRenamer(s, random); ok {
						one.At, one.Wall = cmd.At, cmd.Wall
						cmd = one
					}
				}
				if cmd.Verb == LogIn {
					cmd.Past = b.past(cmd.Name)
				}
				b.settled(&cmd)
				events := s.Apply(&cmd)
				disk.hear(events)
				b.hear(events)
				for i := range events {
					if r := events[i].Record; r != nil && r.Ended != 0 {
						ended[r.Ended] = true
					}
					if r := events[i].Record; r != nil && r.Was != "" {
						renamed++
					}
				}
				checkLinks(t, s)
				b.check(t, s)
				if random.IntN(500) > 0 {
					continue
				}
				restarts++
				at := cmd.At
				now, _ := restored(t, s)
				if kill {
					endAll(now, newNotebook(), at, random)
				} else {
					endAll(now, b, at, random)
				}
				count(now, cameUp)
				again := b.begin(cfg, at)
				checkLinks(t, again)
				b.check(t, again)
				for _, r := range again.hall.rooms {
					if ended[r.place] {
						t.Fatalf("step %d: %s is at a place that has ended", step, r.name)
					}
				}
				seen, _ := restored(t, again)
				got, gotMissed := views(seen, b, at)
				want, wantMissed := views(now, b, at)
				if d := differs(got, want); d != "" {
					t.Fatalf("step %d, restart %d: %s", step, restarts, d)
				}
				if d := differs(gotMissed, wantMissed); d != "" && !kill {
					t.Fatalf("step %d, restart %d: missed: %s", step, restarts, d)
				}
				if len(gotMissed) > 0 {
					cameUp["missed"]++
				}
				if again.messages.last <= now.messages.last {
					t.Fatalf("step %d: the ids go on with %v behind %v", step, again.messages.last, now.messages.last)
				}
				s, disk = again, keeper{}
			}
			if renamed < 50 {
				t.Errorf("%d rooms that are kept were renamed: the test has lost its point", renamed)
			}
			for _, what := range []string{"away by words", "stays without a session", "mail", "read marks", "kept room", "ban of a room", "messages", "missed", "metadata", "metadata of a room"} {
				if cameUp[what] < 10 {
					t.Errorf("at %d restarts there was %q %d times: the test has lost its point", restarts, what, cameUp[what])
				}
			}
		})
	}
}

// differs is the first line that two lists don't share, "" if they are the same.
func differs(got, want []string) string {
	for i := range max(len(got), len(want)) {
		if i >= len(got) || i >= len(want) || got[i] != want[i] {
			return fmt.Sprintf("line %d is\n%s\nwant\n%s", i, strings.Join(got[min(i, len(got)):min(i+1, len(got))], ""), strings.Join(want[min(i, len(want)):min(i+1, len(want))], ""))
		}
	}
	return ""
}

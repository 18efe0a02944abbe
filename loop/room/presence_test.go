package room

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"testing"
	"time"
)

// glimpse is what a client knows that is told of coming and going one by one, as those of IRC are: who is in its rooms, by what it has been told alone.
type glimpse struct {
	t      *testing.T
	strict bool // it takes what it is told at once: nothing is told that it knows
	self   string
	rooms  map[string]map[string]bool // names, by the name of the room
	queue  []Event
}

// takes reads what it has been told, each answer to its end before what stands behind it.
func (g *glimpse) takes() {
	for i := range g.queue {
		e := &g.queue[i]
		for more := e.Rest != nil; more; {
			var rows []Row
			rows, more = e.Rest.Next()
			e.List = append(e.List, rows...)
		}
		if e.Kind == NamesAre && len(e.List) != e.Count {
			g.t.Fatalf("%d names, want %d", len(e.List), e.Count)
		}
		g.hears(e)
	}
	g.queue = nil
}

func (g *glimpse) hears(e *Event) {
	switch e.Kind {
	case Welcomed:
		g.self = e.Who
	case Nicked, LoggedIn, SignedIn:
		g.renamed(g.self, e.Text)
	case Renamed, Called:
		if !e.Off {
			g.renamed(e.Who, e.Text)
		}
	case Joined, JoinedToo:
		if !e.On {
			g.rooms[e.RoomName] = map[string]bool{g.self: true}
		}
	case NamesAre:
		if e.Off {
			return
		}
		names := map[string]bool{}
		for _, row := range e.List {
			names[row.Name] = true
		}
		if e.Who != "" {
			g.must(!names[e.Who], e)
			names[e.Who] = true
		}
		if before := g.rooms[e.RoomName]; g.strict && len(before) > 1 && !maps.Equal(before, names) {
			g.t.Fatalf("%s has the names %v in %s, knows %v", g.self, names, e.RoomName, before)
		}
		if g.rooms[e.RoomName] != nil {
			g.rooms[e.RoomName] = names
		}
	case Entered, Appeared:
		g.comes(e)
	case Left, Vanished:
		if !e.On {
			g.goes(e.RoomName, e.Who)
		}
	case Expelled:
		g.goes(e.RoomName, e.List[0].Name)
	case Quit:
		knew := false
		for room, names := range g.rooms {
			if knew = knew || names[e.Who]; names[e.Who] {
				g.goes(room, e.Who)
			}
		}
		g.must(knew, e)
	case MemberRemoved:
		delete(g.rooms, e.RoomName)
	}
}

func (g *glimpse) must(is bool, e *Event) {
	if g.strict && !is {
		g.t.Helper()
		g.t.Fatalf("%s, which knows %v, is told %+v", g.self, g.rooms, *e)
	}
}

func (g *glimpse) comes(e *Event) {
	if e.Who == g.self {
		return
	}
	g.must(g.rooms[e.RoomName] != nil && !g.rooms[e.RoomName][e.Who], e)
	if g.rooms[e.RoomName] != nil {
		g.rooms[e.RoomName][e.Who] = true
	}
}

func (g *glimpse) goes(room, who string) {
	g.must(g.rooms[room][who], &Event{Kind: Left, Who: who, RoomName: room})
	delete(g.rooms[room], who)
}

func (g *glimpse) renamed(from, to string) {
	knew := from == g.self
	if knew {
		g.self = to
	}
	for _, names := range g.rooms {
		if names[from] {
			knew = true
			delete(names, from)
			names[to] = true
		}
	}
	g.must(knew, &Event{Kind: Renamed, Who: from, Text: to})
}

// glimpses are the clients of a State that are told such things, and who is where of all.
type glimpses struct {
	mirror mirror
	of     map[ClientID]*glimpse
	names  map[RoomID]string
	kinds  map[Kind]int
}

// hear has each hear what is for it.
func (x *glimpses) hear(s *State, events []Event) {
	for i := range events {
		e := events[i]
		for _, r := range s.hall.rooms {
			x.names[r.id] = r.name
		}
		to := []ClientID{e.Client}
		switch e.Scope {
		case ToRoom:
			to = x.mirror.audience(&e, e.Room)
		case ToRooms:
			to = x.mirror.audience(&e, e.Rooms...)
		case ToLoops:
			x.mirror.note(&e)
			e.RoomName = x.names[e.Room]
		}
		if e.Kind == Gone {
			delete(x.of, e.Client)
			continue
		}
		for _, id := range to {
			if g := x.of[id]; g != nil {
				x.kinds[e.Kind]++
				g.queue = append(g.queue, e)
			}
		}
	}
}

// check compares what each knows with what there is.
func (x *glimpses) check(t *testing.T, s *State, step int, cmd *Command) {
	t.Helper()
	for id, g := range x.of {
		g.takes()
		u := s.people.of(id)
		want := map[string]map[string]bool{}
		for _, r := range u.rooms() {
			want[r.name] = map[string]bool{}
			for _, m := range r.members {
				if m == u || !m.seatAt(m.seatIn(r)).hidden {
					want[r.name][m.name] = true
				}
			}
		}
		if !maps.EqualFunc(g.rooms, want, maps.Equal) {
			t.Fatalf("step %d, %+v: %s knows\n%v, want\n%v", step, *cmd, u.name, g.rooms, want)
		}
	}
}

// presence is what one of some clients might do by which others see it come, go or be called otherwise. Those of even slots are told one by one.
func presence(random *rand.Rand, step int, rounds []uint32) Command {
	slot := uint32(random.IntN(len(rounds)))
	cmd := Command{Client: NewClientID(slot, rounds[slot]), At: time.Duration(step) * time.Millisecond, Wall: int64(step), N: None, Text: "words"}
	persons, rooms := []string{"ann", "bob", "cem"}, []string{Lobby, "#one", "#two"}
	verbs := []Verb{
		Connect, Enter, Enter, Enter, SignIn, SignIn, Join, Join, Join, Join, Join, Join, Part, Part, Say, Act, Tell, Topic, Nick, Nick, Disconnect, End, Kick, Names, LogIn, LogIn, PersonKept, Registered,
		PutOutOf, Govern, Grant, Tick, Configure, Logout,
	}
	cmd.Verb = verbs[random.IntN(len(verbs))]
	if rare := []Verb{Connect, Disconnect, End, Logout, Kick}; slices.Contains(rare, cmd.Verb) && random.IntN(4) > 0 {
		cmd.Verb = Say
	}
	cmd.Name = fmt.Sprint("user", random.IntN(30))
	switch cmd.Verb {
	case Enter:
		cmd.User = fmt.Sprint("u", random.IntN(3))
	case Connect:
		rounds[slot]++
		cmd.Client, cmd.Off, cmd.Name, cmd.Text = NewClientID(slot, rounds[slot]), slot%2 == 0, fmt.Sprintf("10.0.0.%d:%d", slot, 1024+rounds[slot]), ""
	case SignIn:
		cmd.Text = ""
	case Join, Part, Tell, Names:
		cmd.Name, cmd.Text = rooms[random.IntN(len(rooms))], ""
	case Govern:
		cmd.Right, cmd.Room = []RightKind{RightOperator, RightVoice}[random.IntN(2)], rooms[random.IntN(len(rooms))]
		cmd.Off = random.IntN(3) == 0
	case PutOutOf:
		cmd.Room = rooms[random.IntN(len(rooms))]
	case Grant:
		cmd.Name = "ops"
	case LogIn, Registered:
		cmd.Name = persons[random.IntN(len(persons))]
	case PersonKept:
		cmd.Name = persons[random.IntN(len(persons))]
		cmd.Off = random.IntN(2) == 0
	case Configure:
		cfg := Config{AnnounceMax: 3, Sessions: 3, Page: 64, Operators: []string{"ops"}}
		if random.IntN(5) == 0 {
			cfg.AnnounceMax = random.IntN(8)
		}
		cmd.Client, cmd.Config = NoClient, &cfg
	}
	if cmd.Verb == Tell {
		cmd.Text = "words"
	}
	return cmd
}

// TestEachKnowsWhoShows: whoever comes, goes, speaks and is called otherwise, in rooms about as large as those in which that is told one by one: who is told so knows at each moment exactly who shows
// in its rooms, and itself, and is told nothing twice. So it is where it takes what it is told later, and after the State has been restored.
func TestEachKnowsWhoShows(t *testing.T) {
	for _, late := range []bool{false, true} {
		t.Run(fmt.Sprintf("late %v", late), func(t *testing.T) {
			random, rounds := rand.New(rand.NewPCG(5, 6)), make([]uint32, 14)
			s := New(Config{AnnounceMax: 3, Sessions: 3, Page: 64, Operators: []string{"ops"}})
			x := glimpses{newMirror(), map[ClientID]*glimpse{}, map[RoomID]string{}, map[Kind]int{}}
			large, hid, kept := 0, 0, 0
			for step := range 60_000 {
				cmd := presence(random, step, rounds)
				if cmd.Verb == Connect {
					x.hear(s, s.Apply(&Command{Verb: Disconnect, Client: NewClientID(cmd.Client.Slot(), cmd.Client.Tag()-1), At: cmd.At}))
				}
				events := s.Apply(&cmd)
				if cmd.Verb == Connect && cmd.Off {
					x.of[cmd.Client] = &glimpse{t: t, strict: !late, rooms: map[string]map[string]bool{}}
				}
				x.hear(s, slices.Clone(events))
				if !late || random.IntN(20) == 0 {
					x.check(t, s, step, &cmd)
				}
				if random.IntN(500) == 0 {
					x.check(t, s, step, &cmd)
					s, _ = restored(t, s)
				}
				for _, r := range s.hall.rooms {
					if s.large(r) {
						large++
					}
					if r.shown != nil {
						hid++
					}
					kept += checkRoll(t, r, step, &cmd)
				}
			}
			for _, kind := range []Kind{Entered, Left, Appeared, Vanished, Called, Renamed, Quit, Joined, JoinedToo, NamesAre, LoggedIn} {
				if x.kinds[kind] < 20 {
					t.Errorf("kind %d came up %d times: the test has lost its point", kind, x.kinds[kind])
				}
			}
			if large < 1000 || hid < 1000 {
				t.Errorf("%d rooms were large, in %d somebody was hidden: the test has lost its point", large, hid)
			}
			if kept < hid/4 || kept == hid {
				t.Errorf("%d rolls of %d were kept: the test has lost its point", kept, hid)
			}
		})
	}
}

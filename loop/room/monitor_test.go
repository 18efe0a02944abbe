package room

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

// toldOnly are the events of a command for one client, as words.
func toldOnly(s *State, to ClientID, cmd Command) (told []string) {
	for _, e := range s.Apply(&cmd) {
		if e.Scope != ToClient || e.Client != to {
			continue
		}
		var names []string
		for _, row := range e.List {
			names = append(names, row.Name)
		}
		word := map[Kind]string{Online: "online", Offline: "offline", Monitored: "list", MonitorFull: "full " + e.Text, WentAway: "away " + e.Who, CameBack: "back " + e.Who, RealIs: "real " + e.Text,
			AccountIs: "account " + e.Text, HostIs: "host " + e.Text, Refused: "refused", Was: "was"}[e.Kind]
		if word == "" {
			continue
		}
		if told = append(told, strings.TrimSpace(word+" "+strings.Join(names, ","))); e.Continued {
			told[len(told)-1] += " too"
		}
	}
	return told
}

func TestMonitor(t *testing.T) {
	s := New(Config{AnnounceMax: 10})
	ann, bob := entersAt(s, 1, "ann"), entersAt(s, 2, "Bob")
	eve := NewClientID(3, 1)
	for _, tt := range []struct {
		what string
		cmd  Command
		want string
	}{
		{"two, of whom one is there", Command{Verb: MonitorAdd, Client: ann, Text: "BOB,eve"}, "online Bob;offline eve"},
		{"the same again", Command{Verb: MonitorAdd, Client: ann, Text: "bob,Eve"}, ""},
		{"no names", Command{Verb: MonitorAdd, Client: ann, Text: ",," + strings.Repeat("x", 1000)}, ""},
		{"the list", Command{Verb: MonitorList, Client: ann}, "list BOB,eve"},
		{"one comes", Command{Verb: Connect, Off: true, Client: eve, Name: "10.0.0.1:3"}, ""},
		{"and says who it is", Command{Verb: Enter, Client: eve, Name: "Eve"}, "online Eve"},
		{"another way to write it", Command{Verb: Nick, Client: eve, Name: "eVe"}, ""},
		{"another name", Command{Verb: Nick, Client: eve, Name: "eva"}, "offline eVe"},
		{"one who is called so", Command{Verb: Nick, Client: bob, Name: "eve"}, "offline Bob;online eve"},
		{"both", Command{Verb: MonitorStatus, Client: ann}, "online eve;offline BOB"},
		{"one no longer", Command{Verb: MonitorDrop, Client: ann, Text: "bob,nobody"}, ""},
		{"so nothing of it", Command{Verb: Nick, Client: eve, Name: "bob"}, ""},
		{"the other goes", Command{Verb: End, Client: bob}, "offline eve"},
		{"nobody any more", Command{Verb: MonitorClear, Client: ann}, ""},
		{"an empty list", Command{Verb: MonitorList, Client: ann}, "list"},
		{"and no status", Command{Verb: MonitorStatus, Client: ann}, ""},
	} {
		if got := strings.Join(toldOnly(s, ann, tt.cmd), ";"); got != tt.want {
			t.Errorf("%s: told %q, want %q", tt.what, got, tt.want)
		}
	}
	if len(s.watch.by)+len(s.watch.of) != 0 {
		t.Errorf("left behind: %+v", s.watch)
	}
}

// TestMonitorIsBounded: what is too much is told, and not remembered; who goes leaves nothing behind.
func TestMonitorIsBounded(t *testing.T) {
	s := New(Config{})
	ann := entersAt(s, 1, "ann")
	var names []string
	for n := range MaxMonitor + 2 {
		names = append(names, fmt.Sprint("user", n))
	}
	got := toldOnly(s, ann, Command{Verb: MonitorAdd, Client: ann, Text: strings.Join(names, ",")})
	if want := []string{"offline " + strings.Join(names[:MaxMonitor], ","), "full user100,user101"}; !slices.Equal(got, want) {
		t.Errorf("told %q, want %q", got, want)
	}
	s, _ = restored(t, s)
	if n := len(s.watch.by); n != MaxMonitor {
		t.Errorf("%d names are watched when it is restored", n)
	}
	s.Apply(&Command{Verb: Disconnect, Client: ann})
	if len(s.watch.by)+len(s.watch.of) != 0 {
		t.Errorf("left behind: %+v", s.watch)
	}
}

// TestMonitorMore: who wants more is told what changes of whom it monitors where no room tells it so, and once.
func TestMonitorMore(t *testing.T) {
	s := New(Config{AnnounceMax: 2, Sessions: 3})
	ann, bob := entersAt(s, 1, "ann"), entersAt(s, 2, "bob")
	changes := []Command{
		{Verb: Away, Client: bob, Text: "lunch"}, {Verb: Back, Client: bob}, {Verb: SetReal, Client: bob, Real: "Robert"},
		{Verb: Registered, Client: bob, Name: "bob"}, {Verb: Unregistered, Client: bob, Name: "bob"},
	}
	hears := func(what string, want ...string) {
		t.Helper()
		var got []string
		for _, cmd := range changes {
			got = append(got, toldOnly(s, ann, cmd)...)
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s: told %q, want %q", what, got, want)
		}
	}
	s.Apply(&Command{Verb: MonitorAdd, Client: ann, Text: "bob"})
	hears("who doesn't want more")
	s.Apply(&Command{Verb: MonitorMore, Client: ann})
	all := []string{"away bob too", "back bob too", "real Robert too", "account bob too", "account too"}
	hears("who wants more", all...)
	for _, id := range []ClientID{ann, bob} {
		s.Apply(&Command{Verb: Join, Client: id, Name: "#go"})
	}
	hears("who is in the same room")
	s.Apply(&Command{Verb: Part, Client: bob, Name: "#go"})
	s.Apply(&Command{Verb: Join, Client: entersAt(s, 3, "cem"), Name: "#go"})
	s.Apply(&Command{Verb: Join, Client: bob, Name: "#go"})
	hears("in a large room where the other doesn't show", all...)
	s.Apply(&Command{Verb: MonitorMore, Client: ann, Off: true})
	hears("who wants no more")
}

// TestWhoMonitorsKnows: whoever comes, goes and is called otherwise, who monitors names knows at each moment which of them are there.
func TestWhoMonitorsKnows(t *testing.T) {
	random, rounds := rand.New(rand.NewPCG(7, 8)), make([]uint32, 10)
	s, names := New(Config{AnnounceMax: 3, Sessions: 3, Operators: []string{"ops"}}), []string{"ann", "bob", "cem", "user1", "user2", "user3"}
	knows, told := map[ClientID]map[string]bool{}, 0
	note := func(events []Event) {
		for _, e := range events {
			if e.Kind == Gone {
				delete(knows, e.Client)
			}
			if e.Kind != Online && e.Kind != Offline {
				continue
			}
			told++
			for _, row := range e.List {
				name, is := strings.ToLower(row.Name), e.Kind == Online
				if was, asked := knows[e.Client][name]; asked && was == is {
					t.Fatalf("%d is told again that %q is there: %v", e.Client, name, is)
				}
				knows[e.Client][name] = is
			}
		}
	}
	for step := range 30_000 {
		cmd := presence(random, step, rounds)
		id := NewClientID(uint32(random.IntN(len(rounds))), 0)
		id = NewClientID(id.Slot(), rounds[id.Slot()])
		switch random.IntN(8) {
		case 0:
			cmd = Command{Verb: MonitorAdd, Client: id, Text: names[random.IntN(len(names))]}
		case 1:
			cmd = Command{Verb: MonitorDrop, Client: id, Text: names[random.IntN(len(names))]}
		case 2:
			if random.IntN(20) == 0 {
				cmd = Command{Verb: MonitorClear, Client: id}
			}
		}
		if cmd.Verb == Connect {
			before := NewClientID(cmd.Client.Slot(), cmd.Client.Tag()-1)
			note(s.Apply(&Command{Verb: Disconnect, Client: before}))
			knows[cmd.Client] = map[string]bool{}
		}
		note(s.Apply(&cmd))
		if cmd.Verb == MonitorDrop || cmd.Verb == MonitorClear {
			maps.DeleteFunc(knows[cmd.Client], func(name string, _ bool) bool { return cmd.Verb == MonitorClear || name == cmd.Text })
		}
		if random.IntN(1000) == 0 {
			s, _ = restored(t, s)
		}
		for id, of := range knows {
			for name, is := range of {
				if u := s.names.byName(name); (u != nil) != is {
					t.Fatalf("step %d, %+v: %d knows that %q is there: %v", step, cmd, id, name, is)
				}
			}
		}
	}
	if told < 500 {
		t.Errorf("%d were told: the test has lost its point", told)
	}
}

func TestIdentity(t *testing.T) {
	s := New(Config{AnnounceMax: 10, Sessions: 3})
	ann, bob := entersAt(s, 1, "ann"), entersAt(s, 2, "bob")
	for _, id := range []ClientID{ann, bob} {
		s.Apply(&Command{Verb: Join, Client: id, Name: "#go"})
	}
	hears := func(what string, want string, cmd Command) {
		t.Helper()
		x, got := newMirror(), []string{}
		for _, r := range s.hall.rooms {
			for _, u := range r.members {
				for of := range u.sessions {
					x.note(&Event{Kind: MemberAdded, Client: of.client, Room: r.id})
				}
			}
		}
		for _, e := range s.Apply(&cmd) {
			if (e.Kind == AccountIs || e.Kind == HostIs || e.Kind == RealIs) && (e.Scope == ToRooms && slices.Contains(x.audience(&e, e.Rooms...), ann) || e.Scope == ToClient && e.Client == ann) {
				got = append(got, fmt.Sprint(map[Kind]string{AccountIs: "account", HostIs: "host", RealIs: "real"}[e.Kind], " of ", e.Who, "@", e.Host, ": ", e.Text))
			}
		}
		if strings.Join(got, ";") != want {
			t.Errorf("%s: told %q, want %q", what, got, want)
		}
	}
	hears("a real name", "real of bob@host2: Robert", Command{Verb: SetReal, Client: bob, Real: "Robert"})
	hears("one's own", "real of ann@host1: Anna", Command{Verb: SetReal, Client: ann, Real: "Anna"})
	hears("one too long", "", Command{Verb: SetReal, Client: bob, Real: strings.Repeat("x", MaxWords+1)})
	hears("an account", "account of bob@host2: bob", Command{Verb: Registered, Client: bob, Name: "bob"})
	hears("the same with another password", "", Command{Verb: Registered, Client: bob, Name: "bob"})
	second := NewClientID(3, 1)
	s.Apply(&Command{Verb: Connect, Off: true, Client: second, Name: "10.0.0.1:3", Host: "elsewhere"})
	s.Apply(&Command{Verb: LogIn, Client: second, Name: "bob"})
	hears("another session", "", Command{Verb: Enter, Client: second, Name: "bob"})
	hears("the first one goes", "host of bob@host2: elsewhere", Command{Verb: End, Client: bob})
	hears("the account goes", "account of bob@elsewhere: ", Command{Verb: Unregistered, Name: "bob", Client: NoClient})
	s.Apply(&Command{Verb: Registered, Name: "cem", Client: NoClient})
	hears("a login by another name", "account of bob@elsewhere: cem", Command{Verb: LogIn, Client: second, Name: "cem"})
	hears("the end", "", Command{Verb: End, Client: second})
}

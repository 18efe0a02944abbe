package room

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
)

// entersAt has a newcomer come at a slot, by that name.
func entersAt(s *State, slot uint32, name string) ClientID {
	id := NewClientID(slot, 1)
	s.Apply(&Command{Verb: Connect, Off: true, Client: id, Name: fmt.Sprintf("10.0.0.1:%d", slot), Host: fmt.Sprint("host", slot)})
	s.Apply(&Command{Verb: Enter, Client: id, Name: name, User: "u" + name, Real: "Real " + name})
	return id
}

// rowsOf are all rows of the answer to a command, of the kind, how many pieces those came in, and the answer itself.
func rowsOf(t *testing.T, s *State, kind Kind, cmd Command) (rows []string, pieces int, e Event) {
	t.Helper()
	events := s.Apply(&cmd)
	at := slices.IndexFunc(events, func(e Event) bool { return e.Kind == kind && e.Client == cmd.Client })
	if at < 0 {
		t.Fatalf("%+v: no answer of kind %d: %+v", cmd, kind, events)
	}
	e = events[at]
	if kind == NamesAre && e.Who != "" {
		rows, e.Count = append(rows, e.Who), e.Count+1
	}
	list, more := e.List, e.Rest != nil
	for {
		if pieces++; len(list) > looksAPiece {
			t.Fatalf("a piece of %d rows", len(list))
		}
		for _, row := range list {
			rows = append(rows, strings.TrimSpace(row.Name+" "+row.Who))
		}
		if !more {
			return rows, pieces, e
		}
		list, more = e.Rest.Next()
	}
}

func TestWhoAre(t *testing.T) {
	s := New(Config{AnnounceMax: 2, Operators: []string{"ops"}})
	var ids []ClientID
	for n, name := range []string{"ann", "bob", "cem", "dan", "eve"} {
		ids = append(ids, entersAt(s, uint32(n), name))
	}
	for _, n := range []int{0, 1, 2, 3} {
		s.Apply(&Command{Verb: Join, Client: ids[n], Name: "#go"})
	}
	s.Apply(&Command{Verb: Join, Client: ids[4], Name: "#chess"})
	s.Apply(&Command{Verb: Join, Client: ids[1], Name: "#Chess"})
	s.Apply(&Command{Verb: Grant, Client: ids[0], Name: "ops"})
	for _, tt := range []struct {
		by   int
		name string
		off  bool
		want string
	}{
		{1, "#go", false, "ann #go,bob #go"},
		{2, "#GO", false, "cem #go,ann #go,bob #go"},              // itself, too, whom the others don't see
		{4, "#go", false, ""},                                     // a stranger
		{0, "#go", false, "ann #go,bob #go"},                      // an operator
		{0, "#chess", false, "bob #chess,eve #chess"},             // an operator who is a stranger
		{1, "#go", true, "ann #go"},                               // operators alone
		{1, "#nowhere", false, ""},                                //
		{4, "", false, "bob #chess,eve #chess"},                   // all that it may find
		{4, "0", false, "bob #chess,eve #chess"},                  //
		{4, "ANN", false, "ann #go"},                              // by name, whoever it is
		{4, "nobody", false, ""},                                  //
		{4, "*BOB", false, "bob #chess"},                          // by user and name
		{4, "host?", false, "bob #chess,eve #chess"},              // by host
		{4, "real b*", false, "bob #chess"},                       // by real name
		{2, "*", false, "ann #go,bob #go,cem #go,dan *"},          // dan doesn't show
		{0, "*", false, "ann #go,bob #go,cem *,dan *,eve #chess"}, // an operator
		{4, strings.Repeat("?", maxPattern+1), false, ""},         //
		{1, "*", true, "ann #go"},                                 //
	} {
		got, _, e := rowsOf(t, s, WhoList, Command{Verb: WhoAre, Client: ids[tt.by], Name: tt.name, Off: tt.off})
		if strings.Join(got, ",") != tt.want || e.RoomName != tt.name {
			t.Errorf("WhoAre %q by %d: %q of %q, want %q", tt.name, tt.by, got, e.RoomName, tt.want)
		}
	}
}

// TestWhoAreInPieces: among very many users, of whom one may find few, no piece looks at more than it should, and who is found is found whatever happens meanwhile.
func TestWhoAreInPieces(t *testing.T) {
	s := New(Config{AnnounceMax: 10, Page: 8 << 10})
	const users = 3500
	for n := range uint32(users) {
		entersAt(s, n, fmt.Sprint("user", n))
	}
	first, last := NewClientID(0, 1), NewClientID(users-1, 1)
	s.Apply(&Command{Verb: Join, Client: first, Name: "#go"})
	s.Apply(&Command{Verb: Join, Client: last, Name: "#go"})
	got, pieces, _ := rowsOf(t, s, WhoList, Command{Verb: WhoAre, Client: first, Name: "user*"})
	if want := []string{"user0 #go", fmt.Sprintf("user%d #go", users-1)}; !slices.Equal(got, want) || pieces != 4 {
		t.Errorf("%q in %d pieces, want %q in 4", got, pieces, want)
	}
	for _, slot := range []uint32{1, 2} {
		s.Apply(&Command{Verb: Grant, Client: NewClientID(slot, 1), Name: "ops"})
	}
	events := s.Apply(&Command{Verb: WhoAre, Client: first, Name: "user*"})
	rest := events[0].Rest
	s.Apply(&Command{Verb: Disconnect, Client: NewClientID(7, 1)})
	s.Apply(&Command{Verb: Disconnect, Client: last})
	entersAt(s, users, "another")
	for more := true; more; {
		var rows []Row
		if rows, more = rest.Next(); len(rows) > 0 {
			t.Errorf("%v are found, who have gone", rows)
		}
	}
}

// TestWhoAreHasAnEnd: of everybody an operator is told of no more than MaxWho.
func TestWhoAreHasAnEnd(t *testing.T) {
	s := New(Config{Page: 8 << 10, Operators: []string{"ops"}})
	for n := range uint32(MaxWho + 10) {
		entersAt(s, n, fmt.Sprint("user", n))
	}
	s.Apply(&Command{Verb: Grant, Client: NewClientID(0, 1), Name: "ops"})
	if got, _, _ := rowsOf(t, s, WhoList, Command{Verb: WhoAre, Client: NewClientID(0, 1), Name: "*"}); len(got) != MaxWho {
		t.Errorf("%d rows, want %d", len(got), MaxWho)
	}
}

func TestNames(t *testing.T) {
	s := New(Config{AnnounceMax: 2, Page: 100})
	var ids []ClientID
	for n, name := range []string{"eve", "dan", "cem", "bob"} {
		ids = append(ids, entersAt(s, uint32(n), name))
		s.Apply(&Command{Verb: Join, Client: ids[n], Name: "#Go"})
	}
	for _, tt := range []struct {
		by   int
		want string
	}{{0, "dan,eve"}, {2, "cem,dan,eve"}, {3, "bob,dan,eve"}} {
		if got, _, e := rowsOf(t, s, NamesAre, Command{Verb: Names, Client: ids[tt.by], Name: "#go"}); strings.Join(got, ",") != tt.want || e.RoomName != "#Go" || e.Off || e.Count != len(got) {
			t.Errorf("names for %d: %q, %+v, want %q", tt.by, got, e, tt.want)
		}
	}
	if got, _, e := rowsOf(t, s, NamesAre, Command{Verb: Names, Client: ids[0], Name: "#none"}); len(got) > 0 || e.RoomName != "#none" || !e.Off {
		t.Errorf("names of no room: %q, %+v", got, e)
	}
	s.Apply(&Command{Verb: Say, Client: ids[3], Text: "hello"})
	if got, _, _ := rowsOf(t, s, NamesAre, Command{Verb: Names, Client: ids[0], Name: "#go"}); strings.Join(got, ",") != "bob,dan,eve" {
		t.Errorf("names when bob has spoken: %q", got)
	}
	events := s.Apply(&Command{Verb: Names, Client: ids[0], Name: "#go"})
	if p := events[0].List[0].Of; p.User != "ubob" || p.Host != "host3" {
		t.Errorf("bob is %+v", p)
	}
}

// TestSecretRooms: who isn't in a secret room is not told that it is there, by any question; its members and operators are.
func TestSecretRooms(t *testing.T) {
	s := New(Config{AnnounceMax: 10, Operators: []string{"ops"}})
	ann, bob, cem := entersAt(s, 1, "ann"), entersAt(s, 2, "bob"), entersAt(s, 3, "cem")
	s.Apply(&Command{Verb: Grant, Client: cem, Name: "ops"})
	s.Apply(&Command{Verb: Join, Client: ann, Name: "#den"})
	s.Apply(&Command{Verb: Topic, Client: ann, Text: "words"})
	s.Apply(&Command{Verb: Govern, Client: cem, Room: "#den", Right: RightSecret})
	for _, tt := range []struct {
		who   string
		id    ClientID
		knows bool
	}{{"a member", ann, true}, {"a stranger", bob, false}, {"an operator", cem, true}} {
		want := map[bool]string{true: "ann"}[tt.knows]
		names, _, e := rowsOf(t, s, NamesAre, Command{Verb: Names, Client: tt.id, Name: "#den"})
		if strings.Join(names, ",") != want || e.Off == tt.knows || e.Current != tt.knows {
			t.Errorf("names for %s: %q, %+v", tt.who, names, e)
		}
		who, _, _ := rowsOf(t, s, WhoList, Command{Verb: WhoAre, Client: tt.id, Name: "#den"})
		if want := map[bool]string{true: "ann #den"}[tt.knows]; strings.Join(who, ",") != want {
			t.Errorf("who is there for %s: %q, want %q", tt.who, who, want)
		}
		met, _, _ := rowsOf(t, s, WhoList, Command{Verb: WhoAre, Client: tt.id, Name: "ann"})
		if want := map[bool]string{true: "ann #den", false: "ann *"}[tt.knows]; strings.Join(met, ",") != want {
			t.Errorf("ann for %s: %q, want %q", tt.who, met, want)
		}
		of, _, _ := rowsOf(t, s, Portrayed, Command{Verb: Whois, Client: tt.id, Name: "ann"})
		if want := map[bool]string{true: "ann,#den", false: "ann"}[tt.knows]; strings.Join(of, ",") != want {
			t.Errorf("whois for %s: %q, want %q", tt.who, of, want)
		}
		rooms, _, e := rowsOf(t, s, RoomList, Command{Verb: Rooms, Client: tt.id})
		if slices.Contains(rooms, "#den") != tt.knows || len(rooms) != e.Count {
			t.Errorf("rooms for %s: %q of %d", tt.who, rooms, e.Count)
		}
		kind := map[bool]Kind{true: TopicIs, false: Refused}[tt.knows]
		rowsOf(t, s, kind, Command{Verb: TopicOf, Client: tt.id, Name: "#den"})
	}
}

// TestRoomsAreDated: who has come as a newcomer is told since when there is each room and its topic.
func TestRoomsAreDated(t *testing.T) {
	s := New(Config{AnnounceMax: 10})
	ann, guest := entersAt(s, 1, "ann"), NewClientID(2, 1)
	s.Apply(&Command{Verb: Connect, Client: guest, Name: "10.0.0.1:2"})
	s.Apply(&Command{Verb: Join, Client: ann, Name: "#go", Wall: 5_000})
	s.Apply(&Command{Verb: Topic, Client: ann, Text: "words", Wall: 6_000})
	for _, id := range []ClientID{ann, guest} {
		events := s.Apply(&Command{Verb: Rooms, Client: id, Wall: 7_000})
		e, row := events[0], events[0].List[0]
		if dated := id == ann; row.Name != "#go" || row.Count != 1 || row.Text != "words" || row.At != 6_000 || (row.Of != nil) != dated || dated && (row.Of.Since != 5 || e.At != 7_000) {
			t.Errorf("%d is told %+v of %+v", id, e, row)
		}
	}
}

func TestLookup(t *testing.T) {
	s := New(Config{})
	ann := entersAt(s, 1, "Ann")
	newcomerAt(s, 2, "bob")
	if got, _, _ := rowsOf(t, s, Found, Command{Verb: Lookup, Client: ann, Text: "bob  nobody ANN 10.0.0.1:9"}); strings.Join(got, ",") != "bob,Ann" {
		t.Errorf("found %q", got)
	}
	if got, _, _ := rowsOf(t, s, Found, Command{Verb: Lookup, Client: ann, Text: strings.Repeat("nobody ", MaxLookup) + "bob"}); len(got) > 0 {
		t.Errorf("found %q behind the last that is looked for", got)
	}
}

// TestTopicOfOtherRooms: a topic is set, taken away and asked for in rooms that are not the current one.
func TestTopicOfOtherRooms(t *testing.T) {
	s := New(Config{AnnounceMax: 1})
	ann, bob, cem := entersAt(s, 1, "ann"), entersAt(s, 2, "bob"), entersAt(s, 3, "cem")
	for _, id := range []ClientID{bob, ann} {
		for _, in := range []string{"#go", "#chess"} {
			s.Apply(&Command{Verb: Join, Client: id, Name: in})
		}
	}
	topic := func(cmd Command) (kinds []Kind, answer Event) {
		cmd.Wall = 7000
		for _, e := range s.Apply(&cmd) {
			if kinds = append(kinds, e.Kind); e.Scope == ToClient {
				answer = e
			}
		}
		return kinds, answer
	}
	if kinds, e := topic(Command{Verb: Topic, Client: ann, Room: "#GO", Text: "words"}); !slices.Equal(kinds, []Kind{Appeared, TopicSet, TopicIs}) || e.Text != "words" || e.Who != "ann" || e.At != 7000 {
		t.Errorf("setting a topic tells %v, %+v", kinds, e)
	}
	if _, e := topic(Command{Verb: TopicOf, Client: cem, Name: "#go"}); e.Kind != TopicIs || e.Text != "words" || e.RoomName != "#go" || e.Who != "ann" {
		t.Errorf("a stranger is told %+v", e)
	}
	if _, e := topic(Command{Verb: TopicOf, Client: cem, Name: "#nowhere"}); e.Kind != Refused || e.Why != NotInRoom {
		t.Errorf("of no room one is told %+v", e)
	}
	if _, e := topic(Command{Verb: Topic, Client: cem, Room: "#go", Text: "mine"}); e.Kind != Refused || e.Why != NotInRoom {
		t.Errorf("a stranger sets it: %+v", e)
	}
	if _, e := topic(Command{Verb: Topic, Client: ann, Room: "#go", Off: true}); e.Kind != TopicIs || e.Text != "" {
		t.Errorf("taking it away tells %+v", e)
	}
	for _, e := range s.Apply(&Command{Verb: Join, Client: cem, Name: "#go"}) {
		if e.Kind == TopicIs {
			t.Errorf("one who joins is told %+v", e)
		}
	}
}

func TestCensus(t *testing.T) {
	s := New(Config{AnnounceMax: 10})
	ann := entersAt(s, 1, "ann")
	s.Apply(&Command{Verb: Connect, Client: NewClientID(2, 1), Name: "10.0.0.1:2", Off: true})
	count := func() Census {
		for _, e := range s.Apply(&Command{Verb: Count, Client: ann, At: time.Second}) {
			if e.Kind == Counted {
				return *e.Census
			}
		}
		return Census{}
	}
	if got, want := count(), (Census{Users: 1, Newcomers: 1, Most: 1}); got != want {
		t.Errorf("one in no room: %+v, want %+v", got, want)
	}
	newcomerAt(s, 3, "bob")
	s.Apply(&Command{Verb: Join, Client: ann, Name: "#go"})
	if got, want := count(), (Census{Users: 2, Newcomers: 1, Rooms: 2, Most: 2}); got != want {
		t.Errorf("two: %+v, want %+v", got, want)
	}
	s, _ = restored(t, s)
	s.Apply(&Command{Verb: Disconnect, Client: NewClientID(3, 1)})
	if got, want := count(), (Census{Users: 1, Newcomers: 1, Rooms: 1, Most: 2}); got != want {
		t.Errorf("one again: %+v, want %+v", got, want)
	}
}

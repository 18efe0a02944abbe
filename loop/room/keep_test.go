package room

import (
	"fmt"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"
)

// homeOfAnn is a chat with ann, who has registered, and bob, both in #go; ann is the client 1.
func homeOfAnn(t *testing.T, cfg Config) (s *State, ann, bob ClientID) {
	t.Helper()
	cfg.AnnounceMax, cfg.Recent = 100, 100
	s = New(cfg)
	ann, bob = newcomerAt(s, 1, "ann"), newcomerAt(s, 2, "bob")
	s.Apply(&Command{Verb: Registered, Client: ann, Name: "ann"})
	for _, id := range []ClientID{ann, bob} {
		s.Apply(&Command{Verb: Join, Client: id, Name: "#go"})
	}
	keepPerson(s, ann, false)
	return s, ann, bob
}

// keepPerson has the person of id stay, or no longer, as a server does.
func keepPerson(s *State, id ClientID, off bool) (events []Event) {
	for _, e := range slices.Clone(s.Apply(&Command{Verb: Keep, Client: id, N: 1, Off: off})) {
		if e.Kind == Asked && e.Ask.Person != nil {
			events = append(events, s.Apply(&Command{Verb: PersonKept, Client: id, Name: e.Ask.Key, Off: e.Ask.Off})...)
		}
	}
	return events
}

// comesBack logs ann in by a new client, and returns what it is told that it has missed, without times.
func comesBack(s *State, id ClientID) (missed []string) {
	s.Apply(&Command{Verb: Connect, Client: id, Name: fmt.Sprint("10.0.0.9:", id.Slot())})
	for _, e := range s.Apply(&Command{Verb: LogIn, Client: id, Name: "ann"}) {
		if e.Client == id && e.Kind == Missed {
			rows := slices.Clone(e.List)
			for more := e.Rest != nil; more; {
				var next []Row
				next, more = e.Rest.Next()
				rows = append(rows, next...)
			}
			for _, row := range rows {
				missed = append(missed, strings.TrimSpace(e.RoomName+" "+row.Name+": "+row.Text))
			}
			if len(rows) != e.Count {
				missed = append(missed, fmt.Sprint("but it said ", e.Count))
			}
		}
	}
	return missed
}

// TestWhatWasOnItsWayIsMissed: a connection that is lost with bytes on their way to it has not taken the messages in them, and none before.
func TestWhatWasOnItsWayIsMissed(t *testing.T) {
	line := int64(len("[bob] n\n"))
	for _, row := range []struct {
		untaken int64
		want    string
	}{
		{0, "#go bob: 4"}, {1, "#go bob: 3, #go bob: 4"}, {line, "#go bob: 3, #go bob: 4"}, {line + 1, "#go bob: 2, #go bob: 3, #go bob: 4"},
		{1 << 40, "#go bob: 1, #go bob: 2, #go bob: 3, #go bob: 4"},
	} {
		s, ann, bob := homeOfAnn(t, Config{Page: 40})
		say := func(text string) { s.Apply(&Command{Verb: Say, Client: bob, Text: text}) }
		say("1")
		say("2")
		say("3")
		s.Apply(&Command{Verb: Disconnect, Client: ann, N: row.untaken})
		say("4")
		if got := strings.Join(comesBack(s, NewClientID(3, 1)), ", "); got != row.want {
			t.Errorf("with %d bytes on their way it has missed %q, want %q", row.untaken, got, row.want)
		}
		checkLinks(t, s)
		s.Apply(&Command{Verb: Disconnect, Client: NewClientID(3, 1)})
		if got := comesBack(s, NewClientID(3, 2)); len(got) > 0 {
			t.Errorf("it has missed %q once more", got)
		}
	}
}

// TestTheLastTakenCounts: what one session has taken, another that ends later without having taken it doesn't make missed.
func TestTheLastTakenCounts(t *testing.T) {
	s, ann, bob := homeOfAnn(t, Config{Sessions: 5})
	comesBack(s, NewClientID(3, 1))
	s.Apply(&Command{Verb: Say, Client: bob, Text: "1"})
	s.Apply(&Command{Verb: Disconnect, Client: ann})
	s.Apply(&Command{Verb: Say, Client: bob, Text: "2"})
	s.Apply(&Command{Verb: Disconnect, Client: NewClientID(3, 1), N: 1 << 30})
	if got := comesBack(s, NewClientID(3, 2)); !slices.Equal(got, []string{"#go bob: 2"}) {
		t.Errorf("it has missed %q, want the second", got)
	}
}

// TestMailIsBounded: as many messages, of as many bytes, as there may be, the last ones; they count as history, and go with it.
func TestMailIsBounded(t *testing.T) {
	s, ann, bob := homeOfAnn(t, Config{})
	s.Apply(&Command{Verb: Disconnect, Client: ann})
	tell := func(n, bytes int) {
		for i := range n {
			s.Apply(&Command{Verb: Tell, Client: bob, Name: "ann", Text: fmt.Sprintf("%*d", bytes, i)})
		}
	}
	tell(maxMail+5, 10)
	if before, box := s.HistoryBytes(), s.persons.find("ann").account().inbox(); box.count != maxMail || before != box.bytes {
		t.Errorf("%d messages are kept of %d bytes, and %d count", box.count, box.bytes, before)
	}
	tell(20, 8000)
	if box := s.persons.find("ann").account().inbox(); box.bytes > maxMailBytes || box.count < 7 {
		t.Errorf("%d messages are kept of %d bytes, want at most %d bytes", box.count, box.bytes, maxMailBytes)
	}
	s.Apply(&Command{Verb: LimitHistory, N: 20_000})
	if bytes := s.HistoryBytes(); bytes > 20_000 || bytes < 8000 {
		t.Errorf("%d bytes are kept, want nearly 20,000", bytes)
	}
	s.Apply(&Command{Verb: Unregistered, Client: NoClient, Name: "ann"})
	if s.HistoryBytes() != 0 || s.persons.kept != 0 || s.names.byName("ann") != nil {
		t.Errorf("%d bytes and %d persons stay", s.HistoryBytes(), s.persons.kept)
	}
	checkLinks(t, s)
}

// TestReadMarksAreBounded: the one set longest ago goes first.
func TestReadMarksAreBounded(t *testing.T) {
	s, ann, bob := homeOfAnn(t, Config{})
	s.Apply(&Command{Verb: Say, Client: bob, Text: "1"})
	for i := range maxReadMarks + 10 {
		s.Apply(&Command{Verb: Read, Client: ann, Name: fmt.Sprint("user", i), Msg: 1})
		s.Apply(&Command{Verb: Read, Client: ann, Name: "user1", Msg: 1})
	}
	m := s.persons.find("ann").account().marks
	if len(m) != maxReadMarks || m.find("user1") == nil || m.find("user0") != nil || m.find("user12") == nil {
		t.Errorf("%d marks are kept: %+v", len(m), m)
	}
}

// TestKeptUserBytes: what a person takes of the heap who has no session and is in one room, its strings aside.
func TestKeptUserBytes(t *testing.T) {
	const n, most = 20_000, 400
	s, names := New(Config{AnnounceMax: 200}), make([]string, n)
	for i := range n {
		names[i] = fmt.Sprint("user", i)
		s.Apply(&Command{Verb: Registered, Client: NoClient, Name: names[i]})
	}
	heap := func() uint64 {
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return m.HeapAlloc
	}
	before := heap()
	for i := range n {
		id := NewClientID(1, uint32(i+1))
		s.Apply(&Command{Verb: Connect, Client: id, Name: "10.0.0.1:1", At: time.Duration(i)})
		s.Apply(&Command{Verb: LogIn, Client: id, Name: names[i]})
		keepPerson(s, id, false)
		s.Apply(&Command{Verb: Disconnect, Client: id})
	}
	if s.Len() != n {
		t.Fatalf("%d are there, want %d", s.Len(), n)
	}
	if took := int(heap()-before) / n; took > most {
		t.Errorf("a user without a session takes %d bytes of the heap, want at most %d", took, most)
	} else {
		t.Logf("%d bytes", took)
	}
	runtime.KeepAlive(s)
}

// TestWhoStaysLosesItsNameToAnother: whose name comes to be another's stays no longer, be it there or not: else two would have it.
func TestWhoStaysLosesItsNameToAnother(t *testing.T) {
	for _, there := range []bool{true, false} {
		for _, another := range []Command{{Verb: LogIn, Name: "zed"}, {Verb: SignIn, Name: "zed", Text: "key"}} {
			s, ann, bob := homeOfAnn(t, Config{})
			s.names.keys[ann] = "key" // as of a client that has signed in by one
			s.Apply(&Command{Verb: Nick, Client: ann, Name: "zed"})
			if another.Verb == LogIn {
				s.Apply(&Command{Verb: Disconnect, Client: bob})
				s.names.register("zed", "zed") // by whom had the name when it asked for that
			}
			if !there {
				s.Apply(&Command{Verb: Disconnect, Client: ann})
			}
			another.Client = NewClientID(7, 1)
			s.Apply(&Command{Verb: Connect, Client: another.Client, Name: "10.0.0.7:7"})
			s.Apply(&another)
			zed := 0
			for _, u := range s.people.at {
				if u != nil && u.key == "zed" {
					zed++
				}
			}
			checkLinks(t, s)
			if zed != 1 {
				t.Errorf("%v, there: %v: %d are called zed, want one", another.Verb, there, zed)
			}
		}
	}
}

// TestOwnWordsWereNotOnTheirWay: what a session has said itself is none of the bytes that were on their way to it, or what others said before counted as taken.
func TestOwnWordsWereNotOnTheirWay(t *testing.T) {
	s, ann, bob := homeOfAnn(t, Config{})
	s.Apply(&Command{Verb: Say, Client: bob, Text: "1"})
	s.Apply(&Command{Verb: Say, Client: ann, Text: strings.Repeat("long ", 100)})
	s.Apply(&Command{Verb: Disconnect, Client: ann, N: int64(len("[bob] 1\n"))})
	if got := strings.Join(comesBack(s, NewClientID(3, 1)), ", "); got != "#go bob: 1" {
		t.Errorf("she has missed %q, want #go bob: 1", got)
	}
}

// TestToldBeforeSomebodyStayed: a guest who came when nobody stayed has heard what was said since, and who comes back to the lobby what was said since then.
func TestToldBeforeSomebodyStayed(t *testing.T) {
	s := New(Config{AnnounceMax: 100, Recent: 100})
	ann, bob := newcomerAt(s, 1, "ann"), newcomerAt(s, 2, "bob")
	s.Apply(&Command{Verb: Registered, Client: ann, Name: "ann"})
	guest := NewClientID(3, 1)
	s.Apply(&Command{Verb: Connect, Client: guest, Name: "10.0.0.9:3"})
	keepPerson(s, ann, false)
	s.Apply(&Command{Verb: Disconnect, Client: ann})
	s.Apply(&Command{Verb: Say, Client: bob, Text: "heard"})
	for _, e := range s.Apply(&Command{Verb: LogIn, Client: guest, Name: "ann"}) {
		if e.Kind == Missed {
			t.Errorf("%+v comes twice", e.List)
		}
	}
	s.Apply(&Command{Verb: Disconnect, Client: guest})
	guest = NewClientID(3, 2)
	s.Apply(&Command{Verb: Connect, Client: guest, Name: "10.0.0.9:3"})
	s.Apply(&Command{Verb: Part, Client: guest, Name: Lobby})
	for range 2 * Newcomer {
		s.Apply(&Command{Verb: Say, Client: bob, Text: "while the guest wasn't in the lobby"})
	}
	s.Apply(&Command{Verb: Join, Client: guest, Name: Lobby})
	for _, e := range s.Apply(&Command{Verb: LogIn, Client: guest, Name: "ann"}) {
		if e.Kind == Missed && e.Count == Newcomer {
			return
		}
	}
	t.Error("what the guest wasn't told isn't missed")
}

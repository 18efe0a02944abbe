package room

import (
	"reflect"
	"strings"
	"testing"
)

// asked is what the events of cmd want to be looked up, or the code of why they don't.
func asked(s *State, cmd *Command) (l *Look, no Code) {
	for _, e := range s.Apply(cmd) {
		switch {
		case e.Client != cmd.Client:
		case e.Kind == LookAsked:
			l = e.Ask.Look
		case e.Kind == Refused:
			no = e.Why.Code()
		}
	}
	return l, no
}

// TestLooks: whoever looks may look in the rooms that it is in and among the private messages of its account, and nowhere else, whatever it asks for.
func TestLooks(t *testing.T) {
	s, ann, bob := homeOfAnn(t, Config{})
	s.Apply(&Command{Verb: Part, Client: bob, Name: Lobby})
	eve := newcomerAt(s, 3, "eve")
	s.Apply(&Command{Verb: Join, Client: eve, Name: "#eve"})
	s.Apply(&Command{Verb: Nick, Client: ann, Name: "Anna"}) // whose account stays ann
	in := func(names ...string) (seen []Seen) {
		for _, name := range names {
			seen = append(seen, seenIn(s.hall.rooms[name]))
		}
		return seen
	}
	for _, row := range []struct {
		what string
		cmd  Command
		want Look
		no   Code
	}{
		{"the current room", Command{Verb: History, Client: bob, N: None}, Look{Places: in("#go"), Shown: "#go", N: 50}, ""},
		{"a room by another way to write it", Command{Verb: History, Client: bob, Name: "#GO", N: 7}, Look{Places: in("#go"), Shown: "#go", N: 7}, ""},
		{"more than there may be", Command{Verb: History, Client: bob, N: 1 << 40}, Look{Places: in("#go"), Shown: "#go", N: 500}, ""},
		{"fewer", Command{Verb: History, Client: bob}, Look{Places: in("#go"), Shown: "#go", N: 1}, ""},
		{"before one", Command{Verb: History, Client: bob, N: None, Look: &Look{Before: 7}}, Look{Places: in("#go"), Shown: "#go", Before: 7, N: 50}, ""},
		{"a room that one has left", Command{Verb: History, Client: bob, Name: Lobby}, Look{}, NoSuchRoom},
		{"a room that one was never in", Command{Verb: History, Client: bob, Name: "#eve"}, Look{}, NoSuchRoom},
		{"no room", Command{Verb: History, Client: bob, Name: "#none"}, Look{}, NoSuchRoom},
		{"a conversation without an account", Command{Verb: History, Client: bob, Name: "ann"}, Look{}, NotRegistered},
		{"a conversation", Command{Verb: History, Client: ann, Name: "BOB", N: None}, Look{Account: "ann", With: "bob", Shown: "bob", Letters: true, N: 50}, ""},
		{"with who isn't here", Command{Verb: History, Client: ann, Name: "Dave", N: None}, Look{Account: "ann", With: "dave", Shown: "Dave", Letters: true, N: 50}, ""},
		{"with a guest who has gone", Command{Verb: History, Client: ann, Name: "10.0.0.9:7", N: None}, Look{Account: "ann", With: "10.0.0.9:7", Shown: "10.0.0.9:7", Letters: true, N: 50}, ""},
		{"with what is no name", Command{Verb: History, Client: ann, Name: "a,\u00a0b"}, Look{}, BadName},
		{"a search", Command{Verb: Search, Client: bob, Text: "one two", N: None}, Look{Places: in("#go"), Words: "one two", N: 20}, ""},
		{"a search by who has an account", Command{Verb: Search, Client: ann, Text: "one", N: 1000}, Look{Account: "ann", Places: in(Lobby, "#go"), Letters: true, Words: "one", N: 100}, ""},
		{"in one room", Command{Verb: Search, Client: ann, Text: "one", Name: "#go", N: None}, Look{Account: "ann", Places: in("#go"), Shown: "#go", Words: "one", N: 20}, ""},
		{"in one conversation", Command{Verb: Search, Client: ann, Text: "one", Name: "eve", N: None},
			Look{Account: "ann", With: "eve", Shown: "eve", Letters: true, Words: "one", N: 20}, ""},
		{"in a conversation, without an account", Command{Verb: Search, Client: bob, Text: "one", Name: "ann"}, Look{}, NotRegistered},
		{"in a room that one isn't in", Command{Verb: Search, Client: ann, Text: "one", Name: "#eve"}, Look{}, NoSuchRoom},
		{"by one", Command{Verb: Search, Client: bob, Text: "one", N: None, Look: &Look{By: "EVE", BeforeAt: 9}}, Look{Places: in("#go"), By: "eve", Words: "one", BeforeAt: 9, N: 20}, ""},
		{"by what is no name", Command{Verb: Search, Client: bob, Text: "one", Look: &Look{By: "(away)"}}, Look{}, BadName},
		{"nothing", Command{Verb: Search, Client: bob, Text: "?! *"}, Look{}, BadArgument},
		{"too much", Command{Verb: Search, Client: bob, Text: strings.Repeat("word ", MaxWords)}, Look{}, TooLong},
		{"one's own", Command{Verb: Export, Client: ann, N: None, Look: &Look{After: 5}}, Look{Account: "ann", After: 5, N: 500}, ""},
		{"one's own, without an account", Command{Verb: Export, Client: bob, N: None}, Look{}, NotRegistered},
	} {
		given := Look{}
		if row.cmd.Look != nil {
			given = *row.cmd.Look
		}
		got, no := asked(s, &row.cmd)
		if row.no != "" {
			if got != nil || no != row.no {
				t.Errorf("%s: %+v and %q, want it refused with %s", row.what, got, no, row.no)
			}
			continue
		}
		row.want.Verb = row.cmd.Verb
		if got == nil || !reflect.DeepEqual(*got, row.want) {
			t.Errorf("%s: %+v and %q, want %+v", row.what, got, no, row.want)
		}
		if row.cmd.Look != nil && !reflect.DeepEqual(*row.cmd.Look, given) {
			t.Errorf("%s: what the command has is changed to %+v", row.what, *row.cmd.Look)
		}
	}
}

// TestLooksEndWithTheAccount: an operator of the server may look where others may, and who has given up its account among no private messages any more.
func TestLooksEndWithTheAccount(t *testing.T) {
	s, ann, bob := homeOfAnn(t, Config{Operators: []string{"bob"}})
	s.Apply(&Command{Verb: Grant, Client: bob, Name: "bob"})
	s.Apply(&Command{Verb: Part, Client: bob, Name: "#go"})
	if l, no := asked(s, &Command{Verb: History, Client: bob, Name: "#go"}); l != nil || no != NoSuchRoom {
		t.Errorf("an operator who isn't in the room may look at %+v, want it refused", l)
	}
	s.Apply(&Command{Verb: Unregistered, Client: ann, Name: "ann"})
	for _, cmd := range []Command{{Verb: History, Name: "bob"}, {Verb: Export}, {Verb: Search, Text: "one", Name: "bob"}} {
		cmd.Client = ann
		if l, no := asked(s, &cmd); l != nil || no != NotRegistered {
			t.Errorf("%v by who has no account any more looks for %+v, want it refused", cmd.Verb, l)
		}
	}
	if l, _ := asked(s, &Command{Verb: Search, Client: ann, Text: "one"}); l == nil || l.Letters || l.Account != "" {
		t.Errorf("a search by who has no account any more is %+v, want one in its rooms", l)
	}
}

// TestAnswersToLooks has what an answer says of its ends.
func TestAnswersToLooks(t *testing.T) {
	rows := []Row{{Text: "one"}}
	for _, row := range []struct {
		look Look
		end  bool
		want Event
	}{
		{Look{Verb: History, Shown: "#go"}, true, Event{Kind: HistoryList, RoomName: "#go", On: true}},
		{Look{Verb: History, Shown: "#go", Before: 7}, false, Event{Kind: HistoryList, RoomName: "#go"}},
		{Look{Verb: History, Shown: "bob", AfterAt: 7}, true, Event{Kind: HistoryList, RoomName: "bob", On: true, Off: true}},
		{Look{Verb: Search}, true, Event{Kind: SearchList}},
		{Look{Verb: Search, Before: 7}, false, Event{Kind: SearchList, On: true}},
		{Look{Verb: Export, After: 7}, true, Event{Kind: ExportList, On: true}},
		{Look{Verb: Export}, false, Event{Kind: ExportList}},
	} {
		row.want.Scope, row.want.Count, row.want.List = ToClient, 1, rows
		if got := row.look.Answer(rows, row.end); !reflect.DeepEqual(got, row.want) {
			t.Errorf("%+v.Answer(one row, %t) = %+v, want %+v", row.look, row.end, got, row.want)
		}
	}
}

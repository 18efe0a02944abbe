package room

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

// recordsOf are the records among events, as words.
func recordsOf(events []Event) (words []string) {
	for i := range events {
		switch r := events[i].Record; {
		case r == nil:
		case r.Room != nil:
			words = append(words, "room "+r.Room.Name)
		case r.NoRoom != "":
			words = append(words, "no room "+r.NoRoom)
		case r.Ended != 0:
			words = append(words, "ended")
		case r.Person != nil:
			words = append(words, fmt.Sprint("person ", r.Person.Account, " ", r.Person.Name, " ", r.Person.Keeps, " ", r.Person.Rooms, " away ", r.Person.IsAway, " ", r.Person.Away))
		case r.Mark != nil:
			words = append(words, fmt.Sprint("mark ", r.Mark.Account, " ", r.Mark.Key, " ", r.Mark.Read))
		case r.Key != nil:
			words = append(words, fmt.Sprintf("key %s %s %q", r.Key.Account, r.Key.Key, r.Key.Value))
		case r.Letter != nil:
			l := r.Letter
			words = append(words, fmt.Sprintf("letter from %s %s %q to %s %s %q: %s", l.From, l.FromKey, l.FromAccount, l.To, l.ToKey, l.ToAccount, l.Text))
		}
	}
	return words
}

// TestRecords: what is told to whoever keeps it, command by command, of ann, who stays, and bob, who has no account. Both are in #go, and ann in the lobby first.
func TestRecords(t *testing.T) {
	s, ann, bob := homeOfAnn(t, Config{Sessions: 5})
	phone := NewClientID(3, 1)
	for _, row := range []struct {
		what string
		do   Command
		want []string
	}{
		{"the topic of a room in which somebody stays", Command{Verb: Topic, Client: bob, Text: "Go"}, []string{"room #go"}},
		{"a key of an account", Command{Verb: MetadataSet, Client: ann, Text: "url here and there"}, []string{`key ann url "here and there"`}},
		{"the same", Command{Verb: MetadataSet, Client: ann, Text: "url here and there"}, nil},
		{"all of them", Command{Verb: MetadataClear, Client: ann}, []string{`key ann url ""`}},
		{"a key of who has no account", Command{Verb: MetadataSet, Client: bob, Text: "url here"}, nil},
		{"a room that ends with who made it", Command{Verb: Join, Client: bob, Name: "#den"}, nil},
		{"it ends", Command{Verb: Part, Client: bob}, []string{"ended"}},
		{"a room that who stays makes", Command{Verb: Join, Client: ann, Name: "#den"}, []string{"room #den", "person ann ann true [#lobby #go #den] away false "}},
		{"another room is current", Command{Verb: Join, Client: ann, Name: "#go"}, []string{"person ann ann true [#lobby #den #go] away false "}},
		{"as it is", Command{Verb: Join, Client: ann, Name: "#go"}, nil},
		{"it leaves the room that it has made", Command{Verb: Part, Client: ann, Name: "#den"}, []string{"no room #den", "ended", "person ann ann true [#lobby #go] away false "}},
		{"another name", Command{Verb: Nick, Client: ann, Name: "Zoe"}, []string{"person ann Zoe true [#lobby #go] away false "}},
		{"away", Command{Verb: Away, Client: ann, Text: "lunch"}, []string{"person ann Zoe true [#lobby #go] away true lunch"}},
		{"back", Command{Verb: Say, Client: ann, Text: "hello"}, []string{"person ann Zoe true [#lobby #go] away false "}},
		{"a read mark", Command{Verb: Read, Client: ann, Name: "#go", Msg: 1}, []string{"mark ann #go 0-1"}},
		{"and what has been said since it came to stay is taken", Command{Verb: Read, Client: ann, Name: "#go", Msg: 1 << 40}, []string{"mark ann #go 0-6", "person ann Zoe true [#lobby #go] away false "}},
		{"back, where it was", Command{Verb: Read, Client: ann, Name: "#go", Msg: 1}, nil},
		{"no letter: neither has an account", Command{Verb: Tell, Client: bob, Name: "bob", Text: "note"}, nil},
		{"a letter to an account", Command{Verb: Tell, Client: bob, Name: "zoe", Text: "psst"}, []string{`letter from bob bob "" to Zoe zoe "ann": psst`}},
		{"a letter of an account", Command{Verb: Tell, Client: ann, Name: "bob", Text: "psst"}, []string{`letter from Zoe zoe "ann" to bob bob "": psst`}},
		{"one more session", Command{Verb: LogIn, Client: phone, Name: "ann"}, nil},
		{"a letter to several sessions", Command{Verb: Tell, Client: bob, Name: "zoe", Text: "psst"}, []string{`letter from bob bob "" to Zoe zoe "ann": psst`}},
		{"one session ends", Command{Verb: Disconnect, Client: phone}, []string{"person ann Zoe true [#lobby #go] away false "}},
		{"the last ends", Command{Verb: Disconnect, Client: ann, N: 1 << 20}, nil},
		{"bob is shunned", Command{Verb: SetShun, Client: NoClient, Name: "bob"}, nil},
		{"what he says", Command{Verb: Tell, Client: bob, Name: "zoe", Text: "psst"}, nil},
		{"he leaves", Command{Verb: Disconnect, Client: bob}, nil},
		{"its name is given up", Command{Verb: Unregistered, Client: NoClient, Name: "ann"}, []string{"mark ann #go 0-0", "no room #go", "ended", "person ann  false [] away false "}},
	} {
		if row.do.Client == phone && row.do.Verb == LogIn {
			s.Apply(&Command{Verb: Connect, Client: phone, Name: "10.0.0.3:3"})
		}
		if got := recordsOf(s.Apply(&row.do)); !slices.Equal(got, row.want) {
			t.Errorf("%s: the records are\n%q, want\n%q", row.what, got, row.want)
		}
		checkLinks(t, s)
	}
}

// TestKeepIsAskedOnce: KEEP that changes nothing has nothing to be kept, and what has changed until it is kept is kept as well.
func TestKeepIsAskedOnce(t *testing.T) {
	s, ann, bob := homeOfAnn(t, Config{})
	asked := func(off bool, n int64) *Ask {
		for _, e := range s.Apply(&Command{Verb: Keep, Client: ann, N: n, Off: off}) {
			if e.Kind == Asked {
				return e.Ask
			}
		}
		return nil
	}
	if ask := asked(false, 1); ask == nil || ask.Person != nil || ask.Off {
		t.Errorf("KEEP ON of who stays asks %+v, want that nothing is to be kept, and it is ON", ask)
	}
	ask := asked(true, 1)
	if ask == nil || ask.Person == nil || ask.Person.Keeps || !ask.Off {
		t.Fatalf("KEEP OFF asks %+v", ask)
	}
	s.Apply(&Command{Verb: PersonKept, Client: ann, Name: "ann", Person: ask.Person, Off: true})
	if ask = asked(false, None); ask == nil || ask.Person != nil || !ask.Off {
		t.Errorf("KEEP of who doesn't stay asks %+v, want that nothing is to be kept, and it is OFF", ask)
	}
	ask = asked(false, 1)
	if len(ask.Rooms) != 1 || ask.Rooms[0].Key != "#go" || ask.Person.Account != "ann" || !ask.Person.Keeps {
		t.Fatalf("KEEP ON asks %+v with the rooms %+v", ask.Person, ask.Rooms)
	}
	s.Apply(&Command{Verb: Part, Client: ann, Name: "#go"})
	s.Apply(&Command{Verb: Part, Client: bob, Name: "#go"})
	s.Apply(&Command{Verb: Join, Client: ann, Name: "#den"})
	got := recordsOf(s.Apply(&Command{Verb: PersonKept, Client: ann, Name: "ann", Person: ask.Person}))
	if want := []string{"no room #go", "room #lobby", "room #den", "person ann ann true [#lobby #den] away false "}; !slices.Equal(slices.Sorted(slices.Values(got)), slices.Sorted(slices.Values(want))) {
		t.Errorf("behind PersonKept the records are %q, want %q", got, want)
	}

	ask = asked(true, 1)
	if s.Apply(&Command{Verb: Disconnect, Client: ann}); s.persons.find("ann") == nil {
		t.Fatal("ann has gone while KEEP OFF is not on the disk yet")
	}
	got = recordsOf(s.Apply(&Command{Verb: PersonKept, Client: ann, Name: "ann", Person: ask.Person, Off: true}))
	if want := []string{"no room #den", "ended", "person ann  false [] away false "}; !slices.Equal(got, want) || s.persons.find("ann") != nil {
		t.Errorf("behind KEEP OFF of who has gone the records are %q, want %q", got, want)
	}
	checkLinks(t, s)

	ask.Off, ask.Person = false, &KeptPerson{Account: "ann", Name: "ann", Keeps: true}
	got = recordsOf(s.Apply(&Command{Verb: PersonKept, Client: ann, Name: "ann", Person: ask.Person}))
	if want := "person ann  false [] away false "; !slices.Contains(got, want) {
		t.Errorf("behind PersonKept of who has given the name up the records are %q, want %q among them", got, want)
	}
}

// TestOwnWordsAreOwnByAnyName: who takes another name has neither missed what it has said itself, nor has it to read it.
func TestOwnWordsAreOwnByAnyName(t *testing.T) {
	s, ann, bob := homeOfAnn(t, Config{})
	s.Apply(&Command{Verb: Say, Client: ann, Text: "by ann"})
	s.Apply(&Command{Verb: Say, Client: bob, Text: "by bob"})
	s.Apply(&Command{Verb: Nick, Client: ann, Name: "zed"})
	for _, e := range s.Apply(&Command{Verb: Read, Client: ann, Name: "#go"}) {
		if e.Count != 1 {
			t.Errorf("%d messages of others stand in #go, want that of bob", e.Count)
		}
	}
	s.Apply(&Command{Verb: Disconnect, Client: ann, N: 1 << 20})
	s.Apply(&Command{Verb: Nick, Client: bob, Name: "eve"})
	if got := comesBack(s, NewClientID(3, 1)); !slices.Equal(got, []string{"#go bob: by bob"}) {
		t.Errorf("it has missed %q, want what bob has said", got)
	}
}

// TestRestoredPersonIsCalledAsItCanBe: by its last name, or by its account's where that is another's now; nobody comes back whose account is gone.
func TestRestoredPersonIsCalledAsItCanBe(t *testing.T) {
	for _, row := range []struct {
		name, registered, want string
	}{
		{"Zoe", "Ann", "Zoe"}, {"Zoe", "Ann, Zoe", "Ann"}, {"ann", "Ann", "ann"}, {"bob", "Ann", "Ann"}, {"Zoe", "", ""}, {"10.0.0.1:1", "Ann", "Ann"},
	} {
		s := New(Config{})
		newcomerAt(s, 1, "bob")
		for _, name := range []string{"Ann", "Zoe"} {
			if strings.Contains(row.registered, name) {
				s.Apply(&Command{Verb: Registered, Client: NoClient, Name: name})
			}
		}
		got := recordsOf(s.Apply(&Command{Verb: RestorePerson, Client: NoClient, Name: "Ann", Person: &KeptPerson{Account: "ann", Name: row.name, Keeps: true, Rooms: []string{Lobby}}}))
		u := s.persons.find("ann")
		switch {
		case row.want == "":
			if u != nil || !slices.Equal(got, []string{"person ann  false [] away false "}) {
				t.Errorf("%+v: it is %v, with the records %q", row, u, got)
			}
		case u == nil || u.name != row.want || (len(got) > 0) != (row.want != row.name):
			t.Errorf("%+v: it is called %+v, with the records %q", row, u, got)
		}
		checkLinks(t, s)
	}
}

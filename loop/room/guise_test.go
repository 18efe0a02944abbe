package room

import (
	"slices"
	"testing"
)

// took says whether u has got the name, by what it is answered.
func took(s *State, u ClientID, verb Verb, name string) (Code, bool) {
	events := s.Apply(&Command{Verb: verb, Client: u, Name: name})
	i := slices.IndexFunc(events, func(e Event) bool { return e.Scope == ToClient && e.Client == u })
	return events[i].Why.Code(), events[i].Kind != Refused
}

func TestNamesThatLookAlikeAreOne(t *testing.T) {
	for _, row := range []struct{ here, wanted string }{
		{"admin", "admın"},   // without a dot
		{"paypal", "paypaI"}, // a capital i
		{"Ian", "lan"},
		{"lan", "Ian"},
		{"IAN", "lAN"},
		{"arnold", "amold"},
		{"bob0", "bobO"},
		{"осе", "oce"},   // Cyrillic altogether
		{"ΝΕΟ", "NEO"},   // Greek capitals
		{"soso", "ѕоѕо"}, // Cyrillic altogether
	} {
		s := New(Config{AnnounceMax: 10})
		newcomerAt(s, 1, row.here)
		eve := newcomerAt(s, 2, "eve")
		if code, ok := took(s, eve, Nick, row.wanted); ok || code != NameTaken {
			t.Errorf("NICK %s while %s is here: %v, %s; want %s", row.wanted, row.here, ok, code, NameTaken)
		}
		s.Apply(&Command{Verb: Disconnect, Client: NewClientID(1, 1)})
		if code, ok := took(s, eve, Nick, row.wanted); !ok {
			t.Errorf("NICK %s when %s has gone: %s, want the name", row.wanted, row.here, code)
		}
		checkLinks(t, s)
	}
}

func TestRegisteredNamesAreKeptFromLookalikes(t *testing.T) {
	s := New(Config{AnnounceMax: 10, Operators: []string{"root"}})
	s.Apply(&Command{Verb: Registered, Client: NoClient, Name: "Admin"})
	eve := newcomerAt(s, 1, "eve")
	for _, row := range []struct {
		name string
		want Code
	}{{"admin", NameRegistered}, {"admın", NameTaken}, {"ADMIN", NameRegistered}, {"rооt", BadName}, {"rO0t", NameTaken}, {"r0ot", NameTaken}} {
		if code, ok := took(s, eve, Nick, row.name); ok || code != row.want {
			t.Errorf("NICK %s: %v, %s; want %s", row.name, ok, code, row.want)
		}
	}

	// Its owner may look like it, who has it just now.
	owner := newcomerAt(s, 2, "ann")
	s.Apply(&Command{Verb: LogIn, Client: owner, Name: "admin"})
	if code, ok := took(s, owner, Nick, "admın"); !ok {
		t.Errorf("the owner of admin is refused admın: %s", code)
	}
	if code, ok := took(s, owner, LogIn, "Admin"); !ok {
		t.Errorf("LogIn of the owner, called admın: %s", code)
	}

	// So may an operator, and the name itself can be taken, as it is by who signs in before saying OPER.
	s.Apply(&Command{Verb: Grant, Client: eve, Name: "root"})
	if code, ok := took(s, eve, Nick, "r0ot"); !ok {
		t.Errorf("the operator root is refused r0ot: %s", code)
	}
	s.Apply(&Command{Verb: Nick, Client: eve, Name: "eve"})
	bob := newcomerAt(s, 3, "bob")
	if code, ok := took(s, bob, Nick, "root"); !ok {
		t.Errorf("NICK root: %s, want the name", code)
	}

	// A name that belongs to nobody any more keeps nobody from anything.
	s.Apply(&Command{Verb: Unregistered, Client: NoClient, Name: "ADMIN"})
	s.Apply(&Command{Verb: Disconnect, Client: owner})
	if code, ok := took(s, bob, Nick, "admın"); !ok {
		t.Errorf("NICK admın when admin is registered no longer: %s", code)
	}
	s.Apply(&Command{Verb: Configure, Config: &Config{AnnounceMax: 10}})
	if code, ok := took(s, eve, Nick, "rO0t"); !ok {
		t.Errorf("NICK rO0t when root is no operator any more: %s", code)
	}
	if len(s.names.claimed)+len(s.names.operators) != 0 {
		t.Errorf("%d claims and %d of operators are left", len(s.names.claimed), len(s.names.operators))
	}
	checkLinks(t, s)
}

// Names that were registered before all this stay what they were, though nobody could take them now.
func TestOldRegisteredNamesStay(t *testing.T) {
	s := New(Config{AnnounceMax: 10})
	for _, name := range []string{"аdmin", "admin", "admın"} { // the first with a Cyrillic а
		s.Apply(&Command{Verb: Registered, Client: NoClient, Name: name})
	}
	for i, name := range []string{"аdmin", "admin", "admın"} {
		u := newcomerAt(s, uint32(i), "guest")
		if code, ok := took(s, u, LogIn, name); !ok {
			t.Errorf("LogIn of %s, which was registered before: %s", name, code)
		}
		if code, ok := took(s, u, Nick, name); !ok && i != 0 {
			t.Errorf("NICK %s by its owner: %s", name, code)
		}
	}
	checkLinks(t, s)
}

func TestRoomsThatLookAlike(t *testing.T) {
	s := New(Config{AnnounceMax: 10})
	ann, bob := newcomerAt(s, 1, "ann"), newcomerAt(s, 2, "bob")
	s.Apply(&Command{Verb: Join, Client: ann, Name: "#Coin"})
	for name, want := range map[string]Code{"#Coın": BadName, "#cоin": BadName, "#1obby": BadName, "#Lobby\u0336": "", "#coin": "", "#go": ""} {
		if code, ok := took(s, bob, Join, name); code != want || ok != (want == "") {
			t.Errorf("JOIN %s: %v, %q; want %q", name, ok, code, want)
		}
	}
	s.Apply(&Command{Verb: Part, Client: bob, Name: "#coin"})
	s.Apply(&Command{Verb: Part, Client: ann, Name: "#coin"})
	if code, ok := took(s, bob, Join, "#Coın"); !ok {
		t.Errorf("JOIN #Coın when #Coin has ended: %s", code)
	}
	checkLinks(t, s)
}

// checkLooks fails if who looks like what is not what the names say.
func checkLooks(t *testing.T, s *State) {
	t.Helper()
	for i := range s.names.looks.parts {
		for _, e := range s.names.looks.parts[i].entries {
			if e.at() == 0 {
				continue
			}
			if u := s.people.at[e.at()-1]; u == nil || u.guest() || s.names.here.find(u.key) != u {
				t.Fatalf("a look stands for %+v", u)
			}
		}
	}
	for look, r := range s.hall.looks {
		if g := guiseOf(r.name, r.key); s.hall.rooms[r.key] != r || g.shown != look && g.key != look {
			t.Fatalf("%q stands for the room %s", look, r.name)
		}
	}
	for _, u := range s.people.at {
		if u == nil || u.guest() {
			continue
		}
		if g := guiseOf(u.name, u.key); s.names.looks.find(g.shown) == nil || s.names.looks.find(g.key) == nil {
			t.Fatalf("nobody looks like %s", u.name)
		}
	}
	for look, keys := range s.names.claimed {
		for _, key := range keys {
			if g, is := s.names.registered[key]; !is || g.shown != look && g.key != look {
				t.Fatalf("%q stands for the registered name %s", look, key)
			}
		}
	}
}

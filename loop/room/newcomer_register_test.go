package room

import "testing"

// comesNew has a newcomer come.
func comesNew(s *State, slot uint32) ClientID {
	id := NewClientID(slot, 1)
	s.Apply(&Command{Verb: Connect, Client: id, Name: "10.0.0.9:1", Off: true})
	return id
}

// answerTo is the one event that answers a command, and fails if there are others.
func answerTo(t *testing.T, s *State, cmd *Command) Event {
	t.Helper()
	events := s.Apply(cmd)
	if len(events) != 1 {
		t.Fatalf("%s is answered by %+v, want one event", cmd.Verb, events)
	}
	return events[0]
}

// TestNewcomerRegisters: a newcomer registers the name that it wants, if that is free, and is in the chat by it when it enters.
func TestNewcomerRegisters(t *testing.T) {
	rows := []struct {
		name string
		cfg  Config
		cmd  Command
		why  Reason
	}{
		{"a name that is free", Config{}, Command{Name: "Zoe", Text: "open sesame"}, 0},
		{"one of somebody who is here", Config{}, Command{Name: "Bob", Text: "open sesame"}, NameInUse},
		{"one that is registered", Config{}, Command{Name: "eve", Text: "open sesame"}, NameOwned},
		{"one that can't be written in IRC", Config{}, Command{Name: "z!e", Text: "open sesame"}, NameSeparates},
		{"one that is none", Config{}, Command{Name: "z e", Text: "open sesame"}, NameLetters},
		{"none", Config{}, Command{Text: "open sesame"}, NameLength},
		{"before the server's password", Config{NeedPassword: true}, Command{Name: "Zoe", Text: "open sesame"}, PasswordNeeded},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			s := New(Config{})
			bob := NewClientID(1, 1)
			s.Apply(&Command{Verb: Connect, Client: bob, Name: "10.0.0.1:1"})
			s.Apply(&Command{Verb: SignIn, Client: bob, Name: "bob"})
			s.Apply(&Command{Verb: Registered, Client: NoClient, Name: "eve"})
			s.Apply(&Command{Verb: Configure, Client: NoClient, Config: &row.cfg})
			zoe := comesNew(s, 2)
			row.cmd.Verb, row.cmd.Client = Register, zoe
			asked := answerTo(t, s, &row.cmd)
			if asked.Kind != Asked || asked.Ask.Refusal.Why != row.why {
				t.Fatalf("it is answered by %+v, want an Asked with the reason %d", asked, row.why)
			}
			if row.why != 0 {
				return
			}
			if a := asked.Ask; a.Name != "Zoe" || a.Key != "zoe" || a.Password != "open sesame" {
				t.Errorf("the server is asked %+v", a)
			}
			if done := answerTo(t, s, &Command{Verb: Registered, Client: zoe, Name: "Zoe"}); done.Kind != Done || done.Verb != Register || done.Who != "Zoe" || done.Account != "zoe" || done.Client != zoe {
				t.Errorf("it is told %+v, want that Zoe is registered", done)
			}
			s.Apply(&Command{Verb: Enter, Client: zoe, Name: "ZOE", User: "z"})
			if u := s.people.of(zoe); u.name != "ZOE" || accountOf(u) != "zoe" {
				t.Errorf("it is %s with the account %q, want ZOE with zoe", u.name, accountOf(u))
			}
			checkLinks(t, s)
		})
	}
}

// TestNewcomerRegistersAndGoes: the name is its own all the same, and whoever took it meanwhile has it no longer.
func TestNewcomerRegistersAndGoes(t *testing.T) {
	for _, gone := range []bool{false, true} {
		s := New(Config{})
		zoe, bob := comesNew(s, 2), NewClientID(1, 1)
		s.Apply(&Command{Verb: Register, Client: zoe, Name: "zoe", Text: "open sesame"})
		s.Apply(&Command{Verb: Connect, Client: bob, Name: "10.0.0.1:1"})
		s.Apply(&Command{Verb: SignIn, Client: bob, Name: "zoe"})
		if gone {
			s.Apply(&Command{Verb: Disconnect, Client: zoe})
		}
		s.Apply(&Command{Verb: Registered, Client: zoe, Name: "zoe"})
		if s.people.of(bob) != nil || !s.names.isRegistered("zoe") {
			t.Errorf("with the newcomer gone %v, who took the name is still here", gone)
		}
		if !gone {
			s.Apply(&Command{Verb: Enter, Client: zoe, Name: "zoe"})
			if u := s.people.of(zoe); u == nil || u.name != "zoe" || accountOf(u) != "zoe" {
				t.Errorf("it is %+v, want zoe with her account", u)
			}
		}
		checkLinks(t, s)
	}
}

// TestNewcomersLogins: LOGIN CERT and SCRAM-SHA-256 are for newcomers too, and the account is the one that it enters by.
func TestNewcomersLogins(t *testing.T) {
	for _, cmd := range []Command{{Verb: Login, Name: "Zoe", Text: "open sesame"}, {Verb: LoginBy}, {Verb: LoginBy, Name: "Zoe"}, {Verb: Scram, Text: "n,,n=Zoe,r=x"}} {
		s := New(Config{})
		s.Apply(&Command{Verb: Registered, Client: NoClient, Name: "Zoe"})
		cmd.Client = comesNew(s, 2)
		if asked := answerTo(t, s, &cmd); asked.Kind != Asked || asked.Ask.Verb != cmd.Verb || asked.Ask.Refusal.Why != 0 || asked.Ask.Password != cmd.Text || asked.Ask.Name != cmd.Name {
			t.Errorf("%s is answered by %+v", cmd.Verb, asked)
		}
		if in := answerTo(t, s, &Command{Verb: LogIn, Client: cmd.Client, Name: "Zoe"}); in.Kind != LoggedIn || in.Who != "Zoe" || in.Account != "zoe" {
			t.Errorf("behind %s it is told %+v", cmd.Verb, in)
		}
	}
}

// TestWhoSaysNothingIsInvisible: whatever a client says of itself before it enters, or a client of lines by another dialect's verb, nobody is counted as visible who has not asked for that.
func TestWhoSaysNothingIsInvisible(t *testing.T) {
	s := New(Config{})
	zoe := comesNew(s, 1)
	s.Apply(&Command{Verb: Registered, Client: zoe, Name: "Zoe"})
	s.Apply(&Command{Verb: Disconnect, Client: zoe})
	bob := NewClientID(2, 1)
	s.Apply(&Command{Verb: Connect, Client: bob, Name: "10.0.0.2:2"})
	s.Apply(&Command{Verb: SignIn, Client: bob, Name: "bob"})
	s.Apply(&Command{Verb: SetReal, Client: bob, Real: "Bob"})
	if u := s.names.byName("bob"); realOf(u) != "Bob" || !isInvisible(u) || s.census.visible != 0 {
		t.Errorf("bob is %+v, and %d are visible, want none", identOf(u), s.census.visible)
	}
	s.Apply(&Command{Verb: Disconnect, Client: bob})
	if s.census.visible != 0 {
		t.Errorf("%d are visible when all have gone, want none", s.census.visible)
	}
}

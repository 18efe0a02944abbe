package room

import (
	"math/rand/v2"
	"slices"
	"testing"
	"unsafe"
)

func TestConfigureDropsOperators(t *testing.T) {
	s := New(Config{AnnounceMax: 10, Operators: []string{"ann", "zoe"}})
	ann, zoe := newcomerAt(s, 1, "mary"), newcomerAt(s, 2, "kim")
	s.Apply(&Command{Verb: Grant, Client: ann, Name: "ann"})
	s.Apply(&Command{Verb: Grant, Client: zoe, Name: "zoe"})
	s.Apply(&Command{Verb: Configure, Config: &Config{AnnounceMax: 10, Operators: []string{"Ann"}}})
	for _, row := range []struct {
		name string
		id   ClientID
		want Code
	}{{"ann", ann, ""}, {"zoe", zoe, NotOperator}} {
		if got := s.Apply(&Command{Verb: Stats, Client: row.id}); len(got) != 1 || got[0].Ask == nil || got[0].Ask.Refusal.Why.Code() != row.want {
			t.Errorf("STATS by %s gives %+v, want an Ask with code %q", row.name, got, row.want)
		}
	}
	if got := s.Apply(&Command{Verb: Grant, Client: zoe, Name: "zoe"}); got[0].Why.Code() != WrongPassword {
		t.Errorf("Grant of a name that the configuration has no more gives %+v, want %s", got, WrongPassword)
	}
}

func TestAnOperatorCanKickItself(t *testing.T) {
	s := New(Config{AnnounceMax: 10, Operators: []string{"ann"}})
	ann := newcomerAt(s, 1, "ann")
	newcomerAt(s, 2, "bob")
	s.Apply(&Command{Verb: Grant, Client: ann, Name: "ann"})
	want := []Kind{KickedUser, Refused, Removed, MemberRemoved, Quit, Left, Gone}
	if got := kindsOf(s.Apply(&Command{Verb: Kick, Client: ann, Name: "ann"})); !slices.Equal(got, want) {
		t.Errorf("KICK of oneself gives events of kind %v, want %v", got, want)
	}
	if len(s.rights.operators) != 0 {
		t.Errorf("%d operators are left, want none", len(s.rights.operators))
	}
}

// TestEveryAskIsAskedOnce: the client's input waits for exactly one answer, whatever the state is.
func TestEveryAskIsAskedOnce(t *testing.T) {
	random := rand.New(rand.NewPCG(11, 12))
	cfg := Config{AnnounceMax: 5, Operators: []string{"ops"}}
	s := New(cfg)
	rounds := make([]uint32, 12)
	asking := []Verb{Pass, Register, Login, Unregister, Oper, Ban, Shun, Unban, Bans, Stats, Drain, Send, Admit}
	asked := map[Code]int{}
	for step := range 20_000 {
		if step%500 == 0 {
			cfg.NeedPassword = !cfg.NeedPassword
			now := cfg
			s.Apply(&Command{Verb: Configure, Config: &now})
		}
		cmd := randomCommand(random, step, rounds)
		if random.IntN(2) == 0 {
			cmd.Verb, cmd.ID = asking[random.IntN(len(asking))], ""
		}
		here := s.people.of(cmd.Client) != nil
		got := slices.DeleteFunc(slices.Clone(s.Apply(&cmd)), func(e Event) bool { return e.Kind != Asked && e.Kind != UploadAsked })
		if want := here && (cmd.Verb.Asks() || cmd.Verb == Send); len(got) > 1 || want != (len(got) == 1) {
			t.Fatalf("step %d: verb %d, by a client that is here: %v, gives %d questions", step, cmd.Verb, here, len(got))
		}
		if len(got) == 1 && (got[0].Client != cmd.Client || got[0].Scope != ToClient || (got[0].Kind == UploadAsked) != (cmd.Verb == Send)) {
			t.Fatalf("step %d: verb %d by %d gives %+v", step, cmd.Verb, cmd.Client, got[0])
		}
		if len(got) == 1 && got[0].Ask != nil {
			asked[got[0].Ask.Refusal.Why.Code()]++
		}
		checkLinks(t, s)
	}
	for _, code := range []Code{"", NeedPassword, AlreadyIn, NotOperator, NeedName, NotRegistered, Shunned} {
		if asked[code] == 0 {
			t.Errorf("no question with code %q came up: the test has lost its point", code)
		}
	}
}

// A server was locked when they came, and is no more: PASS lets them in, whatever they say.
func TestWhoWasLockedOutComesIn(t *testing.T) {
	s := New(Config{AnnounceMax: 10, NeedPassword: true})
	id := NewClientID(1, 1)
	s.Apply(&Command{Verb: Connect, Client: id, Name: "10.0.0.1:1"})
	if s.Len() != 0 {
		t.Errorf("Len = %d with a client that is locked out, want 0", s.Len())
	}
	s.Apply(&Command{Verb: Configure, Config: &Config{AnnounceMax: 10}})
	want := []Kind{Asked, Welcomed, MemberAdded, Entered}
	if got := s.Apply(&Command{Verb: Pass, Client: id, Text: "anything"}); !slices.Equal(kindsOf(got), want) || got[0].Ask.Refusal.Why.Code() != AlreadyIn {
		t.Errorf("PASS gives %+v, want kinds %v and %s", got, want, AlreadyIn)
	}
}

// An idle client costs one of these, and the runtime's sizes go from 128 to 144 bytes.
func TestUserIsSmall(t *testing.T) {
	if size := unsafe.Sizeof(user{}); size > 128 {
		t.Errorf("a user takes %d bytes, want at most 128", size)
	}
}

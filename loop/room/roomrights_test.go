package room

import (
	"fmt"
	"testing"
)

// TestEveryRightHasARow: each kind has a name, which no other has, and can be given.
func TestEveryRightHasARow(t *testing.T) {
	names := map[string]RightKind{}
	for kind := range RightKinds {
		if other, is := names[kind.String()]; is || kind.String() == "" || kind.row().by == asAnyone {
			t.Errorf("right %d is called %q, as is %d, and may be given by level %d", kind, kind, other, kind.row().by)
		}
		names[kind.String()] = kind
	}
	for _, kind := range []RightKind{0, rightKinds, 255} {
		if kind.String() != "" {
			t.Errorf("right %d, which is none, is called %q", kind, kind)
		}
	}
}

// governed is a State with a room #go of ana's, who is its founder and client 0.
func governed(t *testing.T, cfg Config) *governing {
	t.Helper()
	g := &governing{t: t, s: New(cfg)}
	g.come(0)
	g.s.Apply(&Command{Verb: SignIn, Client: NewClientID(0, 1), Name: "ana"})
	g.s.Apply(&Command{Verb: Registered, Client: NewClientID(0, 1), Name: "ana"})
	g.s.Apply(&Command{Verb: Join, Client: NewClientID(0, 1), Name: "#go"})
	return g
}

type governing struct {
	t *testing.T
	s *State
}

func (g *governing) come(n uint32) {
	g.s.Apply(&Command{Verb: Connect, Client: NewClientID(n, 1), Name: fmt.Sprintf("10.0.%d.%d:%d", n>>8, n&255, 1024+n), N: None})
}

// rule is what ana does in #go. It returns how many were put out, and why it was refused, "" if it wasn't.
func (g *governing) rule(kind RightKind, off bool, name, words string) (putOut int, why Code) {
	return g.told(&Command{Verb: Govern, Client: NewClientID(0, 1), Room: "#go", Right: kind, Off: off, Name: name, Text: words})
}

func (g *governing) told(cmd *Command) (putOut int, why Code) {
	for _, e := range g.s.Apply(cmd) {
		if e.Kind == Refused && e.Why == PutOutOfRoom {
			putOut++
		} else if e.Kind == Refused {
			why = e.Why.Code()
		}
	}
	return putOut, why
}

func (g *governing) want(what string, got, want Code) {
	g.t.Helper()
	if got != want {
		g.t.Errorf("%s is refused with %q, want %q", what, got, want)
	}
}

// TestRightsAreBounded: as many as there may be, and one more.
func TestRightsAreBounded(t *testing.T) {
	g := governed(t, Config{})
	for n := range MaxHelpers + MaxInvitations + 2 {
		g.s.Apply(&Command{Verb: Registered, Client: NoClient, Name: fmt.Sprint("user", n)})
	}
	for n := range MaxHelpers {
		_, why := g.rule([]RightKind{RightOperator, RightVoice}[n%2], false, fmt.Sprint("user", n), "")
		g.want("a helper", why, "")
	}
	_, why := g.rule(RightVoice, false, fmt.Sprint("user", MaxHelpers), "")
	g.want("one more", why, TooManyRights)
	_, why = g.rule(RightOperator, true, "user0", "")
	g.want("one less", why, "")
	_, why = g.rule(RightVoice, false, fmt.Sprint("user", MaxHelpers), "")
	g.want("another in its place", why, "")
	for n := range MaxRoomBans {
		_, why := g.rule(RightBan, false, fmt.Sprint("eve", n), "")
		g.want("a ban", why, "")
	}
	_, why = g.rule(RightBan, false, "eve", "")
	g.want("one more ban", why, TooManyRights)
	_, why = g.rule(RightBan, false, "eve7", "again")
	g.want("the same ban", why, "")
	for _, kind := range []RightKind{RightExcept, RightInvex} {
		for n := range MaxExceptions {
			_, why := g.rule(kind, false, fmt.Sprint("*!*@eve", n), "")
			g.want("an exception", why, "")
		}
		_, why = g.rule(kind, false, "*!*@eve", "")
		g.want("one more exception", why, TooManyRights)
		_, why = g.rule(kind, false, "*!*@EVE7", "")
		g.want("the same exception", why, "")
	}
	for n := range MaxInvitations + 1 {
		_, why := g.rule(RightInvite, false, fmt.Sprint("user", n+1), "")
		g.want("an invitation", why, "")
	}
	l := g.s.hall.rooms["#go"].rights
	if n := l.count(RightInvite); n != MaxInvitations || l.findOf(RightInvite, bearer{account: "user1"}) >= 0 || l.findOf(RightInvite, bearer{account: "user2"}) < 0 {
		t.Errorf("there are %d invitations, want %d, without the oldest", n, MaxInvitations)
	}
}

// TestBansAreComparedInPieces: a ban for a network in a room of very many puts out all whom it means, so many for each command, and nobody else.
func TestBansAreComparedInPieces(t *testing.T) {
	const members = 3 * sweepAtOnce / 2
	g := governed(t, Config{Operators: []string{"ops"}})
	g.s.Apply(&Command{Verb: Grant, Client: NewClientID(0, 1), Name: "ops"})
	for n := uint32(1); n <= members; n++ {
		g.come(n)
		g.s.Apply(&Command{Verb: Join, Client: NewClientID(n, 1), Name: "#go"})
	}
	room := g.s.hall.rooms["#go"]
	first, why := g.rule(RightBan, false, "10.0.0.0/22", "")
	if want := 1023; why != "" || !g.s.Behind() || first >= want { // ana is its founder
		t.Fatalf("the ban has put out %d at once, refused with %q; want fewer than %d, and more to do", first, why, want)
	}
	g.s.Apply(&Command{Verb: Part, Client: NewClientID(1, 1), Name: "#go"}) // one of those who are still to be looked at
	rest := 0
	for g.s.Behind() {
		n, _ := g.told(&Command{Verb: Tick})
		rest += n
	}
	if first+rest != 1022 || len(room.members) != members+1-1023 {
		t.Errorf("the ban has put out %d and %d, and %d are left; want 1022 in all, and %d", first, rest, len(room.members), members+1-1023)
	}
	for _, u := range room.members {
		if room.rights.banOf(u, "", 0) != nil && u.name != "ana" {
			t.Errorf("%s is still in the room", u.name)
		}
	}
}

// TestPutOutOfALargeRoomIsCounted: nobody but who is put out, and who has done it, is told at once.
func TestPutOutOfALargeRoomIsCounted(t *testing.T) {
	g := governed(t, Config{AnnounceMax: 2})
	for n := uint32(1); n < 4; n++ {
		g.come(n)
		g.s.Apply(&Command{Verb: Join, Client: NewClientID(n, 1), Name: "#go"})
	}
	g.s.Apply(&Command{Verb: Tick, At: 2 * digestEvery})
	for _, e := range g.s.Apply(&Command{Verb: PutOutOf, Client: NewClientID(0, 1), Room: "#go", Name: "10.0.0.2:1026"}) {
		if e.Scope == ToRoom || e.Scope == ToRooms {
			t.Errorf("a room is told of %+v", e)
		}
	}
	var tally Tally
	for _, e := range g.s.Apply(&Command{Verb: Tick, At: 4 * digestEvery}) {
		if e.Kind == Digest && e.RoomName == "#go" {
			tally = e.Tally
		}
	}
	if want := (Tally{Left: 1, Removed: 1}); tally != want {
		t.Errorf("the digest has %+v, want %+v", tally, want)
	}
}

package room

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"unsafe"
)

// keep has ana keep a room that she is in, as a server with a disk does, and returns the last record of it and why she was refused.
func (g *governing) keep(name string, off bool) (k *KeptRoom, why Code) {
	g.t.Helper()
	for _, e := range g.s.Apply(&Command{Verb: KeepRoom, Client: NewClientID(0, 1), Room: name, Off: off}) {
		if e.Kind == Asked {
			k, why = e.Ask.Kept, e.Ask.Refusal.Why.Code()
		}
	}
	if k == nil {
		return nil, why
	}
	return g.changes(&Command{Verb: RoomKept, Client: NewClientID(0, 1), Name: "ana", Kept: k, Off: off}, k), why
}

// changes applies a command and returns what is kept of a room then, so far k; nil if it is kept no longer.
func (g *governing) changes(cmd *Command, k *KeptRoom) *KeptRoom {
	for _, e := range g.s.Apply(cmd) {
		if e.Kind == RecordChanged && (e.Record.Room != nil || e.Record.NoRoom != "") {
			k = e.Record.Room
		}
	}
	return k
}

// TestKeptRoomIsRestored: a State that is told what another one had kept has the same rights, and keeps the same.
func TestKeptRoomIsRestored(t *testing.T) {
	g := governed(t, Config{})
	ana := NewClientID(0, 1)
	for _, name := range []string{"bob", "dan", "eve"} {
		g.s.Apply(&Command{Verb: Registered, Client: NoClient, Name: name})
	}
	k, why := g.keep("#go", false)
	g.want("KEEP", why, "")
	govern := func(kind RightKind, name, text string, n int64) {
		k = g.changes(&Command{Verb: Govern, Client: ana, Wall: 7000, Right: kind, Name: name, Text: text, N: n}, k)
	}
	govern(RightOperator, "bob", "", 0)
	govern(RightInvite, "dan", "", 0)
	govern(RightBan, "eve", "spam", 60)
	govern(RightBan, "10.0.0.7:1031", "", 0)
	govern(RightKey, "", KeyDigest("open sesame"), 0)
	govern(RightLocked, "", "", 0)
	k = g.changes(&Command{Verb: Topic, Client: ana, Wall: 8000, Text: "all about Go"}, k)
	g.come(1)
	g.s.Apply(&Command{Verb: SignIn, Client: NewClientID(1, 1), Name: "gus"})
	govern(RightInvite, "gus", "", 0) // who has no account
	if k == nil || !k.InBounds() || k.Topic != "all about Go" || k.TopicBy != "ana" || k.TopicAt != 8000 || len(k.Rights) != 8 {
		t.Fatalf("what is kept is %+v, want the topic and 8 rights", k)
	}

	other := New(Config{})
	for _, name := range []string{"ana", "bob", "eve"} { // dan has given his up
		other.Apply(&Command{Verb: Registered, Client: NoClient, Name: name})
	}
	other.Apply(&Command{Verb: RestoreRoom, Client: NoClient, Wall: 9000, Kept: k})
	r := other.hall.rooms["#go"]
	if r == nil || r.topic != "all about Go" || len(r.members) != 0 {
		t.Fatalf("restored is %+v", r)
	}
	want := *k
	want.Rights = nil
	for _, h := range k.Rights {
		if h.Target != "dan" {
			want.Rights = append(want.Rights, h)
		}
	}
	if got := recordOf(r); !got.equals(&want) || len(got.Rights) != 7 {
		t.Errorf("restored rights are\n%+v, want\n%+v", got.Rights, want.Rights)
	}
	for _, h := range r.rights.all {
		if h.Kind == RightBan && reflect.DeepEqual(h.target, target{}) {
			t.Errorf("the ban %+v means nobody", h)
		}
	}

	late := New(Config{}) // the ban of a minute is over then, and ana has given her name up
	late.Apply(&Command{Verb: RestoreRoom, Client: NoClient, Wall: 900_000, Kept: k})
	changes := late.Apply(&Command{Verb: Restored, Client: NoClient})
	if got := recordsOf(changes); !slices.Equal(got, []string{"room #lobby", "no room #go", "ended"}) || changes[2].Record.Ended != k.Place || late.hall.rooms["#go"] != nil {
		t.Errorf("a room without a founder is restored, and the records are %q", got)
	}
}

// TestKeptRoomsOfAFounderAreCounted: so many and no more, be they kept or given; those that are kept count for no address, and others do again.
func TestKeptRoomsOfAFounderAreCounted(t *testing.T) {
	const address = 7
	g := governed(t, Config{MaxRoomsPerAddress: MaxKept + 2})
	for n := range MaxKept {
		name := fmt.Sprint("#room", n)
		g.s.Apply(&Command{Verb: Join, Client: NewClientID(0, 1), Group: address, Name: name})
		_, why := g.keep(name, false)
		g.want("KEEP", why, "")
	}
	if n := g.s.hall.opened[address]; n != 0 {
		t.Errorf("%d rooms that are kept count for the address that has opened them, want 0", n)
	}
	_, why := g.keep("#go", false)
	g.want("one more KEEP", why, TooManyRooms)
	_, why = g.keep("#room3", true)
	g.want("KEEP OFF", why, "")
	if n := g.s.hall.opened[address]; n != 1 {
		t.Errorf("%d rooms count for the address, want the one that is kept no longer", n)
	}
	_, why = g.keep("#go", false)
	g.want("KEEP in its place", why, "")

	g.come(1)
	g.s.Apply(&Command{Verb: SignIn, Client: NewClientID(1, 1), Name: "bob"})
	g.s.Apply(&Command{Verb: Registered, Client: NewClientID(1, 1), Name: "bob"})
	g.s.Apply(&Command{Verb: Join, Client: NewClientID(1, 1), Name: "#bobs"})
	k := &KeptRoom{}
	for _, e := range g.s.Apply(&Command{Verb: KeepRoom, Client: NewClientID(1, 1)}) {
		k = e.Ask.Kept
	}
	g.s.Apply(&Command{Verb: RoomKept, Client: NewClientID(1, 1), Name: "bob", Kept: k})
	_, why = g.told(&Command{Verb: Govern, Client: NewClientID(1, 1), Right: RightFounder, Name: "ana"})
	g.want("giving ana one more", why, TooManyRooms)
	g.s.Apply(&Command{Verb: Disconnect, Client: NewClientID(0, 1)})
	g.s.Apply(&Command{Verb: Disconnect, Client: NewClientID(1, 1)})
	if n := len(g.s.hall.rooms); n != 1+MaxKept+1 {
		t.Errorf("%d rooms are there when all have gone, want the lobby, %d and 1", n, MaxKept)
	}
}

// TestHalfOfTheRoomsEnd: rooms that are kept leave as many for others.
func TestHalfOfTheRoomsEnd(t *testing.T) {
	g := governed(t, Config{MaxRooms: 6})
	for n := range 3 {
		name := fmt.Sprint("#room", n)
		g.s.Apply(&Command{Verb: Join, Client: NewClientID(0, 1), Name: name})
		_, why := g.keep(name, false)
		g.want("KEEP", why, "")
	}
	_, why := g.keep("#go", false)
	g.want("KEEP of more than half", why, TooManyRooms)
	_, why = g.rule(RightMuted, false, "", "")
	g.want("MUTE there", why, "")
}

// TestBansKeepNoLine: what is kept of a ban is no part of the line that has said it.
func TestBansKeepNoLine(t *testing.T) {
	g := governed(t, Config{})
	line := strings.Repeat("x", 8<<10)
	g.rule(RightBan, false, "10.0.0.7:1031", line[:100])
	if ban := g.s.hall.rooms["#go"].rights.rule(RightBan); ban == nil || unsafe.StringData(ban.Text) == unsafe.StringData(line) {
		t.Errorf("the ban %+v keeps a line of %d bytes", ban, len(line))
	}
}

// TestKeptMeanwhile: what changes in a room while it is being written is kept, too; who has lost the room meanwhile keeps nothing; and a room that all have left is there again.
func TestKeptMeanwhile(t *testing.T) {
	g := governed(t, Config{})
	ana := NewClientID(0, 1)
	ask := func() (k *KeptRoom) {
		for _, e := range g.s.Apply(&Command{Verb: KeepRoom, Client: ana, Room: "#go"}) {
			if e.Kind == Asked {
				k = e.Ask.Kept
			}
		}
		return k
	}
	asked := ask()
	g.rule(RightMuted, false, "", "")
	if k := g.changes(&Command{Verb: RoomKept, Client: ana, Name: "ana", Kept: asked}, asked); k == nil || len(k.Rights) != 3 {
		t.Errorf("what is kept is %+v, want the founder, that it is kept, and that it is muted", k)
	}
	g.keep("#go", true)

	asked = ask()
	g.s.Apply(&Command{Verb: Registered, Client: NoClient, Name: "bob"})
	g.rule(RightFounder, false, "bob", "")
	if k := g.changes(&Command{Verb: RoomKept, Client: ana, Name: "ana", Kept: asked}, asked); k != nil || g.s.hall.rooms["#go"].rights.has(RightKept) {
		t.Errorf("the room is kept for who has given it away: %+v", k)
	}

	g = governed(t, Config{})
	asked = ask()
	g.s.Apply(&Command{Verb: Disconnect, Client: ana})
	k := g.changes(&Command{Verb: RoomKept, Client: ana, Name: "ana", Kept: asked}, asked)
	if r := g.s.hall.rooms["#go"]; k == nil || r == nil || !r.rights.has(RightKept) || len(r.members) != 0 {
		t.Errorf("a room that all have left while it was being written is %+v, kept as %+v", r, k)
	}
}

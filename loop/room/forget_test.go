package room

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
)

// TestHistoryErases: what is left is what a plain list would have, wherever the ring begins, and rows can come behind it.
func TestHistoryErases(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	for round := range 300 {
		var h history
		var plain []Row
		limit := 1 + random.IntN(8)
		for step := range 40 {
			if random.IntN(6) == 0 {
				account := fmt.Sprint(random.IntN(3))
				is := func(row *Row) bool { return row.Account == account }
				before := bytesOf(plain)
				plain = slices.DeleteFunc(plain, func(row Row) bool { return is(&row) })
				if got, want := h.erase(is), before-bytesOf(plain); got != want {
					t.Fatalf("round %d: erase = %d bytes, want %d", round, got, want)
				}
			} else {
				row := Row{Account: fmt.Sprint(random.IntN(3)), ID: MsgID(step + 1), Text: fmt.Sprint(step)}
				h.add(row, limit, 0)
				plain = append(plain, row)
				plain = plain[max(0, len(plain)-limit):]
			}
			if got := h.last(limit); !slices.Equal(got, plain) || h.bytes != bytesOf(plain) {
				t.Fatalf("round %d, step %d: %+v of %d bytes, want %+v of %d", round, step, got, h.bytes, plain, bytesOf(plain))
			}
		}
	}
}

// TestForgotten: nothing of what an account has said is told any more, in rooms and to who has been away; what others have said is. Who takes the name next has none of it.
func TestForgotten(t *testing.T) {
	s, ann, bob := homeOfAnn(t, Config{})
	dave := newcomerAt(s, 3, "dave")
	s.Apply(&Command{Verb: Registered, Client: bob, Name: "bob"})
	s.Apply(&Command{Verb: Say, Client: ann, Text: "one"})
	s.Apply(&Command{Verb: Say, Client: bob, Text: "two"})
	s.Apply(&Command{Verb: Nick, Client: bob, Name: "rob"})
	s.Apply(&Command{Verb: Say, Client: bob, Text: "three"})
	s.Apply(&Command{Verb: Disconnect, Client: ann})
	for text, who := range map[string]ClientID{"four": bob, "five": dave} {
		s.Apply(&Command{Verb: Tell, Client: who, Name: "ann", Text: text})
	}
	events := s.Apply(&Command{Verb: Forget, Client: bob})
	if len(events) != 1 || events[0].Kind != Asked || events[0].Ask.Key != "bob" || events[0].Ask.Name != "bob" {
		t.Fatalf("FORGET ME gives %+v, want the account bob asked for", events)
	}
	events = s.Apply(&Command{Verb: Forgotten, Client: bob, Name: "bob", N: 3})
	if at := slices.IndexFunc(events, func(e Event) bool { return e.Kind == Done }); at < 0 || events[at].Verb != Forget || events[at].Who != "bob" || events[at].N != 3 {
		t.Errorf("that it is done gives %+v, want it answered", events)
	}
	if rows := s.hall.rooms["#go"].recent.last(9); len(rows) != 1 || rows[0].Text != "one" {
		t.Errorf("the room has %+v, want what ann has said alone", rows)
	}
	if s.names.isRegistered("bob") || s.HistoryBytes() != s.hall.rooms["#go"].recent.bytes+s.persons.mailed {
		t.Errorf("the name is still registered, or %d bytes are kept", s.HistoryBytes())
	}
	if got := comesBack(s, NewClientID(7, 1)); !slices.Equal(got, []string{"dave: five"}) {
		t.Errorf("ann has missed %q, want what dave has written alone", got)
	}
}

// TestRoomCleared: the room goes on as another place, and nothing said before is in it; it may have ended before that is done.
func TestRoomCleared(t *testing.T) {
	s, ann, bob := homeOfAnn(t, Config{})
	s.Apply(&Command{Verb: Join, Client: ann, Name: "#new"})
	s.Apply(&Command{Verb: Join, Client: bob, Name: "#new"})
	s.Apply(&Command{Verb: Say, Client: ann, Text: "one"})
	before := s.hall.rooms["#new"].place
	for _, row := range []struct {
		who ClientID
		no  Code
	}{{bob, NotRoomOperator}, {ann, ""}} {
		events := s.Apply(&Command{Verb: ClearRoom, Client: row.who, Room: "#new"})
		if len(events) != 1 || events[0].Kind != Asked || events[0].Ask.Refusal.Why.Code() != row.no {
			t.Errorf("ROOM CLEAR by %v gives %+v, want it asked, or refused with %q", row.who, events, row.no)
		}
	}
	events := slices.Clone(s.Apply(&Command{Verb: RoomCleared, Client: ann, Name: "ann", Room: "#new"}))
	r := s.hall.rooms["#new"]
	if r.place == before || r.place == 0 || r.recent.count != 0 || s.HistoryBytes() != 0 || !r.rights.has(RightFounder) {
		t.Errorf("the room is %+v, want another place with nothing in it, and its rights", r)
	}
	told := map[Kind]bool{}
	for _, e := range events {
		told[e.Kind] = true
		if e.Kind == RecordChanged && e.Record.Ended != 0 && e.Record.Ended != before {
			t.Errorf("the place %d has ended, want %d", e.Record.Ended, before)
		}
	}
	if !told[Governed] || !told[GovernDone] || !told[RecordChanged] {
		t.Errorf("that gives %+v, want the others told, the client answered and the place ended", events)
	}
	s.Apply(&Command{Verb: Part, Client: ann, Name: "#new"})
	s.Apply(&Command{Verb: Part, Client: bob, Name: "#new"})
	if events := s.Apply(&Command{Verb: RoomCleared, Client: ann, Name: "ann", Room: "#new"}); len(events) != 1 || events[0].Kind != GovernDone {
		t.Errorf("of a room that has ended it gives %+v, want the client answered", events)
	}
}

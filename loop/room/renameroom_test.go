package room

import (
	"fmt"
	"slices"
	"testing"
)

// TestRoomRenamedMeanwhile: what a server was asked about a room is done to that room, which has another name by then, and not to another one that has taken its name.
func TestRoomRenamedMeanwhile(t *testing.T) {
	for _, tt := range []struct {
		name  string
		taken bool // the old name, by another room
		ask   Verb
		want  func(r *chatRoom) string // what is wrong
		keeps []string
	}{
		{"cleared", false, ClearRoom, wantsRows(), []string{"ended", "room #later was "}},
		{"cleared, and its name is taken", true, ClearRoom, wantsRows(), []string{"ended", "room #later was "}},
		{"a message erased", true, Redact, wantsRows("two"), nil},
		{"kept", false, KeepRoom, wantsKept, []string{"room #later was #new"}},
		{"kept, and its name is taken", true, KeepRoom, wantsKept, []string{"no room #new", "room #later was "}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s, ann, bob := homeOfAnn(t, Config{Recent: 9})
			s.Apply(&Command{Verb: Join, Client: ann, Name: "#new"})
			for _, words := range []string{"one", "two"} {
				s.Apply(&Command{Verb: Say, Client: ann, Text: words})
			}
			first := s.hall.rooms["#new"].recent.at(0).ID
			asked := askOf(s.Apply(&Command{Verb: tt.ask, Client: ann, Room: "#new", Name: "#new", Msg: first}))
			if asked == nil || asked.Refusal.Why != 0 {
				t.Fatalf("asked is %+v", asked)
			}
			s.Apply(&Command{Verb: RenameRoom, Client: ann, Room: "#new", Name: "#later", Wall: 1000})
			if tt.taken {
				s.Apply(&Command{Verb: Join, Client: bob, Name: "#new"})
				s.Apply(&Command{Verb: Say, Client: bob, Text: "three"})
			}
			done := Command{Verb: map[Verb]Verb{ClearRoom: RoomCleared, Redact: MessageErased, KeepRoom: RoomKept}[tt.ask], Client: ann, Name: "ann", Room: asked.Key, Place: asked.Place, Msg: asked.Msg, Kept: asked.Kept}
			got := []string(nil)
			for _, e := range s.Apply(&done) {
				switch r := e.Record; {
				case r == nil:
				case r.Room != nil:
					got = append(got, "room "+r.Room.Name+" was "+r.Was)
				default:
					got = append(got, recordsOf([]Event{e})...)
				}
			}
			if !slices.Equal(got, tt.keeps) {
				t.Errorf("the records are %q, want %q", got, tt.keeps)
			}
			if wrong := tt.want(s.hall.rooms["#later"]); wrong != "" {
				t.Error(wrong)
			}
			if other := s.hall.rooms["#new"]; (other != nil) != tt.taken || tt.taken && other.recent.count != 1 {
				t.Errorf("the room that is called so now is %+v", other)
			}
			checkLinks(t, s)
		})
	}
}

// askOf is what a server is asked, nil if it isn't.
func askOf(events []Event) *Ask {
	for i := range events {
		if events[i].Kind == Asked {
			return events[i].Ask
		}
	}
	return nil
}

func wantsRows(texts ...string) func(*chatRoom) string {
	return func(r *chatRoom) string {
		var got []string
		for _, row := range r.recent.last(9) {
			got = append(got, row.Text)
		}
		if !slices.Equal(got, texts) {
			return fmt.Sprintf("it has %q, want %q", got, texts)
		}
		return ""
	}
}

func wantsKept(r *chatRoom) string {
	if !r.rights.has(RightKept) || !r.recorded {
		return fmt.Sprintf("it isn't kept: %+v", r)
	}
	return ""
}

// TestReadMarksGoWithTheRoom: who is in a room that is renamed keeps how far it has read it, and what another room of that name has left.
func TestReadMarksGoWithTheRoom(t *testing.T) {
	s, ann, _ := homeOfAnn(t, Config{Recent: 9})
	s.Apply(&Command{Verb: IDs, Client: ann})
	s.Apply(&Command{Verb: Join, Client: ann, Name: "#old"})
	s.Apply(&Command{Verb: Say, Client: ann, Text: "words"})
	s.Apply(&Command{Verb: Read, Client: ann, Name: "#old", Msg: 1 << 40, N: None})
	s.Apply(&Command{Verb: Part, Client: ann, Name: "#old"})
	s.Apply(&Command{Verb: Join, Client: ann, Name: "#new"})
	s.Apply(&Command{Verb: Read, Client: ann, Name: "#new", Msg: 1, N: None})
	a := s.people.of(ann).account()
	want := a.marks.find("#new").read
	var got []string
	told := 0
	for _, e := range s.Apply(&Command{Verb: RenameRoom, Client: ann, Room: "#new", Name: "#Old"}) {
		switch {
		case e.Record != nil && e.Record.Mark != nil:
			got = append(got, fmt.Sprint(e.Record.Mark.Key, " ", e.Record.Mark.Shown, " ", e.Record.Mark.Read))
		case e.Kind == ReadUpTo && e.Text == "#Old" && e.ID == want:
			told++
		}
	}
	if records := []string{"#new  0-0", fmt.Sprint("#old #Old ", want)}; !slices.Equal(got, records) || told != 1 {
		t.Errorf("the records are %q, want %q; told %d times", got, records, told)
	}
	if m := a.marks.find("#old"); m == nil || m.read != want || m.shown != "#Old" || a.marks.find("#new") != nil || len(a.marks) != 1 {
		t.Errorf("the marks are %+v", a.marks)
	}
}

// TestNamesBehindARenaming: all who are told who is in their rooms get all names, in pieces, and share the rows; who doesn't show in a large room gets itself as well. Others are told by one event together.
func TestNamesBehindARenaming(t *testing.T) {
	for _, announceMax := range []int{100, 5} {
		s := New(Config{AnnounceMax: announceMax, Page: 100, Operators: []string{"ops"}})
		const lines, ofIRC = 10, 20
		for n := range lines + ofIRC {
			id := NewClientID(uint32(n), 1)
			s.Apply(&Command{Verb: Connect, Client: id, Name: fmt.Sprint("10.0.0.1:", 1000+n), Off: n >= lines})
			s.Apply(&Command{Verb: map[bool]Verb{true: SignIn, false: Enter}[n < lines], Client: id, Name: fmt.Sprint("user", n)})
			s.Apply(&Command{Verb: Join, Client: id, Name: "#go"})
		}
		ops := NewClientID(0, 1)
		s.Apply(&Command{Verb: Grant, Client: ops, Name: "ops"})
		events := s.Apply(&Command{Verb: RenameRoom, Client: ops, Room: "#go", Name: "#rust", N: None})
		shared, names, toAll := map[*Row]bool{}, 0, 0
		for i := range events {
			e := &events[i]
			switch e.Kind {
			case RoomRenamed:
				toAll++
			case NamesAre:
				names++
				shared[&e.List[0]] = true
				told := map[string]bool{}
				for _, row := range e.List {
					told[row.Name] = true
				}
				for more := e.Rest != nil; more; {
					var rows []Row
					rows, more = e.Rest.Next()
					for _, row := range rows {
						told[row.Name] = true
					}
				}
				if len(told) != e.Count || told[s.people.of(e.Client).name] == (e.Who == s.people.of(e.Client).name) || e.RoomName != "#rust" || e.Text != "#go" || e.Verb != RenameRoom {
					t.Errorf("%v is told %d names, want %d: %+v", e.Client, len(told), e.Count, e)
				}
			}
		}
		if toAll != 1 || names != ofIRC || len(shared) != 1 {
			t.Errorf("announced up to %d: %d events tell all of it, %d clients are told the names, by %d lists; want 1, %d and 1", announceMax, toAll, names, len(shared), ofIRC)
		}
	}
}

package room

import (
	"fmt"
	"reflect"
	"strings"
	"testing"
)

// denOfAna has ana make a room, in which she may do anything, and bob come into it.
func denOfAna() (s *State, ana ClientID) {
	s = New(Config{AnnounceMax: 100})
	ana = entersAt(s, 0, "ana")
	s.Apply(&Command{Verb: Join, Client: ana, Name: "#den", Tag: 1})
	s.Apply(&Command{Verb: Join, Client: entersAt(s, 1, "bob"), Name: "#den"})
	return s, ana
}

// eventsOf are the room events among all, as they are kept.
func eventsOf(all []Event) (texts []string) {
	for i := range all {
		if is, kept := RoomEventOf(&all[i]); kept {
			texts = append(texts, fmt.Sprintf("%s by %s: %s", all[i].ID, all[i].Who, is))
		}
	}
	return texts
}

// TestRoomEvents: what is done to a room is kept, with an id that the others are told as well as who has done it; but nothing that isn't for all to read.
func TestRoomEvents(t *testing.T) {
	s, ana := denOfAna()
	for _, row := range []struct {
		what string
		do   Command
		want string
	}{
		{"the topic", Command{Verb: Topic, Text: "Go  on"}, "0-3 by ana: topic Go  on"},
		{"the same", Command{Verb: Topic, Text: "Go  on"}, ""},
		{"what shows the same", Command{Verb: Topic, Text: "Go \x02 on"}, ""},
		{"none", Command{Verb: Topic, Off: true}, "0-4 by ana: topic "},
		{"a right", Command{Verb: Govern, Right: RightVoice, Name: "bob"}, "0-5 by ana: +voice bob "},
		{"the same", Command{Verb: Govern, Right: RightVoice, Name: "bob"}, ""},
		{"it is taken", Command{Verb: Govern, Right: RightVoice, Name: "bob", Off: true}, "0-6 by ana: -voice bob "},
		{"a rule", Command{Verb: Govern, Right: RightLimit, N: 9}, "0-7 by ana: +limit  9"},
		{"a key, which isn't told", Command{Verb: Govern, Right: RightKey, Text: "sesame"}, "0-8 by ana: +key  "},
		{"an invitation", Command{Verb: Govern, Right: RightInvite, Name: "cat"}, ""},
		{"a ban, which nobody falls under", Command{Verb: Govern, Right: RightBan, Name: "dan", N: None, Text: "spam and eggs"}, "0-9 by ana: +ban dan spam and eggs"},
		{"several at once", Command{Verb: Govern, Changes: &[]Change{{Right: RightVoice, Name: "bob"}, {Right: RightMuted}, {Right: RightMuted}, {Right: RightLimit, Off: true}}}, "0-10 by ana: +voice bob \n+muted  \n-limit  9"},
		{"who is put out", Command{Verb: PutOutOf, Name: "bob", Text: "out you go"}, "0-11 by ana: kick bob out you go"},
	} {
		row.do.Client, row.do.Tag = ana, 7
		all := s.Apply(&row.do)
		got := fmt.Sprint(eventsOf(all))
		if want := fmt.Sprint([]string{row.want}); got != want && (row.want != "" || got != "[]") {
			t.Errorf("%s: kept is %s, want %s", row.what, got, want)
		}
		for i := range all {
			if e := &all[i]; row.want != "" && e.Client == ana && (e.Kind == TopicIs || e.Kind == GovernDone) && !e.Current && e.ID.String() != row.want[:len(e.ID.String())] {
				t.Errorf("%s: who has done it is told the id %s, want that of %s", row.what, e.ID, row.want)
			}
		}
	}
}

// TestRoomEventsAreBounded: no more are kept behind one message than a page of what was said can bear.
func TestRoomEventsAreBounded(t *testing.T) {
	s, ana := denOfAna()
	topic := func(n int) (kept int) {
		return len(eventsOf(s.Apply(&Command{Verb: Topic, Client: ana, Text: fmt.Sprint("Go ", n)})))
	}
	for range 2 {
		for n := range mostNoted + 5 {
			if got, want := topic(n), map[bool]int{true: 1}[n < mostNoted]; got != want {
				t.Fatalf("of event %d behind a message %d are kept, want %d", n, got, want)
			}
		}
		s.Apply(&Command{Verb: Say, Client: ana, Text: "news"})
	}
}

// FuzzRoomEvents: what was written is read, and what can't have been written does no harm.
func FuzzRoomEvents(f *testing.F) {
	f.Add("topic Go", uint8(0), false, "", "")
	f.Add("+voice bob ", uint8(RightVoice), true, "bob", "two words")
	f.Fuzz(func(t *testing.T, text string, right uint8, off bool, of, words string) {
		if is, ok := ParseRoomEvent(text); ok {
			if again, ok := ParseRoomEvent(is.String()); !ok || !reflect.DeepEqual(again, is) {
				t.Errorf("%q is %+v, and %q is %+v, %v", text, is, is.String(), again, ok)
			}
			is.Event("#room", &Row{})
		}
		if strings.ContainsAny(of, " \n") { // in no name
			return
		}
		x := RightEvent{Right: RightKind(right % uint8(rightKinds)), Of: of, Text: words}
		x.Off = off && x.Right != 0
		is := RoomEvent{Kind: Governed, Rights: []RightEvent{x, {Right: RightMuted}, x}}
		again, ok := ParseRoomEvent(is.String())
		for i := range is.Rights {
			is.Rights[i].Text = strings.ReplaceAll(is.Rights[i].Text, "\n", " ") // in no words
		}
		if !ok || !reflect.DeepEqual(again, is) {
			t.Errorf("%+v is written %q and read %+v, %v", is, is.String(), again, ok)
		}
	})
}

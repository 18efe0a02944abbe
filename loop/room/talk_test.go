package room

import (
	"slices"
	"strings"
	"testing"
)

// Words of which nothing shows are no message, for whoever reads them.
func TestWordsThatShowNothingAreNotSaid(t *testing.T) {
	s := New(Config{Recent: 10})
	ana, bob := NewClientID(0, 1), NewClientID(1, 1)
	for id, name := range map[ClientID]string{ana: "10.0.0.1:1", bob: "10.0.0.2:2"} {
		s.Apply(&Command{Verb: Connect, Client: id, Name: name})
		s.Apply(&Command{Verb: SignIn, Client: id, Name: []string{"ana", "bob"}[id.Slot()]})
	}
	for _, words := range []string{"", " ", "\x02", " \u202e\t\x01"} {
		for _, cmd := range []Command{{Verb: Say}, {Verb: Act}, {Verb: Tell, Name: "bob"}, {Verb: Tell, Name: Lobby}} {
			cmd.Client, cmd.Text = ana, words
			if events := s.Apply(&cmd); len(events) > 0 {
				t.Errorf("%v of %q gives %+v, want nothing", cmd.Verb, words, events)
			}
		}
	}
	events := s.Apply(&Command{Verb: Say, Client: ana, Text: "\x01x"})
	events = slices.DeleteFunc(slices.Clone(events), func(e Event) bool { return e.Kind == Appeared })
	if len(events) != 1 || events[0].Text != "\x01x" {
		t.Errorf("what shows something gives %+v, want it said as it came", events)
	}
	if rows := s.Apply(&Command{Verb: Recent, Client: bob, N: None})[0].List; len(rows) != 1 || rows[0].Text != "\x01x" {
		t.Errorf("RECENT has %+v, want what was said as it came", rows)
	}
}

func TestWordsAreAsLongAsTheyShow(t *testing.T) {
	s := New(Config{})
	ana := NewClientID(0, 1)
	s.Apply(&Command{Verb: Connect, Client: ana, Name: "10.0.0.1:1"})
	s.Apply(&Command{Verb: SignIn, Client: ana, Name: "ana"})
	hidden := strings.Repeat("\x02", MaxWords)
	fits, long := hidden+strings.Repeat("я", MaxWords), strings.Repeat("я", MaxWords+1)
	for _, verb := range []Verb{Topic, Away} {
		if e := s.Apply(&Command{Verb: verb, Client: ana, Text: fits}); e[len(e)-1].Kind == Refused {
			t.Errorf("%v of %d characters that show is refused", verb, MaxWords)
		}
		if e := s.Apply(&Command{Verb: verb, Client: ana, Text: long}); len(e) != 1 || e[0].Why != WordsTooLong {
			t.Errorf("%v of %d characters gives %+v, want a refusal", verb, MaxWords+1, e)
		}
	}
}

package room

import (
	"fmt"
	"slices"
	"testing"
)

// kindsOf is what events say, without whom to.
func kindsOf(events []Event) (kinds []Kind) {
	for i := range events {
		kinds = append(kinds, events[i].Kind)
	}
	return kinds
}

// newcomer connects a guest in the slot and gives it a name.
func newcomerAt(s *State, slot uint32, name string) ClientID {
	id := NewClientID(slot, 1)
	s.Apply(&Command{Verb: Connect, Client: id, Name: fmt.Sprintf("10.0.0.1:%d", slot)})
	s.Apply(&Command{Verb: SignIn, Client: id, Name: name})
	return id
}

func TestShunOfAClientEnds(t *testing.T) {
	s := New(Config{AnnounceMax: 10, Recent: 10})
	bob := newcomerAt(s, 1, "bob")
	s.Apply(&Command{Verb: ShunClient, Client: bob, N: 100, Wall: 50_000})
	for _, row := range []struct {
		unix int64
		want []Kind
	}{{50, nil}, {99, nil}, {100, []Kind{Said}}} {
		if got := kindsOf(s.Apply(&Command{Verb: Say, Client: bob, Text: "hello", Wall: 1000 * row.unix})); !slices.Equal(got, row.want) {
			t.Errorf("at %d what bob says, shunned until 100, gives events of kind %v, want %v", row.unix, got, row.want)
		}
	}
	if got := s.hall.rooms[Lobby].recent.last(10); len(got) != 1 {
		t.Errorf("RECENT has %d messages, want the one said when the shun was over", len(got))
	}
}

// What ends is forgotten when something else is set, so that the list doesn't grow for ever.
func TestSentencesAreForgottenWhenTheyEnd(t *testing.T) {
	l := newSentences()
	for i := range int64(10_000) {
		l.set(fmt.Sprint("name", i), sentence{until: i + 10}, i)
		if len(l.of) > 11 {
			t.Fatalf("%d sentences are kept at %d, want at most the 11 that hold", len(l.of), i)
		}
	}
	l.set("always", sentence{}, 20_000)
	l.set("name5", sentence{until: None}, 20_000)
	if _, holds := l.find("always", 1<<40); !holds || len(l.of) != 1 || l.ends != 0 {
		t.Errorf("%+v is left, want what holds for ever", l)
	}
}

// While a password was hashed, its client can have gone and another have taken the name: it must not have what it has no password for.
func TestRegisteredNameOfAnotherIsTakenBack(t *testing.T) {
	s := New(Config{AnnounceMax: 10})
	ana := newcomerAt(s, 1, "ana")
	s.Apply(&Command{Verb: Disconnect, Client: ana})
	other := newcomerAt(s, 2, "ANA")
	got := s.Apply(&Command{Verb: Registered, Client: ana, Name: "ana"})
	if len(got) == 0 || got[0].Client != other || got[0].Why.Code() != LoggedInElsewhere || s.people.of(other) != nil {
		t.Errorf("Registered for who has gone gives %+v, want that the other holder is disconnected", got)
	}
	if !s.names.isRegistered("ana") {
		t.Error("ana isn't registered, want that it is")
	}
}

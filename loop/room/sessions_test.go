package room

import (
	"slices"
	"testing"
)

// called is the names by which clients are here, "" for who isn't.
func called(s *State, clients ...ClientID) (names []string) {
	for _, id := range clients {
		name := ""
		if u := s.people.of(id); u != nil {
			name = u.name
		}
		names = append(names, name)
	}
	return names
}

// withTablet has ann come by one more session.
func withTablet(s *State, slot uint32) ClientID {
	id := NewClientID(slot, 1)
	comesBack(s, id)
	return id
}

// TestALoginTakesNoOtherSessionAlong: a session that logs in by another name leaves the others to who they are, whether the other is there or not.
func TestALoginTakesNoOtherSessionAlong(t *testing.T) {
	for _, there := range []bool{false, true} {
		s, ann, bob := homeOfAnn(t, Config{Sessions: 5})
		tablet := withTablet(s, 3)
		if s.Apply(&Command{Verb: Registered, Client: bob, Name: "bob"}); !there {
			s.Apply(&Command{Verb: Disconnect, Client: bob})
		}
		s.Apply(&Command{Verb: LogIn, Client: tablet, Name: "bob"})
		if got, want := called(s, ann, tablet), []string{"ann", "bob"}; !slices.Equal(got, want) {
			t.Errorf("with bob there %v they are %v, want %v", there, got, want)
		}
		if r := s.hall.rooms["#go"]; s.people.of(tablet).seatIn(r) < 0 || s.people.of(ann).seatIn(r) < 0 {
			t.Errorf("with bob there %v one of them isn't in #go", there)
		}
		checkLinks(t, s)
	}
}

// TestWhoStaysIsLeftByALogin: a person stays in its rooms also when its only session logs in by another name.
func TestWhoStaysIsLeftByALogin(t *testing.T) {
	s, ann, bob := homeOfAnn(t, Config{Sessions: 5})
	s.Apply(&Command{Verb: Registered, Client: bob, Name: "bob"})
	s.Apply(&Command{Verb: Say, Client: bob, Text: "hi"})
	s.Apply(&Command{Verb: Disconnect, Client: bob})
	s.Apply(&Command{Verb: LogIn, Client: ann, Name: "bob"})
	stays := s.names.byName("ann")
	if stays == nil || stays.away == nil || stays.roomCount() != 2 {
		t.Fatalf("ann is %+v, want her away in two rooms", stays)
	}
	checkLinks(t, s)
	if got := comesBack(s, NewClientID(3, 1)); len(got) > 0 {
		t.Errorf("she has missed %q, which her session has taken before it left", got)
	}
}

// TestAChangedPasswordEndsNoSession: a session that has asked for it can have gone when it is kept.
func TestAChangedPasswordEndsNoSession(t *testing.T) {
	s, ann, _ := homeOfAnn(t, Config{Sessions: 5})
	tablet := withTablet(s, 3)
	s.Apply(&Command{Verb: Disconnect, Client: tablet})
	s.Apply(&Command{Verb: Registered, Client: tablet, Name: "ann"})
	if got := called(s, ann); got[0] != "ann" {
		t.Errorf("the other session is called %q, want ann", got)
	}
}

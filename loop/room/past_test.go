package room

import (
	"fmt"
	"strings"
	"testing"
)

func TestWhowas(t *testing.T) {
	s := New(Config{AnnounceMax: 10})
	ann := entersAt(s, 1, "ann")
	was := func(name string, n int64) string {
		var got []string
		for _, e := range s.Apply(&Command{Verb: Whowas, Client: ann, Name: name, N: n}) {
			if e.Kind != Was || e.Who != name {
				t.Fatalf("told %+v", e)
			}
			for _, row := range e.List {
				got = append(got, fmt.Sprint(row.Name, "!", row.Of.User, "@", row.Of.Host, " ", row.Of.Account, " ", row.Of.Real, " ", row.At))
			}
		}
		return strings.Join(got, ";")
	}
	if got := was("bob", None); got != "" {
		t.Errorf("before anybody was: %q", got)
	}
	for n := range uint32(7) {
		bob := NewClientID(2, n+1)
		s.Apply(&Command{Verb: Connect, Off: true, Client: bob, Name: "10.0.0.1:2", Host: fmt.Sprint("host", n)})
		s.Apply(&Command{Verb: Enter, Client: bob, Name: "Bob", User: "u", Real: "Real"})
		s.Apply(&Command{Verb: Registered, Client: bob, Name: "Bob"})
		s.Apply(&Command{Verb: Unregistered, Client: bob, Name: []string{"Bob", "nobody"}[n%2]})
		s.Apply(&Command{Verb: End, Client: bob, Wall: int64(n)})
		s.Apply(&Command{Verb: Unregistered, Client: NoClient, Name: "Bob"})
	}
	if got, want := was("BOB", 2), "Bob!u@host6  Real 6;Bob!u@host5 Bob Real 5"; got != want {
		t.Errorf("the last two: %q, want %q", got, want)
	}
	s, _ = restored(t, s)
	for _, n := range []int64{None, 0, 99} {
		if got := was("bob", n); strings.Count(got, ";") != maxPastOfName-1 || !strings.HasSuffix(got, "host2  Real 2") {
			t.Errorf("all, by %d: %q", n, got)
		}
	}
	s.Apply(&Command{Verb: Nick, Client: ann, Name: "anna", Wall: 100})
	s.Apply(&Command{Verb: Nick, Client: ann, Name: "Anna", Wall: 101})
	if got := was("ann", None) + "," + was("anna", None); got != "ann!uann@host1  Real ann 100,anna!uann@host1  Real ann 101" {
		t.Errorf("who is called otherwise: %q", got)
	}
	guest := NewClientID(9, 1)
	s.Apply(&Command{Verb: Connect, Client: guest, Name: "10.0.0.9:9"})
	s.Apply(&Command{Verb: End, Client: guest})
	if got := was("10.0.0.9:9", None); got != "" {
		t.Errorf("a guest is remembered: %q", got)
	}
}

// TestPastIsBounded: however many have gone, so many are remembered, of so many bytes, and the last of all in any case.
func TestPastIsBounded(t *testing.T) {
	for _, tt := range []struct {
		real string
		want int
	}{{"", maxPastBytes / (pastUserSize + 9)}, {strings.Repeat("x", 300), maxPastBytes / (pastUserSize + 309)}} {
		l := newPast()
		for n := range 3 * maxPast {
			name := fmt.Sprintf("user%05d", n)
			l.note(&pastUser{name: name, key: name, real: tt.real})
			if l.bytes > maxPastBytes || l.all.Len() > maxPast {
				t.Fatalf("%d of %d bytes", l.all.Len(), l.bytes)
			}
		}
		named := 0
		for _, of := range l.of {
			named += len(of)
		}
		if l.all.Len() != tt.want || named != tt.want || len(l.of[fmt.Sprintf("user%05d", 3*maxPast-1)]) != 1 {
			t.Errorf("%d are remembered, and %d by name, want %d", l.all.Len(), named, tt.want)
		}
	}
}

package room

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// checkNumbers fails if what is remembered of numbered lines differs between its three places, or belongs to nobody and never ends.
func checkNumbers(t *testing.T, s *State) {
	t.Helper()
	n, left := &s.numbers, 0
	for key, row := range n.of {
		gone := row.inAll != nil
		if gone {
			left++
		}
		if here := s.names.here.find(key) != nil; row.key != key || here == gone || len(row.ids) == 0 || len(row.ids) > maxIDs {
			t.Fatalf("%+v is remembered of %s, which is here: %v", row, key, here)
		}
	}
	within := 0
	for network, list := range n.networks {
		within += list.Len()
		if list.Len() == 0 || list.Len() > maxLeftPerNetwork {
			t.Fatalf("%d names of the network %q are remembered", list.Len(), network)
		}
	}
	if left != n.left.Len() || left != within || left > maxLeft {
		t.Fatalf("%d names have left, %d stand in the list of all and %d in those of networks", left, n.left.Len(), within)
	}
}

// remembers asks for the number under an id as someone of that name does who comes at that time.
func remembers(s *State, slot uint32, name, id string, at time.Duration) int64 {
	u := NewClientID(slot, uint32(at/time.Second)+1)
	s.Apply(&Command{Verb: Connect, Client: u, Name: fmt.Sprintf("10.9.9.9:%d", slot), At: at})
	s.Apply(&Command{Verb: SignIn, Client: u, Name: name, At: at})
	defer s.Apply(&Command{Verb: Disconnect, Client: u, At: at})
	for _, e := range s.Apply(&Command{Verb: Confirm, Client: u, ID: id, At: at}) {
		if e.Kind == Confirmed {
			return e.N
		}
	}
	return -2
}

// visit is someone who signs in, says a numbered line and leaves.
func visit(s *State, slot uint32, from, name string, seq int64, at time.Duration) {
	u := NewClientID(slot, uint32(at/time.Second)+1)
	s.Apply(&Command{Verb: Connect, Client: u, Name: from, At: at})
	s.Apply(&Command{Verb: SignIn, Client: u, Name: name, At: at})
	s.Apply(&Command{Verb: Say, Client: u, Text: "hello", ID: "phone", Seq: seq, At: at})
	s.Apply(&Command{Verb: Disconnect, Client: u, At: at})
}

func TestNumbersAreRememberedForTenMinutes(t *testing.T) {
	s := New(Config{AnnounceMax: 10})
	visit(s, 1, "10.0.0.1:1", "ann", 7, 0)
	visit(s, 1, "10.0.0.1:1", "bob", 8, time.Second)
	tick := func(at time.Duration) { s.Apply(&Command{Verb: Tick, Client: NoClient, At: at}) }
	tick(rememberLeft - 1)
	if got := remembers(s, 2, "ann", "phone", rememberLeft-1); got != 7 {
		t.Errorf("a nanosecond before the time is over the number is %d, want 7", got)
	}
	tick(rememberLeft + time.Second)
	if got := remembers(s, 2, "bob", "phone", rememberLeft+time.Second); got != None {
		t.Errorf("when the time is over the number is %d, want none", got)
	}
	if got := remembers(s, 2, "ann", "phone", rememberLeft+2*time.Second); got != 7 {
		t.Errorf("of a name that was here in between the number is %d, want 7", got)
	}
	tick(3 * rememberLeft)
	checkNumbers(t, s)
	if len(s.numbers.of)+len(s.numbers.networks)+s.numbers.left.Len() != 0 {
		t.Errorf("%d names, %d networks are remembered in the end, want none", len(s.numbers.of), len(s.numbers.networks))
	}
}

// Who comes and goes under very many names has none forgotten but those of its own network.
func TestAFloodOfNamesForgetsItsOwn(t *testing.T) {
	s := New(Config{AnnounceMax: 10})
	visit(s, 1, "10.0.0.1:1", "ann", 7, 0)
	visit(s, 1, "[2001:db8::1]:1", "eve", 8, 0)
	for i := range 2 * maxLeftPerNetwork {
		visit(s, 1, "10.0.0.2:1", fmt.Sprint("flood", i), 1, time.Duration(i))
		visit(s, 1, fmt.Sprintf("[2001:db8:0:1::%x]:1", i), fmt.Sprint("flood-six", i), 1, time.Duration(i))
		visit(s, 1, fmt.Sprintf("local:%d", i), fmt.Sprint("flood-local", i), 1, time.Duration(i))
	}
	checkNumbers(t, s)
	if got, want := len(s.numbers.of), 3*maxLeftPerNetwork+2; got != want {
		t.Errorf("%d names are remembered, want %d", got, want)
	}
	for name, want := range map[string]int64{"ann": 7, "eve": 8} {
		if got := remembers(s, 2, name, "phone", time.Minute); got != want {
			t.Errorf("the number of %s is %d, want %d", name, got, want)
		}
	}
}

func TestLeftNamesAreBoundedInAll(t *testing.T) {
	s := New(Config{AnnounceMax: 10})
	for i := range maxLeft + 100 {
		visit(s, 1, fmt.Sprintf("10.0.%d.%d:1", i>>8&255, i&255), fmt.Sprint("name", i), 1, time.Duration(i))
	}
	checkNumbers(t, s)
	if got := len(s.numbers.of); got != maxLeft {
		t.Errorf("%d names are remembered, want %d", got, maxLeft)
	}
	if got := remembers(s, 2, "name100", "phone", time.Minute); got == None {
		t.Error("a name was forgotten that need not be")
	}
	if got := remembers(s, 2, "name99", "phone", time.Minute); got != None {
		t.Errorf("the number of a name that had to go is %d, want none", got)
	}
}

func TestNumbersOfTwoNamesAreMerged(t *testing.T) {
	s := New(Config{AnnounceMax: 10})
	id := newcomerAt(s, 1, "ann")
	number := func(ids string, seq int64) {
		for name := range strings.FieldsSeq(ids) {
			s.Apply(&Command{Verb: Say, Client: id, Text: "hello", ID: name, Seq: seq})
		}
	}
	number("i1 i2 i3 i4 i5 i6 i7 i8 i9 one two three", 9)
	s.Apply(&Command{Verb: Disconnect, Client: id})
	id = newcomerAt(s, 2, "bob")
	number("three four five", 5)
	s.Apply(&Command{Verb: Nick, Client: id, Name: "ann"})
	var got []string
	for _, known := range s.numbers.of["ann"].ids {
		got = append(got, fmt.Sprint(known.id, ":", known.last))
	}
	// Those of who comes now are the ones used last.
	if want := "i3:9 i4:9 i5:9 i6:9 i7:9 i8:9 i9:9 one:9 two:9 three:9 four:5 five:5"; strings.Join(got, " ") != want {
		t.Errorf("the numbers are %q, want %q", got, want)
	}
	checkNumbers(t, s)
}

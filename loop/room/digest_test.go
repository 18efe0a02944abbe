package room

import (
	"fmt"
	"testing"
	"time"
)

// TestJoiningALargeRoomCostsOneDigest counts the events of many who enter, sign in and leave.
func TestJoiningALargeRoomCostsOneDigest(t *testing.T) {
	const members = 1000
	state := New(Config{AnnounceMax: 10, Recent: 10})
	events, appeared := 0, 0
	var tally Tally
	apply := func(cmd Command) {
		for _, e := range state.Apply(&cmd) {
			switch {
			case e.Kind == Appeared:
				appeared++
			case (e.Scope == ToRoom || e.Scope == ToRooms) && e.Kind != Quit: // which is told of those alone who came while the room was small
				events++
			}
			tally.Entered += e.Tally.Entered
			tally.SignedIn += e.Tally.SignedIn
			tally.Left += e.Tally.Left
		}
	}
	for i := range uint32(members) {
		apply(Command{Verb: Connect, Client: NewClientID(i, 1), Name: fmt.Sprintf("10.0.0.1:%d", i)})
		apply(Command{Verb: SignIn, Client: NewClientID(i, 1), Name: fmt.Sprintf("user%d", i)})
	}
	apply(Command{Verb: Tick, At: time.Second})
	for i := range uint32(members - 10) {
		apply(Command{Verb: Disconnect, Client: NewClientID(i, 1)})
	}
	apply(Command{Verb: Tick, At: time.Second + digestEvery/2}) // too early for the next one
	apply(Command{Verb: Tick, At: 3 * time.Second})
	if want := 10 + 10 + 2; events != want {
		t.Errorf("%d events to rooms, want %d: entering and signing in of the first 10, and 2 digests", events, want)
	}
	if appeared != 10 {
		t.Errorf("%d have appeared, want the 10 who are left when the room is small again", appeared)
	}
	if want := (Tally{Entered: members - 10, SignedIn: members - 10, Left: members - 10}); tally != want {
		t.Errorf("the digests tell %+v, want %+v", tally, want)
	}
}

// TestRemovingManyFromALargeRoomCostsOneDigest counts the events of a ban that hits all but a few.
func TestRemovingManyFromALargeRoomCostsOneDigest(t *testing.T) {
	const members, stay = 1000, 20
	state := New(Config{AnnounceMax: 10})
	for i := range uint32(members) {
		newcomerAt(state, i, fmt.Sprintf("user%d", i))
	}
	state.Apply(&Command{Verb: Tick, At: time.Second})
	events := 0
	var tally Tally
	told := func(list []Event) {
		for _, e := range list {
			if (e.Scope == ToRoom || e.Scope == ToRooms) && e.Kind != Quit { // which tells of those alone who came while the room was small
				events++
				tally = e.Tally
			}
		}
	}
	for i := range uint32(members - stay) {
		told(state.Apply(&Command{Verb: BanClient, Client: NewClientID(i, 1), At: time.Second}))
	}
	if events != 0 {
		t.Errorf("%d events to rooms by bans in a large room, want none before its digest", events)
	}
	told(state.Apply(&Command{Verb: Tick, At: 3 * time.Second}))
	if want := (Tally{Left: members - stay, Removed: members - stay}); events != 1 || tally != want {
		t.Errorf("%d events to rooms, the last with %+v; want one digest of %+v", events, tally, want)
	}
}

// TestManyGoAwayInPieces: one tick sends so many away at most, those idle for the longest first, and says that there are more.
func TestManyGoAwayInPieces(t *testing.T) {
	const members = 2*awayAtOnce + 5
	state := New(Config{AnnounceMax: 10, AwayAfter: time.Minute})
	for i := range uint32(members) {
		newcomerAt(state, i, fmt.Sprintf("user%d", i))
	}
	gone := func() (n int) {
		for _, u := range state.people.at {
			if u.away != nil {
				n++
			}
		}
		return n
	}
	for _, want := range []int{awayAtOnce, 2 * awayAtOnce, members, members} {
		state.Apply(&Command{Verb: Tick, At: time.Hour})
		if n := gone(); n != want || state.Behind() != (n < members) {
			t.Errorf("%d of %d are away, and Behind is %v; want %d and %v", n, members, state.Behind(), want, want < members)
		}
	}
}

func BenchmarkApplySay(b *testing.B) { applySay(b, New(Config{AnnounceMax: 200, Recent: 100})) }
func BenchmarkApplySayHashed(b *testing.B) {
	state := New(Config{AnnounceMax: 200, Recent: 100})
	state.KeepHash()
	applySay(b, state)
}

func applySay(b *testing.B, state *State) {
	for i := range uint32(1000) {
		state.Apply(&Command{Verb: Connect, Client: NewClientID(i, 1), Name: fmt.Sprintf("10.0.0.1:%d", i)})
	}
	cmd := Command{Verb: Say, Client: NewClientID(5, 1), Text: "hello, world"}
	b.ReportAllocs()
	for b.Loop() {
		state.Apply(&cmd)
	}
}

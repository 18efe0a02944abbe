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
	events := 0
	var tally Tally
	apply := func(cmd Command) {
		for _, e := range state.Apply(&cmd) {
			if e.Scope == ToRoom || e.Scope == ToRooms {
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
	if want := (Tally{Entered: members - 10, SignedIn: members - 10, Left: members - 10}); tally != want {
		t.Errorf("the digests tell %+v, want %+v", tally, want)
	}
}

func BenchmarkApplySay(b *testing.B) {
	state := New(Config{AnnounceMax: 200, Recent: 100})
	for i := range uint32(1000) {
		state.Apply(&Command{Verb: Connect, Client: NewClientID(i, 1), Name: fmt.Sprintf("10.0.0.1:%d", i)})
	}
	cmd := Command{Verb: Say, Client: NewClientID(5, 1), Text: "hello, world"}
	b.ReportAllocs()
	for b.Loop() {
		state.Apply(&cmd)
	}
}

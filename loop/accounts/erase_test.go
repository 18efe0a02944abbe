//go:build linux

package accounts

import (
	"testing"
	"time"

	"looproom/loop/room"
	"looproom/loop/store"
)

// leaves has all be erased of an account, until the test is over.
func leaves(account string) func(*house) {
	return func(h *house) { h.registry.Leave(account) }
}

// TestForget: all of an account goes, what it has said among it, and the room is told how many messages that were. Nothing of it is kept meanwhile, and all is again if its name is registered anew.
func TestForget(t *testing.T) {
	h := newHouse(t, 2)
	trusted(h)
	f, home := h.loops[1], h.loops[0]
	h.store.Say([]store.Message{
		{ID: 11, Place: 7, Room: "#go", Who: "Bob", WhoKey: "bob", Account: "bob", Text: "one", At: 1}, {ID: 12, Place: 7, Room: "#go", Who: "Ann", WhoKey: "ann", Text: "two", At: 2},
	})
	mark := &room.Record{Mark: &room.KeptMark{Account: "bob", Key: "#go", Shown: "#go", Read: 12}}
	person := &room.Record{Person: &room.KeptPerson{Account: "bob", Name: "Bob", Keeps: true}}
	release := make(chan struct{})
	home.Post(func() { <-release }) // what was said before has to be on its way
	f.ask(3, room.Ask{Verb: room.Forget, Name: "Bob", Key: "bob"})
	for deadline := time.Now().Add(patience); !h.accounts.Leaves("bob"); {
		if time.Now().After(deadline) {
			t.Fatal("nobody leaves")
		}
	}
	if _, registered := h.registry.Name("bob"); !registered {
		t.Error("the name is gone before all was handed on that the account had said")
	}
	home.Post(func() { home.answers.RecordChanged(mark); home.answers.RecordChanged(person) })
	close(release)
	f.want("3 goes on")
	home.want("3> forgotten bob until 1")
	h.settle()
	if h.accounts.Leaves("bob") {
		t.Error("nothing of bob would be kept ever after")
	}
	if _, registered := h.registry.Name("bob"); registered {
		t.Error("the name is registered still")
	}
	said, err := h.store.Recent(7, 10, 1000)
	if err != nil || len(said) != 1 || said[0].ID != 12 {
		t.Errorf("was said: %+v, %v; want what Ann said", said, err)
	}
	h.keeps(store.PutStart(1))
	kept, err := h.store.Contents()
	if err != nil || len(kept.Names)+len(kept.Persons)+len(kept.Trusted) != 0 {
		t.Errorf("is kept: %+v, %v; want nothing", kept, err)
	}
	if marks, err := h.store.Marks("bob"); err != nil || len(marks) != 0 {
		t.Errorf("marks: %v, %v; want none", marks, err)
	}
	home.on(func() { home.answers.RecordChanged(mark) })
	h.keeps(store.PutStart(2))
	if marks, err := h.store.Marks("bob"); err != nil || len(marks) != 1 {
		t.Errorf("marks of a bob who came later: %v, %v; want one", marks, err)
	}
}

// TestForgetWhoIsGone: all goes also if the client doesn't wait for it.
func TestForgetWhoIsGone(t *testing.T) {
	h := newHouse(t, 1)
	registered(h)
	f := h.loops[0]
	release := h.hold(h.accounts.erases)
	f.ask(bob, room.Ask{Verb: room.Forget, Name: "Bob", Key: "bob"})
	f.on(func() { delete(f.clients, bob) })
	release()
	h.settle()
	f.want("2> forgotten bob until 0")
}

// TestClearRoom erases what was said there, and no more.
func TestClearRoom(t *testing.T) {
	h := newHouse(t, 1)
	h.store.Say([]store.Message{
		{ID: 11, Place: 7, Room: "#go", Who: "Bob", WhoKey: "bob", Text: "one", At: 1}, {ID: 12, Place: 8, Room: "#den", Who: "Bob", WhoKey: "bob", Text: "two", At: 2},
	})
	h.loops[0].ask(bob, room.Ask{Verb: room.ClearRoom, Name: "Bob", Key: "#go", Place: 7})
	h.loops[0].want("2> room cleared Bob", "2 goes on")
	for place, want := range map[room.PlaceID]int{7: 0, 8: 1} {
		if said, err := h.store.Recent(place, 10, 1000); err != nil || len(said) != want {
			t.Errorf("place %d has %d messages, %v; want %d", place, len(said), err, want)
		}
	}
}

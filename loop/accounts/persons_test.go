//go:build linux

package accounts

import (
	"testing"

	"looproom/loop/room"
	"looproom/loop/store"
)

// TestKeepPerson: who stays is on the disk before the room is told, with the rooms that are kept because of that.
func TestKeepPerson(t *testing.T) {
	h := newHouse(t, 1)
	k := &room.KeptRoom{Key: "#den", Name: "#den", Place: 7}
	h.loops[0].ask(bob, room.Ask{
		Verb: room.Keep, Name: "Bob", Key: "bob", Person: &room.KeptPerson{Account: "bob", Name: "Bob", Keeps: true, Rooms: []string{"#den"}}, Rooms: []*room.KeptRoom{k},
	})
	h.loops[0].want("2> person kept bob", "2 goes on")
	kept, err := h.store.Contents()
	if err != nil || len(kept.Persons) != 1 || len(kept.Rooms) != 1 || kept.Rooms[0].Place != 7 {
		t.Errorf("is kept: %+v, %v; want bob and #den", kept, err)
	}
	h.loops[0].ask(bob, room.Ask{Verb: room.Keep, Name: "Bob", Key: "bob", Person: &room.KeptPerson{Account: "bob"}, Off: true})
	h.loops[0].want("2> person kept bob off", "2 goes on")
	if kept, err = h.store.Contents(); err != nil || len(kept.Persons) != 0 {
		t.Errorf("is kept: %+v, %v; want nobody", kept.Persons, err)
	}
}

// past has the room told of what is kept of who logs in.
func (h *house) past(login room.Ask) *room.Past {
	h.t.Helper()
	var past *room.Past
	f := h.loops[0]
	f.on(func() { f.heard = func(cmd *room.Command) { past = cmd.Past } })
	f.ask(bob, login)
	f.want("2> log in Bob", "2 goes on")
	return past
}

// TestLoginReadsThePast: who logs in has read what it had, and has the metadata that it had, unless the disk doesn't say that in time: then it is let in all the same.
func TestLoginReadsThePast(t *testing.T) {
	h := newHouse(t, 1)
	trusted(h)
	h.keeps(store.PutMark(room.KeptMark{Account: "bob", Key: "#go", Shown: "#go", Read: 12}), store.PutKey(room.KeptKey{Account: "bob", Key: "url", Value: "here"}))
	login := room.Ask{Verb: room.Login, Name: "bob", Key: "bob", Password: bobKey}
	if past := h.past(login); past == nil || len(past.Marks) != 1 || past.Marks[0].Read != 12 || len(past.Metadata) != 1 || past.Metadata[0].Value != "here" {
		t.Errorf("bob has the past %+v, want #go read up to 12, and a url", past)
	}
	defer h.hold(h.accounts.reads)() // a disk that hangs
	if past := h.past(login); past == nil || len(past.Marks) != 0 {
		t.Errorf("bob has read %+v, want nothing", past)
	}
}

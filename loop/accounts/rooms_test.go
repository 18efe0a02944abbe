//go:build linux

package accounts

import (
	"fmt"
	"strings"
	"testing"

	"looproom/loop/registry"
	"looproom/loop/room"
	"looproom/loop/store"
)

// goRoom is a room of bob's with that topic.
func goRoom(topic string) *room.KeptRoom { return roomOf("#go", topic) }

func roomOf(name, topic string) *room.KeptRoom {
	return &room.KeptRoom{Key: name, Name: name, Topic: topic, Rights: []room.Right{{Kind: room.RightFounder, Target: "Bob", By: "Bob"}, {Kind: room.RightKept, By: "Bob"}}}
}

// kept puts rooms of bob's into the registry.
func kept(names ...string) func(*house) {
	return func(h *house) {
		for _, name := range names {
			if err := h.putRoom(roomOf(name, "")); err != nil {
				h.t.Fatal(err)
			}
		}
	}
}

// manyRooms are as many as a founder may have.
func manyRooms() (names []string) {
	for i := range registry.MaxRoomsPerFounder {
		names = append(names, fmt.Sprint("#room", i))
	}
	return names
}

// changes has a room change on the loop, as e says.
func (f *fake) changes(k *room.KeptRoom, off bool) {
	f.t.Helper()
	record := room.Record{Room: k}
	if off {
		record = room.Record{NoRoom: k.Key}
	}
	f.on(func() { f.answers.RecordChanged(&record) })
}

// TestChangedRoomsAreKept: a room that changes is kept so, and one that ends is kept no longer; no loop waits for the disk.
func TestChangedRoomsAreKept(t *testing.T) {
	h := newHouse(t, 1)
	f := h.loops[0]
	kept("#go", "#gone")(h)
	release := h.hold(h.accounts.keeps)
	for i := range 100 {
		f.changes(goRoom(fmt.Sprint("topic ", i)), false)
	}
	f.changes(roomOf("#gone", ""), true)
	f.changes(roomOf("#other", "topic"), false)
	release()
	dir := h.store.Dir()
	if err := h.store.Close(); err != nil {
		t.Fatal(err)
	}
	again, err := store.Open(dir, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer again.Close()
	stored, err := again.Contents()
	if err != nil || len(stored.Rooms) != 2 || stored.Rooms[0].Topic != "topic 99" || stored.Rooms[1].Key != "#other" {
		t.Errorf("on the disk are %d rooms, %v; want #go with its last topic, and #other", len(stored.Rooms), err)
	}
	h.wantNothing()
}

// TestChangesThatCannotBeKept: what is out of bounds is logged, and what was kept stays.
func TestChangesThatCannotBeKept(t *testing.T) {
	h := newHouse(t, 1)
	f := h.loops[0]
	kept("#go")(h)
	f.changes(goRoom(strings.Repeat("x", registry.MaxRoomBytes)), false)
	if !strings.Contains(h.log.String(), `"room":"#go","message":"what has changed in a room is not kept"`) {
		t.Errorf("log = %s, want that the change isn't kept", h.log)
	}
	if got := h.registry.Rooms(); len(got) != 1 || got[0].Topic != "" {
		t.Errorf("%d rooms are kept, want the one as it was", len(got))
	}
}

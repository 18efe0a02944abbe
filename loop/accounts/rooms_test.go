//go:build linux

package accounts

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"looproom/loop/registry"
	"looproom/loop/room"
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
			if err := h.registry.PutRoom(roomOf(name, "")); err != nil {
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
	f.on(func() { f.answers.RecordChanged(&room.Event{Kind: room.RecordChanged, Record: &record}) })
}

// roomsFile is what is on the disk.
func (h *house) roomsFile() string {
	h.t.Helper()
	content, err := os.ReadFile(filepath.Join(h.dir, "rooms"))
	if err != nil && !os.IsNotExist(err) {
		h.t.Fatal(err)
	}
	return string(content)
}

// second is when a second has passed, in which rooms are written.
func (f *fake) second(h *house) {
	f.t.Helper()
	h.pass(time.Second)
	f.on(f.answers.KeepRooms)
	h.settle()
}

// TestChangedRoomsAreWrittenSoon: many changes cost one write, and none if there was none; a room that isn't kept doesn't come to the disk.
func TestChangedRoomsAreWrittenSoon(t *testing.T) {
	h := newHouse(t, 1)
	f := h.loops[0]
	kept("#go")(h)
	release := h.hold(h.accounts.keeps) // a disk that hangs holds up no loop
	for i := range 100 {
		f.changes(goRoom(fmt.Sprint("topic ", i)), false)
	}
	f.changes(roomOf("#other", "topic"), false)
	f.on(f.answers.KeepRooms)
	f.changes(goRoom("topic 100"), false)
	f.on(f.answers.KeepRooms)
	if n := len(h.accounts.keeps.jobs); n != 1 {
		t.Errorf("%d writes wait for the disk, want one", n)
	}
	if got := h.roomsFile(); strings.Contains(got, "topic") {
		t.Errorf("rooms = %s, want nothing written yet", got)
	}
	release()
	h.settle()
	written := h.roomsFile()
	if !strings.Contains(written, `"topic 100"`) || strings.Contains(written, "#other") {
		t.Errorf("rooms = %s, want the last topic, and no room that isn't kept", written)
	}
	f.second(h) // the last change may have come behind the write
	if err := os.Remove(filepath.Join(h.dir, "rooms")); err != nil {
		t.Fatal(err)
	}
	f.second(h)
	if got := h.roomsFile(); got != "" {
		t.Errorf("rooms = %s, want nothing written where nothing has changed", got)
	}
	f.changes(goRoom(""), true)
	f.second(h)
	if got := h.roomsFile(); got == "" || strings.Contains(got, "#go") {
		t.Errorf("rooms = %s, want the room gone", got)
	}
	h.wantNothing()
}

// TestChangedRoomsThatCannotBeWritten: it is logged, and tried again until it works.
func TestChangedRoomsThatCannotBeWritten(t *testing.T) {
	h := newHouse(t, 1)
	f := h.loops[0]
	kept("#go")(h)
	h.breakDisk()
	f.changes(goRoom("lost?"), false)
	for range 30 {
		f.second(h)
	}
	const failed = "what has changed in rooms could not be written"
	if n := strings.Count(h.log.String(), failed); n < 2 || n > 4 {
		t.Errorf("the log tells %d times of a failure, want three in half a minute: %s", n, h.log)
	}
	if err := os.Mkdir(h.dir, 0o700); err != nil {
		t.Fatal(err)
	}
	for range 10 {
		f.second(h)
	}
	if got := h.roomsFile(); !strings.Contains(got, "lost?") {
		t.Errorf("rooms = %s, want what has changed", got)
	}
	before := strings.Count(h.log.String(), failed)
	for range 20 {
		f.second(h)
	}
	if n := strings.Count(h.log.String(), failed); n != before {
		t.Errorf("the log tells of a failure when there is none: %s", h.log)
	}
}

// TestChangedRoomsWhileTheDiskIsBusy: where no job is taken any more, it is tried again.
func TestChangedRoomsWhileTheDiskIsBusy(t *testing.T) {
	h := newHouse(t, 1)
	f := h.loops[0]
	kept("#go")(h)
	release := h.hold(h.accounts.keeps)
	fill(h.accounts.keeps)
	f.changes(goRoom("later"), false)
	f.on(f.answers.KeepRooms)
	release()
	h.settle()
	if got := h.roomsFile(); strings.Contains(got, "later") {
		t.Fatal("the write was taken, want the test to have a point")
	}
	f.second(h)
	if got := h.roomsFile(); !strings.Contains(got, "later") {
		t.Errorf("rooms = %s, want what has changed", got)
	}
}

// TestChangesThatCannotBeKept: what is out of bounds is logged, and what was kept stays.
func TestChangesThatCannotBeKept(t *testing.T) {
	h := newHouse(t, 1)
	f := h.loops[0]
	kept("#go")(h)
	f.changes(goRoom(strings.Repeat("x", registry.MaxRoomBytes)), false)
	f.second(h)
	if !strings.Contains(h.log.String(), `"room":"#go","message":"what has changed in a room is not kept"`) {
		t.Errorf("log = %s, want that the change isn't kept", h.log)
	}
	if got := h.registry.Rooms(); len(got) != 1 || got[0].Topic != "" {
		t.Errorf("%d rooms are kept, want the one as it was", len(got))
	}
}

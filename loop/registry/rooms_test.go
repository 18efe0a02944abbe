package registry

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"looproom/loop/room"
)

// ownedRoom is a room of a founder.
func ownedRoom(key, founder string) *room.KeptRoom {
	return &room.KeptRoom{Key: key, Name: key, Rights: []room.Right{{Kind: room.RightFounder, Target: founder, By: founder, At: noon * 1000}}}
}

// The format of rooms is a promise to the next version.
func TestFormatOfRooms(t *testing.T) {
	content, err := os.ReadFile(filepath.Join(filled(t), "rooms"))
	if err != nil {
		t.Fatal(err)
	}
	first, rest, _ := strings.Cut(string(content), "\n")
	if !strings.HasPrefix(first, "looproom rooms 1 sha256=") {
		t.Errorf("first line = %q, want looproom rooms 1 sha256=...", first)
	}
	want := `{"room":"#Go","key":"#go","topic":"all about <b>Go</b>\u2028 \u001b[31m","topicBy":"Ana","topicAt":"2026-11-21T12:00:00.123Z","rights":[` +
		`{"kind":"founder","of":"Ana","by":"Ana","at":"2026-11-21T12:00:00.000Z"},` +
		`{"kind":"op","of":"ñandú","by":"Ana","at":"2026-11-21T12:00:00.001Z"},` +
		`{"kind":"voice","of":"bob","by":"ñandú","at":"2026-11-21T12:00:00.002Z"},` +
		`{"kind":"ban","of":"10.0.0.0/8","by":"Ana","at":"2026-11-21T12:00:00.003Z","until":"2026-11-21T12:01:00Z","text":"spam \"it\""},` +
		`{"kind":"ban","of":"eve","by":"Ana","at":"2026-11-21T12:00:00.004Z","until":"forever"},` +
		`{"kind":"invite","of":"dan","by":"Ana","at":"2026-11-21T12:00:00.005Z"},` +
		`{"kind":"kept","by":"Ana","at":"2026-11-21T12:00:00.006Z"},` +
		`{"kind":"muted","by":"Ana","at":"2026-11-21T12:00:00.007Z"},` +
		`{"kind":"locked","by":"Ana","at":"2026-11-21T12:00:00.008Z"},` +
		`{"kind":"key","by":"Ana","at":"2026-11-21T12:00:00.009Z","text":"` + room.KeyDigest("words") + `"},` +
		`{"kind":"topic","by":"Ana","at":"2026-11-21T12:00:00.010Z"}]}` + "\n"
	if rest != want {
		t.Errorf("rooms = %s, want %s", rest, want)
	}
}

// TestEveryKindOfRightHasAWord: else a room with it could not be read back.
func TestEveryKindOfRightHasAWord(t *testing.T) {
	for kind := range room.RightKinds {
		if int(kind) >= len(kindWords) || kindWords[kind] == "" {
			t.Errorf("kind %d has no word in the file", kind)
		}
	}
}

// TestRoomsThatCannotBeKept: what is refused changes nothing.
func TestRoomsThatCannotBeKept(t *testing.T) {
	r := mustOpen(t, filled(t))
	for name, change := range map[string]func(*room.KeptRoom){
		"without a key":     func(k *room.KeptRoom) { k.Key = "" },
		"without a name":    func(k *room.KeptRoom) { k.Name = "#" },
		"without a founder": func(k *room.KeptRoom) { k.Rights = k.Rights[1:] },
		"with bad bytes":    func(k *room.KeptRoom) { k.Topic = "\xff" },
		"with a bad target": func(k *room.KeptRoom) { k.Rights[1].Target = "\xc3" },
		"with no such kind": func(k *room.KeptRoom) { k.Rights[1].Kind = 99 },
		"out of bounds": func(k *room.KeptRoom) {
			for range room.MaxRoomBans {
				k.Rights = append(k.Rights, room.Right{Kind: room.RightBan, Target: "eve"})
			}
		},
	} {
		k := someRoom()
		change(k)
		if err := r.PutRoom(k); !errors.Is(err, errRoom) {
			t.Errorf("PutRoom of a room %s = %v, want %v", name, err, errRoom)
		}
		if err := r.SetRoom(k); !errors.Is(err, errRoom) {
			t.Errorf("SetRoom of a room %s = %v, want %v", name, err, errRoom)
		}
	}
	if err := mustOpen(t, "").PutRoom(someRoom()); !errors.Is(err, ErrNoFolder) {
		t.Errorf("PutRoom without a folder = %v, want %v", err, ErrNoFolder)
	}
	mustClose(t, r)
	_, removed := r.RemoveRoom("#go")
	for name, err := range map[string]error{
		"PutRoom": r.PutRoom(someRoom()), "SetRoom": r.SetRoom(someRoom()), "UnsetRoom": r.UnsetRoom("#go"), "KeepRooms": r.KeepRooms(), "RemoveRoom": removed,
	} {
		if !errors.Is(err, ErrClosed) {
			t.Errorf("%s after Close = %v, want %v", name, err, ErrClosed)
		}
	}
}

// TestChangesOfRooms: a room that is kept is replaced or goes, and one that isn't doesn't come by a change.
func TestChangesOfRooms(t *testing.T) {
	dir := filled(t)
	r := mustOpen(t, dir)
	changed := someRoom()
	changed.Topic = "changed"
	if err := r.SetRoom(ownedRoom("#other", "bob")); err != nil {
		t.Errorf("SetRoom of a room that isn't kept = %v", err)
	}
	if err := r.SetRoom(changed); err != nil {
		t.Errorf("SetRoom = %v", err)
	}
	if had, err := r.RemoveRoom("#other"); had || err != nil {
		t.Errorf("RemoveRoom of a room that isn't kept = %v, %v, want false", had, err)
	}
	before := contents(t, dir)
	if !strings.Contains(before, "all about") {
		t.Error("SetRoom has written the room, want KeepRooms to")
	}
	mustClose(t, r) // which writes what is late
	r = mustOpen(t, dir)
	if got := r.Rooms(); len(got) != 1 || got[0].Topic != "changed" {
		t.Errorf("Rooms after reopening = %+v, want the change alone", got)
	}
	if err := errors.Join(r.UnsetRoom("#other"), r.UnsetRoom("#go"), r.KeepRooms(), r.SetRoom(changed)); err != nil || len(r.Rooms()) != 0 {
		t.Errorf("UnsetRoom = %v with %+v, want none", err, r.Rooms())
	}
	before = contents(t, dir)
	if err := r.KeepRooms(); err != nil || contents(t, dir) != before {
		t.Errorf("KeepRooms without a change = %v, want nothing written", err)
	}
}

// TestBoundsOfRooms: so many in all, of one founder, and of so many bytes.
func TestBoundsOfRooms(t *testing.T) {
	r := mustOpen(t, t.TempDir())
	for i := range MaxRoomsPerFounder {
		mustPutRoom(t, r, ownedRoom(fmt.Sprintf("#room%d", i), []string{"ana", "Ana", "ＡＮＡ"}[i%3]))
	}
	if err := r.PutRoom(ownedRoom("#more", "ana")); !errors.Is(err, ErrFounderFull) {
		t.Errorf("PutRoom of one more = %v, want %v", err, ErrFounderFull)
	}
	mustPutRoom(t, r, ownedRoom("#room3", "ana")) // which is there
	mustPutRoom(t, r, ownedRoom("#more", "bob"))

	all := make([]*room.KeptRoom, MaxRooms)
	for i := range all {
		all[i] = ownedRoom(fmt.Sprintf("#room%05d", i), fmt.Sprint("founder", i))
	}
	r.rooms.Store(roomsOf(all))
	if err := r.PutRoom(ownedRoom("#zoo", "zoe")); !errors.Is(err, ErrRoomsFull) {
		t.Errorf("PutRoom beside %d = %v, want %v", MaxRooms, err, ErrRoomsFull)
	}
	mustPutRoom(t, r, ownedRoom("#room00007", "zoe"))

	large := ownedRoom("#large", "ana")
	large.Topic = strings.Repeat("x", MaxRoomBytes-costOf(large))
	r.rooms.Store((&keptRooms{}).with(large))
	if err := r.PutRoom(ownedRoom("#a", "bob")); !errors.Is(err, ErrRoomsFull) {
		t.Errorf("PutRoom beside %d bytes = %v, want %v", MaxRoomBytes, err, ErrRoomsFull)
	}
	larger, smaller := *large, *large
	larger.Topic += "x"
	if err := r.SetRoom(&larger); !errors.Is(err, ErrRoomsFull) || r.Rooms()[0] != large {
		t.Errorf("SetRoom of one byte more = %v, want %v and nothing changed", err, ErrRoomsFull)
	}
	smaller.Topic = smaller.Topic[1:]
	if err := r.SetRoom(&smaller); err != nil || r.Rooms()[0] != &smaller {
		t.Errorf("SetRoom of one byte less = %v, want it done", err)
	}
	if err := r.UnsetRoom("#large"); err != nil || r.rooms.Load().bytes != 0 {
		t.Errorf("without a room they have %d bytes, %v; want 0", r.rooms.Load().bytes, err)
	}
}

// TestRoomsChangeWhileOthersAreWritten: what is changed while the disk is waited for is neither lost nor does it come back.
func TestRoomsChangeWhileOthersAreWritten(t *testing.T) {
	dir := t.TempDir()
	r := mustOpen(t, dir)
	mustPutRoom(t, r, ownedRoom("#changed", "ana"))
	mustPutRoom(t, r, ownedRoom("#gone", "ana"))
	var writers sync.WaitGroup
	for i := range 4 {
		writers.Go(func() {
			for k := range 10 {
				key := fmt.Sprintf("#room%d", i)
				if err := r.PutRoom(ownedRoom(key, fmt.Sprint("founder", i))); err != nil {
					t.Error(err)
				}
				if k%2 == 0 {
					if _, err := r.RemoveRoom(key); err != nil {
						t.Error(err)
					}
				}
			}
		})
	}
	for i := range 1000 {
		k := ownedRoom("#changed", "ana")
		k.Topic = fmt.Sprint("topic ", i)
		if err := r.SetRoom(k); err != nil {
			t.Fatal(err)
		}
	}
	if err := r.UnsetRoom("#gone"); err != nil {
		t.Fatal(err)
	}
	writers.Wait()
	mustClose(t, r)
	rooms := mustOpen(t, dir).Rooms()
	if len(rooms) != 5 || rooms[0].Key != "#changed" || rooms[0].Topic != "topic 999" {
		t.Errorf("%d rooms after reopening, the first %+v; want 5, #changed with its last topic, and #gone gone", len(rooms), rooms[0])
	}
}

package registry

import (
	"errors"
	"fmt"
	"reflect"
	"strings"
	"sync"
	"testing"

	"looproom/loop/room"
	"looproom/loop/store"
)

// ownedRoom is a room of a founder.
func ownedRoom(key, founder string) *room.KeptRoom {
	return &room.KeptRoom{Key: key, Name: key, Rights: []room.Right{{Kind: room.RightFounder, Target: founder, By: founder, At: noon * 1000}}}
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
		if err := r.SetRoom(k); !errors.Is(err, errRoom) && name != "without a founder" {
			t.Errorf("SetRoom of a room %s = %v, want %v", name, err, errRoom)
		}
	}
	if err := mustOpen(t, "").PutRoom(someRoom()); !errors.Is(err, ErrNoFolder) {
		t.Errorf("PutRoom without a folder = %v, want %v", err, ErrNoFolder)
	}
	mustClose(t, r)
	_, removed := r.RemoveRoom("#go")
	for name, err := range map[string]error{"PutRoom": r.PutRoom(someRoom()), "RemoveRoom": removed} {
		if !errors.Is(err, store.ErrClosed) {
			t.Errorf("%s after Close = %v, want %v", name, err, store.ErrClosed)
		}
	}
}

// TestChangesOfRooms: a room is kept as it was last, also one that is nobody's, and one that ends is gone.
func TestChangesOfRooms(t *testing.T) {
	dir := filled(t)
	r := mustOpen(t, dir)
	changed, lobby := someRoom(), &room.KeptRoom{Key: "#lobby", Name: "#lobby", Topic: "welcome"}
	changed.Topic = "changed"
	for _, k := range []*room.KeptRoom{someRoom(), lobby, ownedRoom("#other", "bob"), changed} {
		if err := r.SetRoom(k); err != nil {
			t.Errorf("SetRoom(%s) = %v", k.Key, err)
		}
	}
	r.UnsetRoom("#other")
	r.UnsetRoom("#nowhere")
	if had, err := r.RemoveRoom("#nowhere"); had || err != nil {
		t.Errorf("RemoveRoom of a room that isn't kept = %v, %v, want false", had, err)
	}
	mustClose(t, r)
	r = mustOpen(t, dir)
	if got, want := r.Rooms(), []*room.KeptRoom{changed, lobby}; !reflect.DeepEqual(got, want) {
		t.Errorf("Rooms after reopening = %+v, want %+v", got, want)
	}
	r.UnsetRoom("#go")
	mustClose(t, r)
	if got := mustOpen(t, dir).Rooms(); len(got) != 1 {
		t.Errorf("%d rooms after reopening, want the lobby alone", len(got))
	}
}

// TestRenamedRooms: a room that has another name is kept by that alone, also where as many are kept as may be; one that was not kept so far is, if there may be one more.
func TestRenamedRooms(t *testing.T) {
	dir := filled(t)
	r := mustOpen(t, dir)
	renamed, late := someRoom(), ownedRoom("#late", "bob")
	renamed.Key, renamed.Name = "#rust", "#Rust"
	for _, row := range []struct {
		k   *room.KeptRoom
		was string
	}{{renamed, "#go"}, {late, "#nowhere"}} {
		if err := r.Record(&room.Record{Room: row.k, Was: row.was}); err != nil {
			t.Errorf("Record of %s, which was %s = %v", row.k.Key, row.was, err)
		}
	}
	want := []*room.KeptRoom{late, renamed}
	if got := r.Rooms(); !reflect.DeepEqual(got, want) {
		t.Errorf("Rooms = %+v, want %+v", got, want)
	}
	mustClose(t, r)
	r = mustOpen(t, dir)
	if got := r.Rooms(); !reflect.DeepEqual(got, want) {
		t.Errorf("Rooms after reopening = %+v, want %+v", got, want)
	}
	for n := range MaxRooms - 2 {
		if err := r.SetRoom(ownedRoom(fmt.Sprintf("#room%05d", n), "ana")); err != nil {
			t.Fatal(err)
		}
	}
	if err := r.Record(&room.Record{Room: ownedRoom("#earlier", "bob"), Was: "#late"}); err != nil {
		t.Errorf("Record of a room that has another name, where all are kept that can be = %v", err)
	}
	if err := r.Record(&room.Record{Room: ownedRoom("#more", "bob"), Was: "#nowhere"}); !errors.Is(err, ErrRoomsFull) {
		t.Errorf("Record of one that was not kept = %v, want %v", err, ErrRoomsFull)
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
	r.rooms.hold(all)
	if err := r.PutRoom(ownedRoom("#zoo", "zoe")); !errors.Is(err, ErrRoomsFull) {
		t.Errorf("PutRoom beside %d = %v, want %v", MaxRooms, err, ErrRoomsFull)
	}
	mustPutRoom(t, r, ownedRoom("#room00007", "zoe"))

	large := ownedRoom("#large", "ana")
	large.Topic = strings.Repeat("x", MaxRoomBytes-costOf(large))
	r.rooms.hold([]*room.KeptRoom{large})
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
	if r.UnsetRoom("#large"); r.rooms.bytes != 0 || len(r.rooms.founders) != 0 {
		t.Errorf("without a room they have %d bytes and %d founders, want none", r.rooms.bytes, len(r.rooms.founders))
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
	r.UnsetRoom("#gone")
	writers.Wait()
	mustClose(t, r)
	rooms := mustOpen(t, dir).Rooms()
	if len(rooms) != 5 || rooms[0].Key != "#changed" || rooms[0].Topic != "topic 999" {
		t.Errorf("%d rooms after reopening, the first %+v; want 5, #changed with its last topic, and #gone gone", len(rooms), rooms[0])
	}
}

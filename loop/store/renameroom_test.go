package store

import (
	"reflect"
	"testing"

	"looproom/loop/room"
)

// TestRenamedRoomIsOneChange: the room has its other name, all that is kept of it, and what was said there; the name that it had is free. What is said of other rooms is not replaced by it, whatever comes before
// it is written.
func TestRenamedRoomIsOneChange(t *testing.T) {
	dir := t.TempDir()
	s := mustOpen(t, dir)
	go1 := someContents().Rooms[0]
	rust, again := *go1, *go1
	rust.Key, rust.Name, rust.Topic = "#rust", "#Rust", "another"
	again.Place, again.Topic = go1.Place+1, "the next #go"
	s.Say([]Message{{ID: 1 << 40, Place: go1.Place, Room: go1.Name, Who: "ana", Account: "ana", Text: "words", At: noon * 1000}})
	for _, change := range []Change{PutRoom(go1), RenameRoom(&rust, go1.Key), PutRoom(&again), RenameRoom(go1, "#nowhere"), RemoveRoom("#nowhere"), RenameRoom(&rust, go1.Key), PutRoom(&again)} {
		s.Later(change)
	}
	mustClose(t, s)
	s = mustOpen(t, dir)
	if got, want := mustContents(t, s).Rooms, []*room.KeptRoom{&again, &rust}; !reflect.DeepEqual(got, want) {
		t.Errorf("the rooms are %+v, want %+v", got, want)
	}
	if rows, err := s.Recent(rust.Place, 9, 1000); err != nil || len(rows) != 1 || rows[0].Text != "words" {
		t.Errorf("at the place of %s was said %+v, %v", rust.Name, rows, err)
	}
}

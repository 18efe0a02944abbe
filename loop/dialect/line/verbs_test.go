package line

import (
	"testing"

	"looproom/loop/room"
)

// TestVerbsAreThoseOfTheRoom: the log calls a verb what people call it.
func TestVerbsAreThoseOfTheRoom(t *testing.T) {
	for name, v := range byName {
		if v.means.String() != name || byMeaning[v.means] != v {
			t.Errorf("%s is %q to the room", name, v.means)
		}
	}
	for v := room.SignIn; v <= room.End; v++ {
		if byMeaning[v] == nil && v != room.Plea && v != room.Confirm && v != room.Distrust && v != room.PutOutOf && v != room.KeepRoom && v != room.ClearRoom { // forms of TEXT, TRUST and ROOM
			t.Errorf("nothing that one can say is %q to the room", v)
		}
	}
}

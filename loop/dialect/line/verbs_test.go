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
	isForm := map[room.Verb]bool{ // of TEXT, TRUST, LOGIN and ROOM; and what other dialects alone have
		room.Plea: true, room.Confirm: true, room.Distrust: true, room.TrustCert: true, room.DistrustCert: true, room.Certs: true, room.LoginBy: true,
		room.PutOutOf: true, room.KeepRoom: true, room.ClearRoom: true, room.Scram: true,
	}
	for v := room.SignIn; v <= room.End; v++ {
		if byMeaning[v] == nil && !isForm[v] {
			t.Errorf("nothing that one can say is %q to the room", v)
		}
	}
}

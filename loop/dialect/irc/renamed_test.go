package irc

import (
	"testing"

	"looproom/loop/room"
)

// TestRenamedIsToldWhereItShows: in rooms where not all show, those who see somebody hear of its other name, once, and the others don't.
func TestRenamedIsToldWhereItShows(t *testing.T) {
	const told = ":ida!i@here NICK :eve\r\n"
	for _, tt := range []struct {
		name string
		kind room.Kind
		off  bool
		want string
	}{
		{"all show", room.Renamed, false, told},
		{"some may not", room.Renamed, true, ""},
		{"to those who see it", room.Called, false, told},
	} {
		e := room.Event{Kind: tt.kind, Off: tt.off, Who: "ida", User: "i", Host: "here", Text: "eve"}
		if got := string(Append(nil, &e, NoTags, "server.example")); got != tt.want {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
		}
	}
}

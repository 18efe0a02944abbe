//go:build linux

package rival

import (
	"testing"

	"looproom/loop/room"
)

func TestWhatIsAskedIsAlwaysRefused(t *testing.T) {
	tests := []struct {
		name string
		e    room.Event
		want room.Code
	}{
		{"a file", room.Event{Kind: room.FileAsked}, room.FilesOff},
		{"the files", room.Event{Kind: room.FilesAsked}, room.FilesOff},
		{"an upload", room.Event{Kind: room.UploadAsked}, room.FilesOff},
		{"an upload by a shunned user", room.Event{Kind: room.UploadAsked, Ask: &room.Ask{Refusal: room.Refusal{Why: room.ReadOnly}}}, room.Shunned},
		{"a password", room.Event{Kind: room.Asked, Ask: &room.Ask{Verb: room.Pass}}, room.WrongPassword},
		{"a password too many", room.Event{Kind: room.Asked, Ask: &room.Ask{Verb: room.Pass, Refusal: room.Refusal{Why: room.NoPasswordNeeded}}}, room.AlreadyIn},
		{"an operator", room.Event{Kind: room.Asked, Ask: &room.Ask{Verb: room.Oper}}, room.WrongPassword},
		{"a name", room.Event{Kind: room.Asked, Ask: &room.Ask{Verb: room.Register}}, room.NamesOff},
		{"a login", room.Event{Kind: room.Asked, Ask: &room.Ask{Verb: room.Login}}, room.NamesOff},
		{"a ban", room.Event{Kind: room.Asked, Ask: &room.Ask{Verb: room.Ban}}, room.NotOperator},
		{"an end", room.Event{Kind: room.Asked, Ask: &room.Ask{Verb: room.Drain}}, room.NotOperator},
	}
	for _, tt := range tests {
		if got := orRefusal(&tt.e); got.Kind != room.Refused || got.Why.Code() != tt.want {
			t.Errorf("%s is answered with kind %d, code %q; want a refusal with %q", tt.name, got.Kind, got.Why.Code(), tt.want)
		}
	}
	said := room.Event{Kind: room.Said}
	if got := orRefusal(&said); got != &said {
		t.Errorf("what is said becomes %+v, want it as it was", got)
	}
}

//go:build linux

package loop

import (
	"testing"

	"looproom/loop/room"
)

func TestLoggable(t *testing.T) {
	rows := []struct {
		verb       room.Verb
		text, want string
	}{
		{room.Topic, "grüß dich", "grüß dich"},
		{room.Topic, "\x02a\u009bб\u202e", `"\x02a\u009b\u0431\u202e"`},
		{room.Login, "open\x1bsesame", "(11 bytes, hidden)"},
	}
	for _, row := range rows {
		if got := loggable(&room.Command{Verb: row.verb, Text: row.text}); got != row.want {
			t.Errorf("loggable(%v %q) = %s, want %s", row.verb, row.text, got, row.want)
		}
	}
}

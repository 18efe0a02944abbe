package irc

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"looproom/loop/room"
)

// TestModeLines: what doesn't fit one MODE is told by several, none of them longer than a line, each with its signs and as many parameters as it has letters; and only the first is the event.
func TestModeLines(t *testing.T) {
	e := room.Event{Kind: room.Governed, RoomName: "#" + strings.Repeat("ö", 32), Who: strings.Repeat("é", 32), User: strings.Repeat("u", 18), Host: strings.Repeat("h", 63), ID: 7}
	var want []string
	for i := range 20 {
		mask := fmt.Sprint(i, strings.Repeat("ü", 10*(i%4)), "!*@*")
		off := i%3 == 0
		e.List = append(e.List, room.Row{Right: room.RightBan, Off: off, Name: mask}, room.Row{Right: room.RightMuted, Off: !off})
		want = append(want, map[bool]string{false: "+b ", true: "-b "}[off]+mask, map[bool]string{false: "+m ", true: "-m "}[!off])
	}
	w := writer{server: "irc.example"}
	appendGoverned(&w, &e, AllTags)
	var got []string
	lines := strings.Split(strings.TrimSuffix(string(w.dst), "\r\n"), "\r\n")
	for i, line := range lines {
		tags, rest, _ := strings.Cut(line, " ")
		if len(rest)+2 > 512 || strings.Contains(tags, "msgid=") != (i == 0) && strings.HasPrefix(tags, "@") {
			t.Errorf("line %d has %d bytes behind %q", i, len(rest), tags)
		}
		_, behind, _ := strings.Cut(line, " MODE "+e.RoomName+" ")
		words := strings.Split(behind, " ")
		sign, params := "", words[1:]
		for _, letter := range words[0] {
			switch letter {
			case '+', '-':
				sign = string(letter)
			case 'b':
				got, params = append(got, sign+"b "+params[0]), params[1:]
			default:
				got = append(got, sign+string(letter)+" ")
			}
		}
		if len(params) > 0 {
			t.Errorf("line %d has parameters of no letter: %q", i, params)
		}
	}
	if !slices.Equal(got, want) {
		t.Errorf("told %q, want %q", got, want)
	}
	if len(lines) < 2 {
		t.Error("all fits one line: the test has lost its point")
	}
}

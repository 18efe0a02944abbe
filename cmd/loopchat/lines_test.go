package main

import (
	"slices"
	"testing"
	"time"

	"looproom/cmd/loopchat/session"
)

// A message of several lines, which is told by the same id each, is one of those that were asked for; what repeats a message that has been told is not taken.
func TestLookupTakesLines(t *testing.T) {
	rows := []struct {
		name string
		kind session.Kind
		ids  []int
		want []string
	}{
		{"history", session.Recalled, []int{1, 2, 2, 3, 4}, []string{"a", "b", "c", "d"}},
		{"history, the last of two lines", session.Recalled, []int{1, 2, 3, 3, 4}, []string{"a", "b", "c", "d"}},
		{"history, told again", session.Recalled, []int{1, 2, 1, 2, 2}, []string{"a", "b"}},
		{"search", session.Found, []int{4, 3, 3, 2, 1}, []string{"a", "b c", "d"}},
		{"search, told again", session.Found, []int{4, 3, 5, 3, 3}, []string{"a", "b"}},
	}
	for _, row := range rows {
		l := &lookup{n: 3, told: true}
		for i, id := range row.ids {
			text := string(rune('a' + i))
			l.take(&session.Event{Kind: row.kind, ID: idOf(id), When: time.Unix(int64(id), 0)}, entry{id: idOf(id), text: text})
		}
		var got []string
		for _, e := range l.rows {
			got = append(got, e.text)
		}
		if !slices.Equal(got, row.want) {
			t.Errorf("%s: %q, want %q", row.name, got, row.want)
		}
	}
}

// The lines of a message that is said now are shown as what they are, one by one; one that is told again is not.
func TestWindowKnowsLines(t *testing.T) {
	l, p := &lately{}, &pane{}
	hear := func(n int) (known bool) {
		id := idOf(n)
		l.hears(id)
		if known = l.knows(p, id); !known {
			p.add(entry{tone: toneMessage, who: "bob", text: "x", id: id})
		}
		return known
	}
	for i, row := range []struct {
		id    int
		known bool
	}{{1, false}, {2, false}, {2, false}, {2, false}, {1, true}, {2, true}, {2, true}, {3, false}} {
		if known := hear(row.id); known != row.known {
			t.Errorf("line %d, of message %d: known %v, want %v", i, row.id, known, row.known)
		}
	}
}

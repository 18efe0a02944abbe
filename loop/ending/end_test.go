package ending

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"unsafe"
)

var stateNames = [...]string{"Unopened", "Open", "HalfClosed", "Finishing", "Lingering", "Closed"}

var effectNames = []string{"Log", "Close", "TellRoom", "Finish", "CloseFrame", "CloseNotify", "Shutdown", "Release"}

func (f Effects) String() string {
	var names []string
	for i, name := range effectNames {
		if f&(1<<i) != 0 {
			names = append(names, name)
		}
	}
	return strings.Join(names, " ")
}

// events are all that can happen to a connection, by name.
var events = map[string]func(*End) Effects{
	"Opened":       func(e *End) Effects { e.Opened(); return 0 },
	"InputEnds":    (*End).InputEnds,
	"InputResumes": func(e *End) Effects { e.InputResumes(); return 0 },
	"Handled":      (*End).Handled,
	"Leave":        func(e *End) Effects { return e.Leave(Flood) },
	"Expelled":     func(e *End) Effects { return e.Expelled(Kicked) },
	"Forgotten":    (*End).Forgotten,
	"Last":         (*End).Last,
	"Sent":         func(e *End) Effects { return e.Sent(true, false) },
	"SentUnread":   func(e *End) Effects { return e.Sent(false, false) }, // the loop doesn't read
	"Drained":      func(e *End) Effects { return e.Sent(true, true) },   // the server ends
	"Cut":          func(e *End) Effects { return e.Cut(TooSlow) },
	"Stopped":      func(e *End) Effects { return e.Cut(None) },
	"LingerOver":   (*End).LingerOver,
}

// way brings an End to a state by events.
func way(k Kind, names ...string) End {
	e := New(k)
	for _, name := range names {
		events[name](&e)
	}
	return e
}

// TestTransitions is the table of doc.go: in each state, each event, and what it leads to. An event that a row doesn't name changes nothing.
func TestTransitions(t *testing.T) {
	rows := []struct {
		name string
		from End
		want map[string]string // event: the state, if it changes, and effects
	}{
		{"Unopened", way(Kind{}), map[string]string{
			"Opened": "Open", "Cut": "Closed: Log Close Release", "Stopped": "Closed: Close Release",
		}},
		{"Open", way(Kind{}, "Opened"), map[string]string{
			"InputEnds": "HalfClosed", "Leave": "Finishing: Log TellRoom", "Expelled": "Finishing: Log", "Forgotten": "Finishing: Finish",
			"Last": "Finishing: Finish", "Cut": "Closed: Log Close TellRoom", "Stopped": "Closed: Close TellRoom",
		}},
		{"HalfClosed", way(Kind{}, "Opened", "InputEnds"), map[string]string{
			"InputResumes": "Open", "Handled": "Finishing: TellRoom", "Leave": "Finishing: Log TellRoom", "Expelled": "Finishing: Log",
			"Forgotten": "Finishing: Finish", "Last": "Finishing: Finish", "Cut": "Closed: Log Close TellRoom", "Stopped": "Closed: Close TellRoom",
		}},
		{"Finishing: the room has been told", way(Kind{}, "Opened", "Leave"), map[string]string{
			"Forgotten": "Finishing: Finish", "Last": "Finishing: Finish", "Cut": "Closed: Close", "Stopped": "Closed: Close",
		}},
		{"Finishing: the room expels", way(Kind{}, "Opened", "Expelled"), map[string]string{
			"Forgotten": "Finishing: Finish", "Last": "Finishing: Finish", "Cut": "Closed: Close", "Stopped": "Closed: Close",
		}},
		{"Finishing: no reason is known", way(Kind{}, "Opened", "InputEnds", "Handled"), map[string]string{
			"Leave": "Finishing: Log", "Expelled": "Finishing: Log", "Forgotten": "Finishing: Finish", "Last": "Finishing: Finish",
			"Cut": "Closed: Log Close", "Stopped": "Closed: Close",
		}},
		{"Finishing: forgotten", way(Kind{}, "Opened", "Forgotten"), map[string]string{
			"Leave": "Finishing: Log", "Expelled": "Finishing: Log", "Sent": "Lingering: Log Shutdown", "Drained": "Lingering: Log Shutdown",
			"SentUnread": "Closed: Log Close Release", "Cut": "Closed: Log Close Release", "Stopped": "Closed: Close Release",
		}},
		{"Finishing: forgotten, and its input is over", way(Kind{}, "Opened", "InputEnds", "Handled", "Forgotten"), map[string]string{
			"Leave": "Finishing: Log", "Expelled": "Finishing: Log", "Sent": "Closed: Log Close Release", "Drained": "Closed: Log Close Release",
			"SentUnread": "Closed: Log Close Release", "Cut": "Closed: Log Close Release", "Stopped": "Closed: Close Release",
		}},
		{"Finishing: the server ends", way(Kind{}, "Opened", "Last"), map[string]string{
			"Leave": "Finishing: Log TellRoom", "Expelled": "Finishing: Log", "Sent": "Lingering: Log Shutdown", "Drained": "Lingering: Log Shutdown",
			"SentUnread": "Closed: Log Close TellRoom", "Cut": "Closed: Log Close TellRoom", "Stopped": "Closed: Close TellRoom",
		}},
		{"Finishing: WebSocket", way(Kind{Frames: true, Sealed: true}, "Opened", "Forgotten"), map[string]string{
			"Leave": "Finishing: Log", "Expelled": "Finishing: Log", "Sent": "Finishing: CloseFrame", "Drained": "Finishing: CloseFrame",
			"SentUnread": "Finishing: CloseFrame", "Cut": "Closed: Log Close Release", "Stopped": "Closed: Close Release",
		}},
		{"Finishing: WebSocket, the close is sent", way(Kind{Frames: true}, "Opened", "Forgotten", "Sent"), map[string]string{
			"Leave": "Finishing: Log", "Expelled": "Finishing: Log", "Sent": "Lingering: Log Shutdown", "Drained": "Lingering: Log Shutdown",
			"SentUnread": "Closed: Log Close Release", "Cut": "Closed: Log Close Release", "Stopped": "Closed: Close Release",
		}},
		{"Finishing: TLS", way(Kind{Sealed: true}, "Opened", "Forgotten"), map[string]string{
			"Leave": "Finishing: Log", "Expelled": "Finishing: Log", "Sent": "Finishing: Log CloseNotify", "Drained": "Finishing: Log CloseNotify",
			"SentUnread": "Finishing: Log CloseNotify", "Cut": "Closed: Log Close Release", "Stopped": "Closed: Close Release",
		}},
		{"Finishing: TLS, the end is sent", way(Kind{Sealed: true}, "Opened", "Forgotten", "Sent"), map[string]string{
			"Sent": "Lingering: Shutdown", "Drained": "Lingering: Shutdown", "SentUnread": "Closed: Close Release",
			"Cut": "Closed: Close Release", "Stopped": "Closed: Close Release",
		}},
		{"Lingering", way(Kind{}, "Opened", "Forgotten", "Sent"), map[string]string{
			"InputEnds": "Closed: Close Release", "Cut": "Closed: Close Release", "Stopped": "Closed: Close Release", "LingerOver": "Closed: Close Release",
		}},
		{"Lingering: the server ends", way(Kind{}, "Opened", "Last", "Drained"), map[string]string{
			"InputEnds": "Closed: Close TellRoom", "Cut": "Closed: Close TellRoom", "Stopped": "Closed: Close TellRoom",
			"LingerOver": "Closed: Close TellRoom",
		}},
		{"Closed: the room has been told", way(Kind{}, "Opened", "Cut"), map[string]string{"Forgotten": "Closed: Release"}},
		{"Closed: forgotten", way(Kind{}, "Opened", "Forgotten", "Cut"), nil},
		{"apart: Open", way(Kind{Apart: true}, "Opened"), map[string]string{
			"InputEnds": "HalfClosed", "Leave": "Finishing: Log Finish", "Expelled": "Finishing: Log Finish", "Forgotten": "Finishing: Finish",
			"Last": "Finishing: Finish", "Cut": "Closed: Log Close Release", "Stopped": "Closed: Close Release",
		}},
		{"apart: HalfClosed", way(Kind{Apart: true}, "Opened", "InputEnds"), map[string]string{
			"InputResumes": "Open", "Handled": "Finishing: Finish", "Leave": "Finishing: Log Finish", "Expelled": "Finishing: Log Finish",
			"Forgotten": "Finishing: Finish", "Last": "Finishing: Finish", "Cut": "Closed: Log Close Release", "Stopped": "Closed: Close Release",
		}},
	}
	for _, row := range rows {
		for event, happens := range events {
			e := row.from
			effects := happens(&e)
			got := stateNames[e.State()]
			if effects != 0 {
				got += ": " + effects.String()
			}
			want := row.want[event]
			if want == "" {
				want = stateNames[row.from.State()]
			}
			if got != want {
				t.Errorf("%s, %s: %q, want %q", row.name, event, got, want)
			}
		}
		for event := range row.want {
			if events[event] == nil {
				t.Errorf("%s: there is no event %q", row.name, event)
			}
		}
	}
}

// However things happen, a connection never goes back, each effect comes once at most, the room is told what it doesn't know, and at the end there is nothing left of it.
func TestAnyOrderEnds(t *testing.T) {
	names := make([]string, 0, len(events))
	for name := range events {
		names = append(names, name)
	}
	slices.Sort(names)
	for seed := range uint64(20_000) {
		chance := rand.New(rand.NewPCG(seed, 14))
		kind := Kind{Frames: chance.IntN(2) == 0, Sealed: chance.IntN(2) == 0, Apart: chance.IntN(4) == 0}
		e := New(kind)
		e.Opened()
		var story []string
		var all Effects
		happens := func(name string) {
			story = append(story, name)
			before := e
			effects := events[name](&e)
			switch {
			case effects&all != 0:
				t.Fatalf("seed %d, %+v: %v: %s once more", seed, kind, story, effects&all)
			case e.State() < before.State() && !(before.State() == HalfClosed && e.State() == Open):
				t.Fatalf("seed %d, %+v: %v: from %s to %s", seed, kind, story, stateNames[before.State()], stateNames[e.State()])
			case (effects&Log != 0) != (e.Why() != before.Why()):
				t.Fatalf("seed %d, %+v: %v: the reason is %d, and Log is said: %v", seed, kind, story, e.Why(), effects&Log != 0)
			case effects&Close != 0 != (e.State() == Closed && before.State() != Closed):
				t.Fatalf("seed %d, %+v: %v: from %s to %s by %s", seed, kind, story, stateNames[before.State()], stateNames[e.State()], effects)
			}
			all |= effects
		}
		roomKnows := kind.Apart
		for range chance.IntN(12) {
			name := names[chance.IntN(len(names))]
			roomKnows = roomKnows || name == "Forgotten" || name == "Expelled"
			happens(name)
		}
		happens("Cut")
		if !roomKnows && all&TellRoom == 0 {
			t.Fatalf("seed %d, %+v: %v: nobody has told the room", seed, kind, story)
		}
		happens("Forgotten")
		if e.State() != Closed || all&(Close|Release) != Close|Release {
			t.Fatalf("seed %d, %+v: %v: %s, with %s", seed, kind, story, stateNames[e.State()], all)
		}
	}
}

// A connection that nothing goes wrong with is told all, in order, by the layers that it has.
func TestALastWordByLayers(t *testing.T) {
	rows := []struct {
		kind Kind
		want []string
	}{
		{Kind{}, []string{"Log Shutdown"}},
		{Kind{Frames: true}, []string{"CloseFrame", "Log Shutdown"}},
		{Kind{Sealed: true}, []string{"Log CloseNotify", "Shutdown"}},
		{Kind{Frames: true, Sealed: true}, []string{"CloseFrame", "Log CloseNotify", "Shutdown"}},
	}
	for _, row := range rows {
		e := way(row.kind, "Opened", "Forgotten")
		var got []string
		for e.State() == Finishing {
			got = append(got, e.Sent(true, false).String())
		}
		if !slices.Equal(got, row.want) {
			t.Errorf("%+v: %q, want %q", row.kind, got, row.want)
		}
	}
}

func TestWhy(t *testing.T) {
	rows := []struct {
		name   string
		events []string
		want   Reason
	}{
		{"it says goodbye", []string{"Opened", "Forgotten", "Sent"}, Left},
		{"it closes", []string{"Opened", "InputEnds", "Handled", "Forgotten", "Sent"}, ClosedByClient},
		{"the server ends", []string{"Opened", "Last", "Drained"}, ShuttingDown},
		{"it closes while the server ends", []string{"Opened", "InputEnds", "Last", "Drained"}, ClosedByClient},
		{"it is kicked, and then too slow", []string{"Opened", "Expelled", "Forgotten", "Cut"}, Kicked},
		{"it is too slow", []string{"Opened", "Cut"}, TooSlow},
		{"the server stops", []string{"Opened", "Stopped"}, None},
		{"it comes back from an upload", []string{"Opened", "InputEnds", "InputResumes", "Forgotten", "Sent"}, Left},
	}
	for _, row := range rows {
		if e := way(Kind{}, row.events...); e.Why() != row.want {
			t.Errorf("%s: %q, want %q", row.name, e.Why().Words(""), row.want.Words(""))
		}
	}
}

func TestReasonWords(t *testing.T) {
	for r := Left; r <= Unenrolled; r++ {
		alone, detailed := r.Words(""), r.Words("detail")
		if wants := r >= Expelled; wants != (alone == "" || strings.HasSuffix(alone, " ")) || detailed != alone+"detail" {
			t.Errorf("reason %d reads %q, and with a detail %q", r, alone, detailed)
		}
	}
}

// There are very many.
func TestEndSize(t *testing.T) {
	if size := unsafe.Sizeof(End{}); size > 3 {
		t.Errorf("an End has %d bytes, want at most 3", size)
	}
}

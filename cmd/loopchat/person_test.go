package main

import (
	"strings"
	"testing"
	"time"

	"looproom/cmd/loopchat/session"
)

// person is a window, without a server, that has heard what who logs in is told, and then some more.
func person(lines ...string) *window {
	w := newWindow(settings{wish: session.Wish{Name: "ana", Password: "correct horse"}, awayAfter: time.Hour}, session.New(session.Address{}))
	w.hearAll(eventsMsg{{Kind: session.Connected}})
	told(w, "> Connected to the chat server (2 users online)", "= IDS ON", "= LOGIN ana", "= JOIN #go 2", "= JOIN #lobby 2")
	w.hearAll(eventsMsg{{Kind: session.Ready, N: 1}})
	told(w, lines...)
	return w
}

func told(w *window, lines ...string) {
	for _, line := range lines {
		w.hearAll(eventsMsg{session.Parse(line)})
	}
}

// shownIn is what a pane shows of messages, with what stands over those that were missed.
func shownIn(p *pane) string {
	var shown []string
	for i := range p.entries {
		switch e := &p.entries[i]; {
		case isMessage(e.tone):
			shown = append(shown, e.who+": "+e.text)
		case e.tone == tonePrivate:
			shown = append(shown, e.who+" to "+e.to+": "+e.text)
		case strings.HasPrefix(e.text, "While you were away"):
			shown = append(shown, "("+e.text+")")
		}
	}
	return strings.Join(shown, ", ")
}

// TestPersonHears: what has been missed, and what the person does by other connections, stands in its place, once.
func TestPersonHears(t *testing.T) {
	const at = " 2026-11-21T09:30:00.123Z "
	rows := []struct {
		name   string
		lines  []string
		lobby  string
		other  string // in #go, which is out of sight
		unread int    // there
	}{
		{
			"missed", []string{"= MISSED 2 #go", "= @1-2" + at + "[bob] hello", "= @1-3" + at + "[ana] mine"},
			"", "(While you were away: 2 messages), bob: hello, You: mine", 1,
		},
		{
			"some of it known already", []string{"@1-2 #go [bob] hello", "= MISSED 2 #go", "= @1-2" + at + "[bob] hello", "= @1-4" + at + "* bob waves"},
			"", "bob: hello, (While you were away: 1 message), bob: waves", 2,
		},
		{
			"missed, without ids", []string{"#go [bob] hello", "= MISSED 2 #go", "= 2026-11-21T09:30:00Z [bob] hello", "= 2026-11-21T09:30:00Z [bob] again"},
			"", "bob: hello, (While you were away: 1 message), bob: again", 2,
		},
		{"all of it known", []string{"@1-2 #go [bob] hello", "= MISSED 1 #go", "= @1-2" + at + "[bob] hello"}, "", "bob: hello", 1},
		{
			"from before what is known", []string{"@1-5 #go [bob] five", "= RECENT 3 #go", "= @1-3" + at + "[bob] three", "= @1-5" + at + "[bob] five", "= @1-7" + at + "[bob] seven"},
			"", "bob: three, bob: five, bob: seven", 1,
		},
		{"a message of two lines", []string{"@1-2 #go [bob] hello", "@1-2 #go [bob] hello", "@1-3 #go [bob] hello"}, "", "bob: hello, bob: hello, bob: hello", 2},
		{
			"recent ones that had no ids", []string{"= RECENT 1 #lobby", "= 2026-11-21T09:30:00Z [bob] hello", "= RECENT 2 #lobby", "= @1-2" + at + "[bob] hello", "= @1-3" + at + "[bob] hello"},
			"bob: hello, bob: hello", "", 0,
		},
		{
			"missed, before recent ones that had no ids", []string{
				"= RECENT 1 #lobby", "= 2026-11-21T09:30:00Z [bob] three", "= MISSED 2 #lobby", "= @1-2 2026-11-21T09:29:59.900Z [bob] one", "= @1-3" + at + "[bob] two",
				"= RECENT 2 #lobby", "= @1-3" + at + "[bob] two", "= @1-4" + at + "[bob] three",
			},
			"(While you were away: 2 messages), bob: one, bob: two, bob: three", "", 0,
		},
		{"the person's own", []string{"@1-2 [ana] by phone", "@1-3 #go * ana waves", "@1-4 > you told bob: psst"}, "You: by phone, You to bob: psst", "You: waves", 0},
		{
			"private ones", []string{"@1-2 *bob* one", "= MISSED 3 *", "= @1-2" + at + "*bob* one", "= @1-3" + at + "*bob* two", "= @1-4" + at + "> you told bob: three"},
			"bob to You: one, (While you were away: 2 private messages), bob to You: two, You to bob: three", "", 0,
		},
		{"read elsewhere", []string{"@1-2 #go [bob] one", "@1-3 #go [bob] two", "= READ #go 1-2 1"}, "", "bob: one, bob: two", 1},
		{"read elsewhere, and more", []string{"@1-2 #go [bob] one", "= READ #go 1-2 0", "@1-3 #go [bob] two"}, "", "bob: one, bob: two", 1},
		{"unread from before", []string{"= READ #go 1-2 17", "@1-3 #go [bob] two"}, "", "bob: two", 18},
		{"read in sight", []string{"@1-2 [bob] one", "= READ #lobby 1-1 1"}, "bob: one", "", 0},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			w := person(row.lines...)
			lobby, other := w.find("#lobby"), w.find("#go")
			if got := shownIn(lobby); got != row.lobby {
				t.Errorf("#lobby shows %q, want %q", got, row.lobby)
			}
			if got := shownIn(other); got != row.other || other.unread != row.unread {
				t.Errorf("#go shows %q, %d unread; want %q, %d", got, other.unread, row.other, row.unread)
			}
			if lobby.unread != 0 {
				t.Errorf("%d unread in sight, want 0", lobby.unread)
			}
		})
	}
}

// TestPersonReads: read is what is in sight, at the end of the room, while somebody is at the keys.
func TestPersonReads(t *testing.T) {
	w := person("@1-2 #go [bob] out of sight", "@1-3 [bob] in sight")
	lobby, other := w.find("#lobby"), w.find("#go")
	if lobby.seen.String() != "1-3" || !other.seen.None() {
		t.Errorf("seen %v in sight and %v out of it, want 1-3 and none", lobby.seen, other.seen)
	}
	lobby.resize(40)
	lobby.above = 1
	told(w, "@1-4 [bob] below")
	w.presence.turned(true, time.Now())
	lobby.above = 0
	told(w, "@1-5 [bob] nobody is there")
	if lobby.seen.String() != "1-3" {
		t.Errorf("seen %v after what came below and while the person was away, want 1-3", lobby.seen)
	}
	told(w, "> ana is back", "@1-6 *bob* psst")
	if lobby.seen.String() != "1-5" || w.reading.conversations["bob"].String() != "1-6" {
		t.Errorf("seen %v, of bob %v; want 1-5 and 1-6", lobby.seen, w.reading.conversations["bob"])
	}
}

// TestPersonElsewhere: what the person does by another connection holds here.
func TestPersonElsewhere(t *testing.T) {
	w := person("> you joined #new", "#new [bob] hello", "> you left #go", "> ana is away: lunch", "> ana is now called bea", "[bea] from bea")
	var rooms []string
	for _, p := range w.panes.all {
		rooms = append(rooms, p.room)
	}
	if got := strings.Join(rooms, " "); got != "#lobby #new" || w.shown().room != "#lobby" || w.find("#new").unread != 1 {
		t.Errorf("rooms %q, in sight %s; want #lobby #new, #lobby in sight and a message unread", got, w.shown().room)
	}
	if w.chat.Name != "bea" || !w.chat.Away || shownIn(w.shown()) != "You: from bea" {
		t.Errorf("name %q, away %v, history %q", w.chat.Name, w.chat.Away, shownIn(w.shown()))
	}
	if got := strings.Join(w.wish.Lines(), ", "); got != "LOGIN ana correct horse, JOIN #new" {
		t.Errorf("the next connection says %q, want LOGIN ana correct horse, JOIN #new", got)
	}
	told(w, "! put-out of #new by eve: words")
	if got := strings.Join(w.wish.Lines(), ", "); got != "LOGIN ana correct horse" || w.chat.Room("#new") != nil {
		t.Errorf("after being put out the next connection says %q", got)
	}
}

// TestPaneInserts: what is put between entries has its rows there, and moves nothing that is in sight.
func TestPaneInserts(t *testing.T) {
	p := numbered(20, 30)
	p.scroll(10, 5)
	before := strings.Join(p.visible(5), "\n")
	p.merge(entriesOf(25, 33), false)
	if got := strings.Join(p.visible(5), "\n"); got != before {
		t.Errorf("in sight are\n%s\nwant\n%s", got, before)
	}
	got := strings.Join(p.rows, "\n")
	if p.recut(); strings.Join(p.rows, "\n") != got {
		t.Errorf("rows\n%s\nwant\n%s", got, strings.Join(p.rows, "\n"))
	}
	for i := 1; i < len(p.entries); i++ {
		if !p.entries[i].id.After(p.entries[i-1].id) {
			t.Errorf("%v stands behind %v", p.entries[i].id, p.entries[i-1].id)
		}
	}
	if p.merge(entriesOf(20, 25, 33), false) != nil {
		t.Error("what was there already is new")
	}
}

// numbered is a pane of that width with messages by even ids from 2 on.
func numbered(count, width int) *pane {
	p := &pane{}
	p.resize(width)
	for i := range count {
		for _, e := range entriesOf(2 * (i + 1)) {
			p.add(e)
		}
	}
	return p
}

func entriesOf(ids ...int) (entries []entry) {
	for _, id := range ids {
		entries = append(entries, entry{
			tone: toneMessage, who: "bob", text: strings.Repeat("some words ", id%7), id: session.MessageID{First: 1, Second: uint64(id)},
			at: time.Date(2026, 11, 21, 9, id%60, 0, 0, time.UTC),
		})
	}
	return entries
}

package session

import (
	"reflect"
	"strings"
	"testing"
	"time"
)

func TestParse(t *testing.T) {
	rows := []struct {
		line string
		want Event
	}{
		{"> Connected to the chat server (2 users online)", Event{Kind: Welcomed, Count: 2}},
		{"> New user ana entered (1,234 users online)", Event{Kind: Entered, Who: "ana", Count: 1234}},
		{"#go > New user ana entered (2 users online)", Event{Kind: Entered, Room: "#go", Who: "ana", Count: 2}},
		{"< The user ana left (1 user online)", Event{Kind: Left, Who: "ana", Count: 1}},
		{"> 10.0.0.5:51234 is now called ana", Event{Kind: Renamed, Who: "10.0.0.5:51234", Text: "ana"}},
		{"> ana is away: lunch, (2 users online)", Event{Kind: WentAway, Who: "ana", Text: "lunch, (2 users online)"}},
		{"> ana is away", Event{Kind: WentAway, Who: "ana"}},
		{"> New is away", Event{Kind: WentAway, Who: "New"}},
		{"> Connected is back", Event{Kind: CameBack, Who: "Connected"}},
		{"> ana set the topic: words  and more", Event{Kind: TopicSet, Who: "ana", Text: "words  and more"}},
		{"> 37 entered, 12 left (19,412 users online)", Event{Kind: Digest, Text: "37 entered, 12 left (19,412 users online)", Count: 19412}},
		{"> bob was removed by an operator: words", Event{Text: "bob was removed by an operator: words"}},
		{"[ana] hello", Event{Kind: Said, Who: "ana", Text: "hello"}},
		{"[[::1]:51234] hello] there", Event{Kind: Said, Who: "[::1]:51234", Text: "hello] there"}},
		{"#go [ana]  two spaces", Event{Kind: Said, Room: "#go", Who: "ana", Text: " two spaces"}},
		{"* ana waves", Event{Kind: Acted, Who: "ana", Text: "waves", Action: true}},
		{"*ana* psst * x", Event{Kind: Whispered, Who: "ana", Text: "psst * x"}},
		{"*a*na* psst", Event{Kind: Whispered, Who: "a*na", Text: "psst"}},
		{"= ADD ana", Event{Kind: Named, Who: "ana", Text: "ADD ana"}},
		{"= LIST 3 ana bob(away) 10.0.0.5:51234", Event{Kind: Listed, Count: 3, Names: []string{"ana", "bob(away)", "10.0.0.5:51234"}, Text: "LIST 3 ana bob(away) 10.0.0.5:51234"}},
		{"= JOIN #go 3", Event{Kind: Joined, Who: "#go", Count: 3, Text: "JOIN #go 3"}},
		{"= PART #go", Event{Kind: Parted, Who: "#go", Text: "PART #go"}},
		{"= TOPIC #go all about Go", Event{Kind: TopicIs, Who: "#go", Text: "all about Go", N: 1}},
		{"= TOPIC #go", Event{Kind: TopicIs, Who: "#go", Text: "no topic"}},
		{"= RECENT 2 #go", Event{Kind: RecentFollows, Who: "#go", Count: 2, Text: "RECENT 2 #go"}},
		{"= 2026-11-21T09:30:07Z * bob waves", Event{Kind: Recalled, Who: "bob", Text: "waves", Action: true, When: time.Date(2026, 11, 21, 9, 30, 7, 0, time.UTC)}},
		{"= SENT 1234 my notes.txt 2c26", Event{Kind: Sent, Who: "my notes.txt", Count: 1234, Text: "SENT 1234 my notes.txt 2c26"}},
		{"= FILE 1234 my notes.txt", Event{Kind: FileFollows, Who: "my notes.txt", Count: 1234, Text: "FILE 1234 my notes.txt"}},
		{"= WHO ana since 2026-11-21T09:30:00Z idle 12 rooms -", Event{Text: "WHO ana since 2026-11-21T09:30:00Z idle 12 rooms -"}},
		{"! name-taken ana is taken", Event{Kind: Refused, Who: "name-taken", Text: "ana is taken"}},
		{"PONG 17", Event{Kind: Ponged, Text: "17"}},
		{"", Event{}},
		{"something else", Event{Text: "something else"}},
	}
	for _, row := range rows {
		t.Run(row.line, func(t *testing.T) {
			row.want.Line = row.line
			if got := Parse(row.line); !reflect.DeepEqual(got, row.want) {
				t.Errorf("Parse(%q) =\n%+v, want\n%+v", row.line, got, row.want)
			}
		})
	}
}

// FuzzParse: whatever a server says, a chat takes it, and nothing that drives a terminal comes out.
func FuzzParse(f *testing.F) {
	f.Add("= LIST 2 ana\n= JOIN #go 1\n= PART #lobby\n> x is now called y")
	f.Add("#go [ana] \x1b[31m\u202e\n= TOPIC\n= SENT\n* \n[")
	f.Fuzz(func(t *testing.T, text string) {
		var c Chat
		for line := range strings.Lines("> Connected to the chat server (1 user online)\n" + text) {
			e := Parse(line)
			for _, s := range []string{e.Room, e.Who, e.Text, e.Line} {
				if strings.ContainsAny(s, "\x1b\r\n\x00\u009b\u202e\u2066") {
					t.Errorf("Parse(%q) has %q, want no control characters", line, s)
				}
			}
			c.Apply(&e)
			if n := len(c.Rooms()); (c.Current() == nil) != (n == 0) {
				t.Fatalf("after %q: %d rooms, and the current one is %v", line, n, c.Current())
			}
		}
	})
}

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
		{"> you joined #go", Event{Kind: Entering, Who: "#go"}},
		{"> you left #go", Event{Kind: Leaving, Who: "#go"}},
		{"> ana renamed the room to #rust: (2 users online)", Event{Kind: Calling, Who: "ana", Text: "ana renamed the room to #rust: (2 users online)"}},
		{"#go > ana renamed the room to #rust", Event{Kind: Calling, Room: "#go", Who: "ana", Text: "ana renamed the room to #rust"}},
		{"> you told bob: words: more", Event{Kind: Told, To: "bob", Text: "words: more"}},
		{"@57024000-44 > you told b:: psst", Event{Kind: Told, ID: MessageID{57024000, 44}, To: "b:", Text: "psst"}},
		{"> you told bob words", Event{Text: "you told bob words"}},
		{"#go > you joined #x", Event{Room: "#go", Text: "> you joined #x"}},
		{"> you is away: joined #go", Event{Kind: WentAway, Who: "you", Text: "joined #go"}},
		{"> you set the topic: told bob: x", Event{Kind: TopicSet, Who: "you", Text: "told bob: x"}},
		{"> ana invites you to #go", Event{Kind: Invited, Who: "ana", Text: "#go"}},
		{"> 7 banned eve until forever: (9 users online)", Event{Text: "7 banned eve until forever: (9 users online)"}},
		{"> 7 entered, 2 signed in, 1 removed (9 users online)", Event{Kind: Digest, Text: "7 entered, 2 signed in, 1 removed (9 users online)", Count: 9}},
		{"@57024000-42 [ana] hello", Event{Kind: Said, ID: MessageID{57024000, 42}, Who: "ana", Text: "hello"}},
		{"@57024000-42 #go * ana waves", Event{Kind: Acted, ID: MessageID{57024000, 42}, Room: "#go", Who: "ana", Text: "waves", Action: true}},
		{"@57024000-43 *bob* psst", Event{Kind: Whispered, ID: MessageID{57024000, 43}, Who: "bob", Text: "psst"}},
		{"@57024000-43 = JOIN #go 3", Event{Text: "= JOIN #go 3"}},
		{"@57024000-43 > bob is away", Event{Text: "> bob is away"}},
		{"@01-2 [ana] x", Event{Text: "@01-2 [ana] x"}},
		{"@1-99999999999999999999 [ana] x", Event{Text: "@1-99999999999999999999 [ana] x"}},
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
		{"= @57024000-42 2026-11-21T09:30:00.123Z [ana] hello", Event{Kind: Recalled, ID: MessageID{57024000, 42}, Who: "ana", Text: "hello", When: time.Date(2026, 11, 21, 9, 30, 0, 123e6, time.UTC)}},
		{"= 2026-11-21T09:30:07Z *bob* psst", Event{Kind: Recalled, Who: "bob", Text: "psst", Direct: true, When: time.Date(2026, 11, 21, 9, 30, 7, 0, time.UTC)}},
		{"= 2026-11-21T09:30:07Z > you told bob: psst", Event{Kind: Recalled, To: "bob", Text: "psst", Direct: true, When: time.Date(2026, 11, 21, 9, 30, 7, 0, time.UTC)}},
		{"= @57024000-42 [ana] hello", Event{Text: "@57024000-42 [ana] hello"}},
		{"= LOGIN ana", Event{Kind: Named, Who: "ana", Person: true, Text: "LOGIN ana"}},
		{"= MISSED 2 #go", Event{Kind: MissedFollows, Who: "#go", Count: 2, Text: "MISSED 2 #go"}},
		{"= MISSED 1 *", Event{Kind: MissedFollows, Who: "*", Count: 1, Text: "MISSED 1 *"}},
		{"= READ #go 57024000-42 3", Event{Kind: ReadIs, Who: "#go", ID: MessageID{57024000, 42}, Count: 3, Text: "READ #go 57024000-42 3"}},
		{"= READ #go - 3", Event{Kind: ReadIs, Who: "#go", Count: 3, Text: "READ #go - 3"}},
		{"= READ #go id 3", Event{Text: "READ #go id 3"}},
		{"= READ #room id      /read        what has been read", Event{Text: "READ #room id      /read        what has been read"}},
		{"= IDS ON", Event{Kind: IDsAre, Count: 1, Text: "IDS ON"}},
		{"= KEEP OFF", Event{Kind: KeepIs, Text: "KEEP OFF"}},
		{"= KEEP [ON|OFF]", Event{Text: "KEEP [ON|OFF]"}},
		{"= SESSIONS 2", Event{Kind: SessionsFollow, Count: 2, Text: "SESSIONS 2"}},
		{"= SESSION 2 since 2026-11-21T09:30:00Z idle 12 from 10.0.0.6:51235 this", Event{
			Kind: SessionTold, Count: 2, When: time.Date(2026, 11, 21, 9, 30, 0, 0, time.UTC), N: 12, Who: "10.0.0.6:51235", This: true,
			Text: "SESSION 2 since 2026-11-21T09:30:00Z idle 12 from 10.0.0.6:51235 this",
		}},
		{"= LOGOUT 2", Event{Kind: SessionOver, Count: 2, Text: "LOGOUT 2"}},
		{"= RIGHTS #go 2", Event{Kind: RightsFollow, Who: "#go", Count: 2, Text: "RIGHTS #go 2"}},
		{"= RIGHT #go op bob by ana at 2026-11-21T09:30:00Z", Event{Kind: RightTold, Who: "#go", Text: "op bob by ana at 2026-11-21T09:30:00Z"}},
		{"= ROOM #go OP bob", Event{Kind: RoomSet, Who: "#go", Text: "OP bob"}},
		{"= ROOM #go 3 OP bob", Event{Kind: RoomTold, Who: "#go", Count: 3, Text: "ROOM #go 3 OP bob"}},
		{"= ROOM #go CLEAR", Event{Kind: RoomSet, Who: "#go", Text: "CLEAR"}},
		{"> ana cleared what was said here", Event{Text: "ana cleared what was said here"}},
		{"= HISTORY 2 #go", Event{Kind: HistoryFollows, Who: "#go", Count: 2, Text: "HISTORY 2 #go"}},
		{"= HISTORY 0 bob first", Event{Kind: HistoryFollows, Who: "bob", N: 1, Text: "HISTORY 0 bob first"}},
		{"= HISTORY 1 #first last", Event{Kind: HistoryFollows, Who: "#first", Count: 1, N: 1, Text: "HISTORY 1 #first last"}},
		{"= HISTORY -1 first", Event{Kind: HistoryFollows, Who: "first", Text: "HISTORY -1 first"}},
		{"= SEARCH 20 more", Event{Kind: SearchFollows, Count: 20, N: 1, Text: "SEARCH 20 more"}},
		{"= SEARCH 3", Event{Kind: SearchFollows, Count: 3, Text: "SEARCH 3"}},
		{"= EXPORT 500 more", Event{Kind: ExportFollows, Count: 500, N: 1, Text: "EXPORT 500 more"}},
		{"= FORGET ana 12", Event{Kind: Forgotten, Who: "ana", Count: 12, Text: "FORGET ana 12"}},
		{"= SAID q7GhT2Xa:17 @57024000-42", Event{Kind: Handled, ID: MessageID{57024000, 42}, Who: "q7GhT2Xa", Text: "17"}},
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
	f.Add("@1-2 #go [ana] x\n> you joined #x\n= MISSED 2 *\n= @1-3 2026-11-21T09:30:00.1Z *bob* x\n= READ #x 1-2 3\n! put-out of #lobby by x\n> you left #x")
	f.Add(">\n<\n=\n!\n*\n[\n#\n#x\n> \n")
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

package line

import (
	"os"
	"reflect"
	"strings"
	"testing"

	"looproom/codec/plain"
	"looproom/loop/dialect"
	"looproom/loop/room"
)

var _ dialect.Dialect = Dialect{}

// protocol returns the contract.
func protocol(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile("../../../codec/PROTOCOL.md")
	if err != nil {
		t.Fatalf("read the protocol: %v", err)
	}
	return string(text)
}

const morning = 1795253400 // 2026-11-21T09:30:00Z

// renamed is that ana has renamed #go.
func renamed(words, topic string) room.Event {
	return room.Event{Kind: room.RoomRenamed, RoomName: "#go", Who: "ana", Count: 2, Text: words, List: []room.Row{{Name: "#rust", Text: topic}}}
}

// byAna is what the others of #go are told when ana gives a right, or takes it.
func byAna(right room.RightKind, off bool, name, words string) room.Event {
	return room.Event{Kind: room.Governed, RoomName: "#go", Who: "ana", List: []room.Row{{Right: right, Off: off, Name: name, Who: "ana", Text: words}}}
}

// done is what ana is answered then.
func done(right room.RightKind, off bool, name, words string) room.Event {
	e := byAna(right, off, name, words)
	e.Kind = room.GovernDone
	return e
}

func TestAppend(t *testing.T) {
	tests := []struct {
		name  string
		event room.Event
		there string // as it reads in the current room, and elsewhere if it belongs to no room
		away  string // as it reads where #go isn't the current room; "" for no difference
	}{
		{"Entered", room.Event{Kind: room.Entered, RoomName: "#go", Who: "ana", Count: 2},
			"> New user ana entered (2 users online)\n", "#go > New user ana entered (2 users online)\n"},
		{"Entered, many", room.Event{Kind: room.Entered, RoomName: "#go", Who: "ana", Count: 1234567},
			"> New user ana entered (1,234,567 users online)\n", "#go > New user ana entered (1,234,567 users online)\n"},
		{"Left", room.Event{Kind: room.Left, RoomName: "#go", Who: "ana", Count: 1},
			"< The user ana left (1 user online)\n", "#go < The user ana left (1 user online)\n"},
		{"Left, nobody remains", room.Event{Kind: room.Left, RoomName: "#go", Who: "ana"},
			"< The user ana left (0 users online)\n", "#go < The user ana left (0 users online)\n"},
		{"Renamed", room.Event{Kind: room.Renamed, Who: "10.0.0.5:51234", Text: "ana"}, "> 10.0.0.5:51234 is now called ana\n", ""},
		{"WentAway", room.Event{Kind: room.WentAway, Who: "ana"}, "> ana is away\n", ""},
		{"WentAway with words", room.Event{Kind: room.WentAway, Who: "ana", Text: "lunch"}, "> ana is away: lunch\n", ""},
		{"CameBack", room.Event{Kind: room.CameBack, Who: "ana"}, "> ana is back\n", ""},
		{"TopicSet", room.Event{Kind: room.TopicSet, RoomName: "#go", Who: "ana", Text: "all about Go"},
			"> ana set the topic: all about Go\n", "#go > ana set the topic: all about Go\n"},
		{"Governed, put out", byAna(0, false, "bob", "spam"), "> bob was put out of the room by ana: spam\n", "#go > bob was put out of the room by ana: spam\n"},
		{"RoomRenamed", renamed("", ""), "> ana renamed the room to #rust\n> you joined #rust\n= JOIN #rust 2\n> you left #go\n", "#go > ana renamed the room to #rust\n> you joined #rust\n> you left #go\n"},
		{"RoomRenamed, with words and a topic", renamed("new times", "all about it"), "> ana renamed the room to #rust: new times\n> you joined #rust\n= JOIN #rust 2\n= TOPIC #rust all about it\n> you left #go\n",
			"#go > ana renamed the room to #rust: new times\n> you joined #rust\n> you left #go\n"},
		{"GovernDone, renamed", room.Event{Kind: room.GovernDone, Verb: room.RenameRoom, RoomName: "#go", List: []room.Row{{Name: "#rust"}}}, "= ROOM #go RENAME #rust\n", ""},
		{"Governed, founder", byAna(room.RightFounder, false, "bob", ""), "> ana gave the room to bob\n", "#go > ana gave the room to bob\n"},
		{"Governed, op", byAna(room.RightOperator, false, "bob", ""), "> ana made bob an operator of the room\n", "#go > ana made bob an operator of the room\n"},
		{"Governed, no op", byAna(room.RightOperator, true, "bob", ""), "> ana took from bob the rights of an operator\n", "#go > ana took from bob the rights of an operator\n"},
		{"Governed, voice", byAna(room.RightVoice, false, "bob", ""), "> ana gave bob a voice\n", "#go > ana gave bob a voice\n"},
		{"Governed, no voice", byAna(room.RightVoice, true, "bob", ""), "> ana took bob's voice\n", "#go > ana took bob's voice\n"},
		{"Governed, ban", byAna(room.RightBan, false, "bob", "spam"), "> ana banned bob until forever: spam\n", "#go > ana banned bob until forever: spam\n"},
		{"Governed, ban of an address", byAna(room.RightBan, false, "", ""), "> ana banned an address until forever\n", "#go > ana banned an address until forever\n"},
		{"Governed, no ban", byAna(room.RightBan, true, "bob", "spam"), "> ana lifted the ban of bob\n", "#go > ana lifted the ban of bob\n"},
		{"Governed, Kept", byAna(room.RightKept, false, "", ""), "> ana keeps the room\n", "#go > ana keeps the room\n"},
		{"Governed, no Kept", byAna(room.RightKept, true, "", ""), "> ana no longer keeps the room\n", "#go > ana no longer keeps the room\n"},
		{"Governed, Muted", byAna(room.RightMuted, false, "", ""), "> ana muted the room\n", "#go > ana muted the room\n"},
		{"Governed, no Muted", byAna(room.RightMuted, true, "", ""), "> ana unmuted the room\n", "#go > ana unmuted the room\n"},
		{"Governed, Locked", byAna(room.RightLocked, false, "", ""), "> ana locked the room\n", "#go > ana locked the room\n"},
		{"Governed, no Locked", byAna(room.RightLocked, true, "", ""), "> ana unlocked the room\n", "#go > ana unlocked the room\n"},
		{"Governed, Key", byAna(room.RightKey, false, "", ""), "> ana set a key\n", "#go > ana set a key\n"},
		{"Governed, no Key", byAna(room.RightKey, true, "", ""), "> ana removed the key\n", "#go > ana removed the key\n"},
		{"Governed, Topic", byAna(room.RightTopic, false, "", ""), "> ana lets only operators set the topic\n", "#go > ana lets only operators set the topic\n"},
		{"Governed, no Topic", byAna(room.RightTopic, true, "", ""), "> ana lets all set the topic\n", "#go > ana lets all set the topic\n"},
		{"Governed, ban that mutes", byAna(room.RightBan, false, "m:bob!*@*", "spam"), "> ana muted m:bob!*@* until forever: spam\n", "#go > ana muted m:bob!*@* until forever: spam\n"},
		{"Governed, no ban that mutes", byAna(room.RightBan, true, "m:bob!*@*", "spam"), "> ana lifted the muting of m:bob!*@*\n", "#go > ana lifted the muting of m:bob!*@*\n"},
		{"Governed, Except", byAna(room.RightExcept, false, "bob", ""), "> ana excepted bob from bans\n", "#go > ana excepted bob from bans\n"},
		{"Governed, no Except", byAna(room.RightExcept, true, "bob", ""), "> ana lifted the exception of bob\n", "#go > ana lifted the exception of bob\n"},
		{"Governed, Invex", byAna(room.RightInvex, false, "bob", ""), "> ana lets bob in although the room is locked\n", "#go > ana lets bob in although the room is locked\n"},
		{"Governed, no Invex", byAna(room.RightInvex, true, "bob", ""), "> ana no longer lets bob in while the room is locked\n", "#go > ana no longer lets bob in while the room is locked\n"},
		{"Governed, Limit", byAna(room.RightLimit, false, "", "50"), "> ana limited how many may be here: 50\n", "#go > ana limited how many may be here: 50\n"},
		{"Governed, no Limit", byAna(room.RightLimit, true, "", ""), "> ana lifted the limit of how many may be here\n", "#go > ana lifted the limit of how many may be here\n"},
		{"Governed, Secret", byAna(room.RightSecret, false, "", ""), "> ana made the room secret\n", "#go > ana made the room secret\n"},
		{"Governed, no Secret", byAna(room.RightSecret, true, "", ""), "> ana made the room public\n", "#go > ana made the room public\n"},
		{"Governed, Outside", byAna(room.RightOutside, false, "", ""), "> ana lets all speak here\n", "#go > ana lets all speak here\n"},
		{"Governed, no Outside", byAna(room.RightOutside, true, "", ""), "> ana lets only members speak here\n", "#go > ana lets only members speak here\n"},
		{"Governed, NoCTCP", byAna(room.RightNoCTCP, false, "", ""), "> ana refuses CTCP here\n", "#go > ana refuses CTCP here\n"},
		{"Governed, no NoCTCP", byAna(room.RightNoCTCP, true, "", ""), "> ana allows CTCP here\n", "#go > ana allows CTCP here\n"},
		{"GovernDone, except", done(room.RightExcept, false, "bob", ""), "= ROOM #go EXCEPT bob\n", ""},
		{"GovernDone, no except", done(room.RightExcept, true, "bob", ""), "= ROOM #go UNEXCEPT bob\n", ""},
		{"GovernDone, no invex", done(room.RightInvex, true, "*!*@a.b", ""), "= ROOM #go UNINVEX *!*@a.b\n", ""},
		{"GovernDone, limit", done(room.RightLimit, false, "", "50"), "= ROOM #go LIMIT 50\n", ""},
		{"GovernDone, no limit", done(room.RightLimit, true, "", ""), "= ROOM #go LIMIT OFF\n", ""},
		{"GovernDone, kick", done(0, false, "bob", "spam"), "= ROOM #go KICK bob spam\n", ""},
		{"GovernDone, op", done(room.RightOperator, false, "bob", ""), "= ROOM #go OP bob\n", ""},
		{"GovernDone, no op", done(room.RightOperator, true, "bob", ""), "= ROOM #go DEOP bob\n", ""},
		{"GovernDone, ban", done(room.RightBan, false, "bob", "spam"), "= ROOM #go BAN bob until forever spam\n", ""},
		{"GovernDone, no ban", done(room.RightBan, true, "bob", "spam"), "= ROOM #go UNBAN bob\n", ""},
		{"GovernDone, mute", done(room.RightMuted, false, "", ""), "= ROOM #go MUTE\n", ""},
		{"GovernDone, no mute", done(room.RightMuted, true, "", ""), "= ROOM #go MUTE OFF\n", ""},
		{"GovernDone, key", done(room.RightKey, false, "", ""), "= ROOM #go KEY\n", ""},
		{"GovernDone, no key", done(room.RightKey, true, "", ""), "= ROOM #go KEY OFF\n", ""},
		{"GovernDone, keep", done(room.RightKept, false, "", ""), "= ROOM #go KEEP\n", ""},
		{"RecordChanged", room.Event{Kind: room.RecordChanged, Record: &room.Record{NoRoom: "#go"}}, "", ""},
		{"Invited", room.Event{Kind: room.Invited, RoomName: "#go", Who: "ana"}, "> ana invites you to #go\n", ""},
		{"RightList", room.Event{Kind: room.RightList, RoomName: "#go", Count: 3, List: []room.Row{
			{Right: room.RightFounder, Name: "ana", Who: "ana", At: morning * 1000}, {Right: room.RightBan, Name: "eve", Who: "bob", Count: morning, At: morning * 1000, Text: "spam"},
			{Right: room.RightMuted, Who: "ana", At: morning * 1000},
		}}, "= RIGHTS #go 3\n= RIGHT #go founder ana by ana at 2026-11-21T09:30:00Z\n" +
			"= RIGHT #go ban eve until 2026-11-21T09:30:00Z by bob at 2026-11-21T09:30:00Z spam\n= RIGHT #go muted by ana at 2026-11-21T09:30:00Z\n", ""},
		{"RightList, nothing", room.Event{Kind: room.RightList, RoomName: "#go"}, "= RIGHTS #go 0\n", ""},
		{"RightList, continued", room.Event{Kind: room.RightList, RoomName: "#go", Continued: true, List: []room.Row{{Right: room.RightOperator, Name: "bob", Who: "ana", At: morning * 1000}}},
			"= RIGHT #go op bob by ana at 2026-11-21T09:30:00Z\n", ""},
		{"Digest", room.Event{Kind: room.Digest, RoomName: "#go", Count: 19412, Tally: room.Tally{Entered: 37, Left: 12}},
			"> 37 entered, 12 left (19,412 users online)\n", "#go > 37 entered, 12 left (19,412 users online)\n"},
		{"Digest of all", room.Event{Kind: room.Digest, RoomName: "#go", Count: 1,
			Tally: room.Tally{Entered: 1037, SignedIn: 2, Left: 3, Away: 4, Back: 5, Removed: 6}},
			"> 1,037 entered, 2 signed in, 3 left, 4 away, 5 back, 6 removed (1 user online)\n",
			"#go > 1,037 entered, 2 signed in, 3 left, 4 away, 5 back, 6 removed (1 user online)\n"},
		{"Digest of one", room.Event{Kind: room.Digest, RoomName: "#go", Count: 300, Tally: room.Tally{Back: 1}},
			"> 1 back (300 users online)\n", "#go > 1 back (300 users online)\n"},
		{"Said in several lines", room.Event{Kind: room.Said, RoomName: "#go", Who: "ana", Text: "\na\n \nb"}, "[ana] a\n[ana] b\n", "#go [ana] a\n#go [ana] b\n"},
		{"Whispered in several lines", room.Event{Kind: room.Whispered, Who: "ana", Text: "a\nb"}, "*ana* a\n*ana* b\n", ""},
		{"ToldToo in several lines", room.Event{Kind: room.ToldToo, Who: "ana", Text: "a\nb"}, "> you told ana: a\n> you told ana: b\n", ""},
		{"Said", room.Event{Kind: room.Said, RoomName: "#go", Who: "ana", Text: " hi "}, "[ana]  hi \n", "#go [ana]  hi \n"},
		{"Acted", room.Event{Kind: room.Acted, RoomName: "#go", Who: "ana", Text: "waves"}, "* ana waves\n", "#go * ana waves\n"},
		{"Whispered", room.Event{Kind: room.Whispered, Who: "ana", Text: "psst"}, "*ana* psst\n", ""},
		{"JoinedToo", room.Event{Kind: room.JoinedToo, RoomName: "#go"}, "> you joined #go\n", ""},
		{"LeftToo", room.Event{Kind: room.LeftToo, RoomName: "#go"}, "> you left #go\n", ""},
		{"ToldToo", room.Event{Kind: room.ToldToo, Who: "bob", Text: "psst: x"}, "> you told bob: psst: x\n", ""},
		{"Welcomed", room.Event{Kind: room.Welcomed, RoomName: "#lobby", Count: 2},
			"> Connected to the chat server (2 users online)\n", ""},
		{"SignedIn", room.Event{Kind: room.SignedIn, Text: "ana"}, "= ADD ana\n", ""},
		{"Nicked", room.Event{Kind: room.Nicked, Text: "bea"}, "= NICK bea\n", ""},
		{"Listed", room.Event{Kind: room.Listed, RoomName: "#go", Count: 3,
			List: []room.Row{{Name: "ana"}, {Name: "bob", Away: true}, {Name: "10.0.0.5:51234"}}},
			"= LIST 3 ana bob(away) 10.0.0.5:51234\n", ""},
		{"RoomList", room.Event{Kind: room.RoomList, Count: 2,
			List: []room.Row{{Name: "#go", Count: 1003, Text: "all about Go"}, {Name: "#lobby", Count: 17}}},
			"= ROOMS 2\n= ROOM #go 1003 all about Go\n= ROOM #lobby 17\n", ""},
		{"Described", room.Event{Kind: room.Described, Who: "ana", N: 1, RoomName: "#lobby,#go",
			List: []room.Row{{At: 1000 * morning, Count: 12, Away: true, Text: "lunch"}}},
			"= WHO ana since 2026-11-21T09:30:00Z idle 12 rooms #lobby,#go away lunch\n", ""},
		{"Described, away without words", room.Event{Kind: room.Described, Who: "ana", N: 1, RoomName: "#lobby",
			List: []room.Row{{At: 1000 * morning, Away: true}}},
			"= WHO ana since 2026-11-21T09:30:00Z idle 0 rooms #lobby away\n", ""},
		{"Described, in no room", room.Event{Kind: room.Described, Who: "ana", N: 1, List: []room.Row{{At: 1000 * morning, Count: 5000}}},
			"= WHO ana since 2026-11-21T09:30:00Z idle 5000 rooms -\n", ""},
		{"Described, with sessions", room.Event{Kind: room.Described, Who: "ana", N: 3, List: []room.Row{{At: 1000 * morning, Who: "10.0.0.5:1,10.0.0.6:2"}}},
			"= WHO ana since 2026-11-21T09:30:00Z idle 0 rooms - sessions 3 address 10.0.0.5:1,10.0.0.6:2\n", ""},
		{"SessionList", room.Event{Kind: room.SessionList, Count: 2, List: []room.Row{{Name: "1", Who: "10.0.0.5:1", At: 1000 * morning, Count: 7}, {Name: "2", Who: "local:2", At: 1000 * morning, Own: true}}},
			"= SESSIONS 2\n= SESSION 1 since 2026-11-21T09:30:00Z idle 7 from 10.0.0.5:1\n= SESSION 2 since 2026-11-21T09:30:00Z idle 0 from local:2 this\n", ""},
		{"LoggedOut", room.Event{Kind: room.Done, Verb: room.Logout, N: 2}, "= LOGOUT 2\n", ""},
		{"Keeping", room.Event{Kind: room.Keeping, On: true}, "= KEEP ON\n", ""},
		{"Keeping no longer", room.Event{Kind: room.Keeping}, "= KEEP OFF\n", ""},
		{"Missed", room.Event{Kind: room.Missed, RoomName: "#go", Count: 2, List: []room.Row{
			{Name: "ana", Text: "hello", At: 1000 * morning}, {Name: "bob", Text: "waves", At: 1000*morning + 7000, Action: true}}},
			"= MISSED 2 #go\n= 2026-11-21T09:30:00Z [ana] hello\n= 2026-11-21T09:30:07Z * bob waves\n", ""},
		{"Missed, in private", room.Event{Kind: room.Missed, Count: 1, List: []room.Row{{Name: "ana", Text: "psst", At: 1000 * morning}}},
			"= MISSED 1 *\n= 2026-11-21T09:30:00Z *ana* psst\n", ""},
		{"ReadUpTo", room.Event{Kind: room.ReadUpTo, Text: "#go", ID: 7<<34 | 42, Count: 3}, "= READ #go 7-42 3\n", ""},
		{"ReadUpTo, nothing", room.Event{Kind: room.ReadUpTo, Text: "ana"}, "= READ ana - 0\n", ""},
		{"Joined", room.Event{Kind: room.Joined, RoomName: "#go", Count: 3000}, "= JOIN #go 3000\n", ""},
		{"Parted", room.Event{Kind: room.Done, Verb: room.Part, RoomName: "#go"}, "= PART #go\n", ""},
		{"TopicIs", room.Event{Kind: room.TopicIs, RoomName: "#go", Text: "all about Go"}, "= TOPIC #go all about Go\n", ""},
		{"TopicIs, none", room.Event{Kind: room.TopicIs, RoomName: "#go"}, "= TOPIC #go\n", ""},
		{"IsAway", room.Event{Kind: room.Done, Verb: room.Away}, "= AWAY\n", ""},
		{"IsBack", room.Event{Kind: room.Done, Verb: room.Back}, "= BACK\n", ""},
		{"Recalled", room.Event{Kind: room.Recalled, RoomName: "#go", Count: 2, List: []room.Row{
			{Name: "ana", Text: "hello", At: 1000 * morning}, {Name: "bob", Text: "waves", At: 1000 * (morning + 7), Action: true}}},
			"= RECENT 2 #go\n= 2026-11-21T09:30:00Z [ana] hello\n= 2026-11-21T09:30:07Z * bob waves\n", ""},
		{"Recalled, nothing", room.Event{Kind: room.Recalled, RoomName: "#go"}, "= RECENT 0 #go\n", ""},
		{"HistoryList", room.Event{Kind: room.HistoryList, RoomName: "#go", Count: 2, List: []room.Row{
			{Name: "ana", Text: "hello", At: 1000 * morning}, {Name: "bob", Text: "waves", At: 1000 * (morning + 7), Action: true}}},
			"= HISTORY 2 #go\n= 2026-11-21T09:30:00Z [ana] hello\n= 2026-11-21T09:30:07Z * bob waves\n", ""},
		{"HistoryList, of several lines", room.Event{Kind: room.HistoryList, RoomName: "#go", Count: 2, Lines: 1, List: []room.Row{
			{Name: "ana", Text: "hello\n\n\x02\nthere", At: 1000 * morning}, {Name: "bob", Text: "waves", At: 1000 * (morning + 7), Action: true}}},
			"= HISTORY 3 #go\n= 2026-11-21T09:30:00Z [ana] hello\n= 2026-11-21T09:30:00Z [ana] there\n= 2026-11-21T09:30:07Z * bob waves\n", ""},
		{"HistoryList, the first", room.Event{Kind: room.HistoryList, RoomName: "#go", On: true}, "= HISTORY 0 #go first\n", ""},
		{"HistoryList, the last", room.Event{Kind: room.HistoryList, RoomName: "#go", On: true, Off: true}, "= HISTORY 0 #go last\n", ""},
		{"HistoryList, not the last", room.Event{Kind: room.HistoryList, RoomName: "#go", Off: true}, "= HISTORY 0 #go\n", ""},
		{"HistoryList, a conversation", room.Event{Kind: room.HistoryList, RoomName: "bob", Count: 2, List: []room.Row{
			{Name: "bob", Who: "bob", Text: "psst", At: 1000 * morning, Own: true}, {Name: "ana", Who: "bob", Text: "answer", At: 1000 * (morning + 7), Own: true}}},
			"= HISTORY 2 bob\n= 2026-11-21T09:30:00Z *bob* psst\n= 2026-11-21T09:30:07Z *ana* answer\n", ""},
		{"HistoryList, continued", room.Event{Kind: room.HistoryList, RoomName: "#go", Count: 9, Continued: true, List: []room.Row{{Name: "ana", Text: "hello", At: 1000 * morning}}},
			"= 2026-11-21T09:30:00Z [ana] hello\n", ""},
		{"SearchList", room.Event{Kind: room.SearchList, Count: 4, On: true, List: []room.Row{
			{Name: "ana", Who: "#go", Text: "hello", At: 1000 * morning}, {Name: "ana", Who: "#go", Text: "waves", At: 1000 * morning, Action: true},
			{Name: "bob", Who: "bob", Text: "psst", At: 1000 * morning, Own: true}, {Name: "ana", Who: "bob", Text: "answer", At: 1000 * morning, Own: true}}},
			"= SEARCH 4 more\n= 2026-11-21T09:30:00Z #go [ana] hello\n= 2026-11-21T09:30:00Z #go * ana waves\n" +
				"= 2026-11-21T09:30:00Z bob *bob* psst\n= 2026-11-21T09:30:00Z bob *ana* answer\n", ""},
		{"SearchList, nothing", room.Event{Kind: room.SearchList}, "= SEARCH 0\n", ""},
		{"ExportList", room.Event{Kind: room.ExportList, Count: 1, List: []room.Row{{Name: "ana", Who: "#go", Text: "hello", At: 1000 * morning}}},
			"= EXPORT 1 more\n= 2026-11-21T09:30:00Z #go [ana] hello\n", ""},
		{"ExportList, all", room.Event{Kind: room.ExportList, On: true}, "= EXPORT 0\n", ""},
		{"Forgotten", room.Event{Kind: room.Done, Verb: room.Forget, Who: "ana", N: 12}, "= FORGET ana 12\n", ""},
		{"Cleared", room.Event{Kind: room.Governed, Verb: room.ClearRoom, RoomName: "#go", List: []room.Row{{Who: "ana"}}},
			"> ana cleared what was said here\n", "#go > ana cleared what was said here\n"},
		{"ClearDone", room.Event{Kind: room.GovernDone, Verb: room.ClearRoom, RoomName: "#go", List: []room.Row{{Who: "ana"}}}, "= ROOM #go CLEAR\n", ""},
		{"Hinted", room.Event{Kind: room.Hinted, Text: "END"}, hints["END"], ""},
		{"Hinted of help", room.Event{Kind: room.Hinted, Text: "HELP"}, hints["HELP"], ""},
		{"Replied", room.Event{Kind: room.Replied, Text: "\xff\xfc\x06"}, "\xff\xfc\x06", ""},
		{"Confirmed", room.Event{Kind: room.Confirmed, Text: "annsphone", N: 17}, "= SAID annsphone:17\n", ""},
		{"Confirmed, nothing yet", room.Event{Kind: room.Confirmed, Text: "annsphone"}, "= SAID annsphone:0\n", ""},
		{"Confirmed, unknown", room.Event{Kind: room.Confirmed, Text: "annsphone", N: room.None}, "= SAID annsphone:-\n", ""},
		{"Ponged", room.Event{Kind: room.Ponged, Text: "17"}, "PONG 17\n", ""},
		{"Helped", room.Event{Kind: room.Helped}, helpText, ""},
		{"Helped with rooms", room.Event{Kind: room.Helped, Text: moreRoomPage}, moreRoomText, ""},
		{"Helped further", room.Event{Kind: room.Helped, Text: morePage}, moreText, ""},
		{"Kept", room.Event{Kind: room.Kept, N: 1234, Who: "my notes.txt", Text: "2c26"}, "= SENT 1234 my notes.txt 2c26\n", ""},
		{"Refused", room.Event{Kind: room.Refused, Why: room.NameInUse, Who: "ana"},
			"! name-taken ana is taken; choose another\n", ""},
		{"IDsAre", room.Event{Kind: room.IDsAre, On: true}, "= IDS ON\n", ""},
		{"IDsAre, no more", room.Event{Kind: room.IDsAre}, "= IDS OFF\n", ""},
		{"Bye", room.Event{Kind: room.Bye}, "= END\n", ""},
		{"FileList", room.Event{Kind: room.FileList, Count: 5000, List: []room.Row{
			{Name: "my notes.txt", Who: "ana", Text: "2c26", At: 1000 * morning, Count: 1234}}},
			"= FILES 1 of 5000\n= STORED 1234 2026-11-21T09:30:00Z ana 2c26 my notes.txt\n", ""},
		{"FileFollows", room.Event{Kind: room.FileFollows, N: 1234, Text: "my notes.txt"}, "= FILE 1234 my notes.txt\n", ""},
		{"Removed", room.Event{Kind: room.Removed, Who: "bob", Text: "spam, spam"}, "> bob was removed by an operator: spam, spam\n", ""},
		{"Removed without words", room.Event{Kind: room.Removed, Who: "bob"}, "> bob was removed by an operator\n", ""},
		{"Admitted", room.Event{Kind: room.Admitted}, "= PASS\n", ""},
		{"Granted", room.Event{Kind: room.Done, Verb: room.Oper, Who: "ann"}, "= OPER ann\n", ""},
		{"LoggedIn", room.Event{Kind: room.LoggedIn, Who: "ana"}, "= LOGIN ana\n", ""},
		{"Owned", room.Event{Kind: room.Done, Verb: room.Register, Who: "ana"}, "= REGISTER ana\n", ""},
		{"GivenUp", room.Event{Kind: room.Done, Verb: room.Unregister, Who: "ana"}, "= UNREGISTER ana\n", ""},
		{"Done that has a kind of its own", room.Event{Kind: room.Done, Verb: room.Who, Who: "ana"}, "", ""},
		{"Done of no verb", room.Event{Kind: room.Done, Verb: 255}, "", ""},
		{"KickedUser", room.Event{Kind: room.KickedUser, Who: "bob"}, "= KICK bob\n", ""},
		{"BanList", room.Event{Kind: room.BanList, Count: 2, List: []room.Row{
			{Name: "10.0.0.0/8", Who: "ann", At: 1000 * (morning + 3600), Text: "spam"}, {Name: "bob", Who: "ann", Shun: true}}},
			"= BANS 2\n= BAN 10.0.0.0/8 until 2026-11-21T10:30:00Z by ann spam\n= SHUN bob until forever by ann\n", ""},
		{"BanList, continued", room.Event{Kind: room.BanList, Count: 9, Continued: true, List: []room.Row{{Name: "bob", Who: "ann", Shun: true}}},
			"= SHUN bob until forever by ann\n", ""},
		{"RoomList, continued", room.Event{Kind: room.RoomList, Count: 9, Continued: true, List: []room.Row{{Name: "#lobby", Count: 17}}},
			"= ROOM #lobby 17\n", ""},
		{"Recalled, continued", room.Event{Kind: room.Recalled, RoomName: "#go", Count: 9, Continued: true, List: []room.Row{{Name: "ana", Text: "hello", At: 1000 * morning}}},
			"= 2026-11-21T09:30:00Z [ana] hello\n", ""},
		{"Listed, continued", room.Event{Kind: room.Listed, Count: 9, Continued: true, List: []room.Row{{Name: "ana"}}}, "= LIST 9 ana\n", ""},
		{"BanList, nobody", room.Event{Kind: room.BanList}, "= BANS 0\n", ""},
		{"BanSet", room.Event{Kind: room.BanSet, List: []room.Row{{Name: "bob", Who: "ann", At: 1000 * morning}}},
			"= BAN bob until 2026-11-21T09:30:00Z by ann\n", ""},
		{"BanLifted", room.Event{Kind: room.BanLifted, Who: "10.0.0.0/8"}, "= UNBAN 10.0.0.0/8\n", ""},
		{"StatList", room.Event{Kind: room.StatList, List: []room.Row{{Name: "clients", Text: "18000"}, {Name: "lines", Text: "1234567"}}},
			"= STATS 2\n= STAT clients 18000\n= STAT lines 1234567\n", ""},
		{"CertList", room.Event{Kind: room.CertList, Count: 2, List: []room.Row{{Text: "a1b2"}, {Text: "c3d4", Own: true}}}, "= CERTS 2\n= CERT a1b2\n= CERT c3d4 this\n", ""},
		{"CertList, none", room.Event{Kind: room.CertList}, "= CERTS 0\n", ""},
		{"a certificate that is trusted", room.Event{Kind: room.Done, Verb: room.Trust, Who: "CERT a1b2"}, "= TRUST CERT a1b2\n", ""},
		{"Challenged", room.Event{Kind: room.Challenged, Text: "r=abc,s=def,i=4096"}, "", ""},
		{"Draining", room.Event{Kind: room.Draining}, "= DRAIN\n", ""},
		{"Described to an operator", room.Event{Kind: room.Described, Who: "ana", N: 1, RoomName: "#lobby",
			List: []room.Row{{At: 1000 * morning, Count: 12, Away: true, Text: "lunch", Who: "10.0.0.5:51234"}}},
			"= WHO ana since 2026-11-21T09:30:00Z idle 12 rooms #lobby address 10.0.0.5:51234 away lunch\n", ""},
		{"Asked", room.Event{Kind: room.Asked, Ask: &room.Ask{Verb: room.Pass, Password: "open sesame"}}, "", ""},
		{"UploadAsked", room.Event{Kind: room.UploadAsked}, "", ""},
		{"FileAsked", room.Event{Kind: room.FileAsked}, "", ""},
		{"TopicSet to nothing", room.Event{Kind: room.TopicSet, RoomName: "#go", Who: "ana"}, "> ana took the topic away\n", "#go > ana took the topic away\n"},
		{"AccountIs", room.Event{Kind: room.AccountIs, Who: "ann", Text: "ann"}, "", ""},
		{"RealIs", room.Event{Kind: room.RealIs, Who: "ann", Text: "Ann"}, "", ""},
		{"HostIs", room.Event{Kind: room.HostIs, Who: "ann", Text: "10.0.0.1"}, "", ""},
		{"MetadataIs", room.Event{Kind: room.MetadataIs, Who: "ann", List: []room.Row{{Name: "ann"}}}, "", ""},
		{"MetadataLater", room.Event{Kind: room.MetadataLater, RoomName: "#go"}, "", ""},
		{"MetadataAre", room.Event{Kind: room.MetadataAre, RoomName: "ann", List: []room.Row{{Name: "ann"}}}, "", ""},
		{"MetadataSynced", room.Event{Kind: room.MetadataSynced, RoomName: "#go", List: []room.Row{{Name: "ann"}}}, "", ""},
		{"MetadataSubbed", room.Event{Kind: room.MetadataSubbed, List: []room.Row{{Name: "avatar"}}}, "", ""},
		{"Online", room.Event{Kind: room.Online, Count: 1, List: []room.Row{{Name: "ann"}}}, "", ""},
		{"Offline", room.Event{Kind: room.Offline, Count: 1, List: []room.Row{{Name: "ann"}}}, "", ""},
		{"Was", room.Event{Kind: room.Was, Who: "ann"}, "", ""},
		{"Monitored", room.Event{Kind: room.Monitored, Count: 1, List: []room.Row{{Name: "ann"}}}, "", ""},
		{"MonitorFull", room.Event{Kind: room.MonitorFull, Text: "ann", N: 100}, "", ""},
		{"WhoList", room.Event{Kind: room.WhoList, List: []room.Row{{Name: "ann"}}}, "", ""},
		{"Tagged", room.Event{Kind: room.Tagged, Who: "ann", Tags: "+typing=active"}, "", ""},
		{"what programs say to each other", room.Event{Kind: room.Whispered, Who: "ann", Programs: true, Text: "\x01VERSION\x01"}, "", ""},
		{"Quit", room.Event{Kind: room.Quit, Who: "ann", Text: "bye"}, "", ""},
		{"Appeared", room.Event{Kind: room.Appeared, Who: "ann", RoomName: "#go"}, "", ""},
		{"Vanished", room.Event{Kind: room.Vanished, Who: "ann", RoomName: "#go"}, "", ""},
		{"Renamed where it doesn't show", room.Event{Kind: room.Renamed, Who: "ann", Text: "anna", Off: true}, "> ann is now called anna\n", ""},
		{"Called", room.Event{Kind: room.Called, Who: "ann", Text: "anna"}, "", ""},
		{"NamesAre", room.Event{Kind: room.NamesAre, RoomName: "#go", Count: 1, List: []room.Row{{Name: "ann"}}}, "", ""},
		{"Found", room.Event{Kind: room.Found, Count: 1, List: []room.Row{{Name: "ann"}}}, "", ""},
		{"Counted", room.Event{Kind: room.Counted, Census: &room.Census{Users: 7}}, "", ""},
		{"Expelled", room.Event{Kind: room.Expelled, Who: "ann", RoomName: "#go", List: []room.Row{{Name: "bob"}}}, "", ""},
		{"ModesAre", room.Event{Kind: room.ModesAre, RoomName: "#go"}, "", ""},
		{"InvitedTo", room.Event{Kind: room.InvitedTo}, "", ""},
		{"AccountIs", room.Event{Kind: room.AccountIs, Who: "ann", Text: "ann"}, "", ""},
		{"InvitedBy", room.Event{Kind: room.InvitedBy, Who: "ann", RoomName: "#go", Text: "bob"}, "", ""},
		{"Walloped", room.Event{Kind: room.Walloped, Who: "ann", Text: "hello"}, "", ""},
		{"Whispered to operators", room.Event{Kind: room.Whispered, Who: "ann", RoomName: "#go", N: int64(room.RightOperator), Text: "hello"}, "*ann* [@#go] hello\n", ""},
		{"Whispered to voices", room.Event{Kind: room.Whispered, Who: "ann", RoomName: "#go", N: int64(room.RightVoice), Text: "hello"}, "*ann* [+#go] hello\n", ""},
		{"MarkedAs", room.Event{Kind: room.MarkedAs, Text: "+i"}, "", ""},
		{"Portrayed", room.Event{Kind: room.Portrayed, Who: "ann"}, "", ""},
		{"Redacted", room.Event{Kind: room.Redacted, RoomName: "#go", ID: 7}, "", ""},
		{"TargetList", room.Event{Kind: room.TargetList, Count: 1, List: []room.Row{{Who: "#go"}}}, "", ""},
		{"Answered", room.Event{Kind: room.Answered, Tag: 7}, "", ""},
		{"Sent", room.Event{Kind: room.Sent, RoomName: "#go", Text: "words"}, "", ""},
		{"MemberRemoved", room.Event{Kind: room.MemberRemoved}, "", ""},
		{"CurrentIs", room.Event{Kind: room.CurrentIs}, "", ""},
		{"MemberAdded", room.Event{Kind: room.MemberAdded, RoomName: "#go"}, "", ""},
		{"Gone", room.Event{Kind: room.Gone}, "", ""},
		{"FilesAsked", room.Event{Kind: room.FilesAsked}, "", ""},
		{"LookAsked", room.Event{Kind: room.LookAsked, Ask: &room.Ask{Look: &room.Look{Words: "open sesame"}}}, "", ""},
		{"no kind", room.Event{}, "", ""},
		{"an unknown kind", room.Event{Kind: 200, RoomName: "#go"}, "", ""},
	}
	told := map[room.Kind]bool{}
	for _, tt := range tests {
		told[tt.event.Kind] = true
		t.Run(tt.name, func(t *testing.T) {
			away := tt.away
			if away == "" {
				away = tt.there
			}
			if got := (Dialect{}).Append(nil, &tt.event, dialect.Reader{Here: true}); string(got) != tt.there {
				t.Errorf("Append(%s, here) = %q, want %q", tt.name, got, tt.there)
			}
			if got := (Dialect{}).Append([]byte("before\n"), &tt.event, dialect.Reader{}); string(got) != "before\n"+away {
				t.Errorf("Append(%s, elsewhere) = %q, want %q", tt.name, got, "before\n"+away)
			}
		})
	}
	for kind := room.Entered; kind <= room.Gone; kind++ {
		if !told[kind] {
			t.Errorf("no row for events of kind %d", kind)
		}
	}
}

// TestAppendWithIDs: to who wants ids a message begins with its own; everything else reads as it does to others.
func TestAppendWithIDs(t *testing.T) {
	const id = 57024000<<34 + 42
	rows := []room.Row{{Name: "ana", Text: "hello", ID: id, At: 1000*morning + 123}, {Name: "bob", Text: "waves", ID: id + 1, At: 1000 * (morning + 7), Action: true}}
	for _, tt := range []struct {
		name  string
		event room.Event
		want  string // where it isn't about the current room
	}{
		{"Said", room.Event{Kind: room.Said, RoomName: "#go", Who: "ana", Text: "hello", ID: id}, "@57024000-42 #go [ana] hello\n"},
		{"Acted", room.Event{Kind: room.Acted, RoomName: "#go", Who: "ana", Text: "waves", ID: id}, "@57024000-42 #go * ana waves\n"},
		{"Whispered", room.Event{Kind: room.Whispered, Who: "bob", Text: "psst", ID: id}, "@57024000-42 *bob* psst\n"},
		{"ToldToo", room.Event{Kind: room.ToldToo, Who: "bob", Text: "psst", ID: id}, "@57024000-42 > you told bob: psst\n"},
		{"Recalled", room.Event{Kind: room.Recalled, RoomName: "#go", Count: 2, List: rows},
			"= RECENT 2 #go\n= @57024000-42 2026-11-21T09:30:00.123Z [ana] hello\n= @57024000-43 2026-11-21T09:30:07.000Z * bob waves\n"},
		{"Recalled, continued", room.Event{Kind: room.Recalled, RoomName: "#go", Count: 9, Continued: true, List: rows[:1]},
			"= @57024000-42 2026-11-21T09:30:00.123Z [ana] hello\n"},
		{"HistoryList", room.Event{Kind: room.HistoryList, RoomName: "#go", Count: 1, On: true, List: rows[:1]},
			"= HISTORY 1 #go first\n= @57024000-42 2026-11-21T09:30:00.123Z [ana] hello\n"},
		{"SearchList", room.Event{Kind: room.SearchList, Count: 1, List: []room.Row{{Name: "ana", Who: "bob", Text: "psst", ID: id, At: 1000 * morning, Own: true}}},
			"= SEARCH 1\n= @57024000-42 2026-11-21T09:30:00.000Z bob *ana* psst\n"},
		{"ExportList, continued", room.Event{Kind: room.ExportList, Count: 9, Continued: true, List: []room.Row{{Name: "ana", Who: "#go", Text: "hello", ID: id, At: 1000 * morning}}},
			"= @57024000-42 2026-11-21T09:30:00.000Z #go [ana] hello\n"},
		{"Confirmed", room.Event{Kind: room.Confirmed, Text: "q7GhT2Xa", N: 17, ID: id}, "= SAID q7GhT2Xa:17 @57024000-42\n"},
		{"Confirmed, said earlier", room.Event{Kind: room.Confirmed, Text: "q7GhT2Xa", N: 17}, "= SAID q7GhT2Xa:17\n"},
		{"Confirmed, not known", room.Event{Kind: room.Confirmed, Text: "q7GhT2Xa", N: room.None}, "= SAID q7GhT2Xa:-\n"},
		{"TopicSet", room.Event{Kind: room.TopicSet, RoomName: "#go", Who: "ana", Text: "all about Go"}, "#go > ana set the topic: all about Go\n"},
		{"Described", room.Event{Kind: room.Described, Who: "ana", N: 1, List: []room.Row{{At: 1000*morning + 123}}}, "= WHO ana since 2026-11-21T09:30:00Z idle 0 rooms -\n"},
	} {
		if got := string((Dialect{}).Append(nil, &tt.event, dialect.Reader{IDs: true})); got != tt.want {
			t.Errorf("Append(%s, with ids) = %q, want %q", tt.name, got, tt.want)
		}
		dst := make([]byte, 0, 1024)
		if n := testing.AllocsPerRun(100, func() { dst = (Dialect{}).Append(dst[:0], &tt.event, dialect.Reader{IDs: true}) }); n != 0 {
			t.Errorf("Append(%s, with ids) allocates %v times, want never", tt.name, n)
		}
	}
}

// A list of 300 names of 10 bytes is more than fits one line.
func TestAppendCutsALongList(t *testing.T) {
	e := room.Event{Kind: room.Listed, Count: 300}
	want := []string{}
	for i := range 300 {
		name := "user-" + string(rune('a'+i/100)) + string(rune('a'+i/10%10)) + string(rune('a'+i%10))
		e.List = append(e.List, room.Row{Name: name})
		want = append(want, name)
	}
	text := string((Dialect{}).Append(nil, &e, dialect.Reader{Here: true}))
	got := []string{}
	for line := range strings.Lines(text) {
		names, ok := strings.CutPrefix(strings.TrimSuffix(line, "\n"), "= LIST 300 ")
		if !ok || len(names) > listBytes+32 {
			t.Errorf("line of %d bytes: %.40q..., want at most about %d and = LIST 300 in front", len(line), line, listBytes)
		}
		got = append(got, strings.Split(names, " ")...)
	}
	if strings.Join(got, " ") != strings.Join(want, " ") {
		t.Errorf("the lines have the names %q, want %q", got, want)
	}
	if n := strings.Count(text, "\n"); n != 3 {
		t.Errorf("%d lines, want 3", n)
	}
}

func TestHelpFitsAScreen(t *testing.T) {
	for _, page := range []struct {
		asked, text string
		verbs       []verb
	}{{"HELP", helpText, daily}, {"HELP MORE", moreText, further}, {"HELP ROOM", roomText, behindRoom(roomWords)}, {"HELP ROOM MORE", moreRoomText, behindRoom(moreRoomWords)}} {
		lines := strings.Split(strings.TrimSuffix(page.text, "\n"), "\n")
		if len(lines) > 24 {
			t.Errorf("%s has %d lines, want at most 24", page.asked, len(lines))
		}
		for _, line := range lines {
			if len(line) > 80 || !strings.HasPrefix(line, "= ") || strings.HasSuffix(line, " ") {
				t.Errorf("%s has %q (%d columns), want = in front, at most 80 columns and no space at the end", page.asked, line, len(line))
			}
		}
		for i := range page.verbs {
			if !strings.Contains(page.text, "= "+page.verbs[i].usage()+" ") {
				t.Errorf("%s has no line for %q", page.asked, page.verbs[i].usage())
			}
		}
	}
}

// Each line of a message has the message's id.
func TestAppendLinesWithID(t *testing.T) {
	e := room.Event{Kind: room.Said, RoomName: "#go", Who: "ana", Text: "a\nb", ID: 57024000<<34 | 42}
	want := "@57024000-42 #go [ana] a\n@57024000-42 #go [ana] b\n"
	if got := string((Dialect{}).Append(nil, &e, dialect.Reader{IDs: true})); got != want {
		t.Errorf("Append(%q) = %q, want %q", e.Text, got, want)
	}
}

func TestAppendDoesNotAllocate(t *testing.T) {
	tests := []struct {
		name string
		here bool
		e    room.Event
	}{
		{"Said", true, room.Event{Kind: room.Said, RoomName: "#go", Who: "ana", Text: "hello there"}},
		{"Said elsewhere", false, room.Event{Kind: room.Said, RoomName: "#go", Who: "ana", Text: "hello there"}},
		{"Entered", false, room.Event{Kind: room.Entered, RoomName: "#go", Who: "ana", Count: 123456}},
		{"Digest", true, room.Event{Kind: room.Digest, Count: 5, Tally: room.Tally{Entered: 1, SignedIn: 2, Left: 3, Away: 4, Back: 5}}},
		{"Governed", false, byAna(room.RightOperator, false, "bob", "")},
		{"Recalled", true, room.Event{Kind: room.Recalled, Count: 1, List: []room.Row{{Name: "ana", Text: "hello", At: 1000 * morning}}}},
		{"Said in colours", true, room.Event{Kind: room.Said, RoomName: "#go", Who: "ana", Text: "\x02hello\x0f \x0304there\x03, \u202eyou"}},
	}
	for _, tt := range tests {
		dst := make([]byte, 0, 4096)
		if n := testing.AllocsPerRun(100, func() { dst = (Dialect{}).Append(dst[:0], &tt.e, dialect.Reader{Here: tt.here}) }); n != 0 {
			t.Errorf("Append(%s): %v allocations, want 0", tt.name, n)
		}
	}
}

// FuzzNothingButTextGoesOut: whatever stands in the strings of an event, the lines are whole, as many as they are meant to be, and fit to be shown; and of what
// somebody said they tell what they would tell of what shows of it.
func FuzzNothingButTextGoesOut(f *testing.F) {
	f.Add(uint8(room.Said), "ana", "hello\n\x1b[31m", "#go", 3, int64(5), int64(morning), true)
	f.Add(uint8(room.Said), "ana", "two\n\n \x02\nlines\r\n! closing", "#go", 3, int64(5), int64(morning), false)
	f.Add(uint8(room.HistoryList), "ana", "two\nlines\x00", "#go", 4, int64(5), int64(morning), true)
	f.Add(uint8(room.RoomRenamed), "\xc0", "\x00", "#c", 3, int64(5), int64(morning), true)
	f.Add(uint8(room.Listed), "an\ra", "x\u2028y", "#\n", -1, int64(-1), int64(-1), false)
	f.Add(uint8(room.Recalled), "a", "b", "#c", 1<<40, int64(1)<<60, int64(1)<<60, false)
	f.Add(uint8(room.Whispered), "a\xff\x01", "\x01ACTION \x02waves\x0f\x01 \u202e\u2066\u0085 \xc3\x00\xa9", "b\n! closing", 1, int64(0), int64(0), false)
	f.Fuzz(func(t *testing.T, kind uint8, who, text, roomName string, count int, n, unix int64, here bool) {
		if room.Kind(kind) == room.Replied {
			return // bytes of the server's own, as they are
		}
		as := dialect.Reader{Here: here, IDs: count%2 == 0}
		e := eventOf(kind, who, text, roomName, count, n, unix, here)
		got := string((Dialect{}).Append(nil, &e, as))
		shown := eventOf(kind, clean(who), cleanLines(text), clean(roomName), count, n, unix, here)
		want := string((Dialect{}).Append(nil, &shown, as))
		if got != "" && !strings.HasSuffix(got, "\n") || strings.Count(got, "\n") != strings.Count(want, "\n") && e.Kind != room.Listed && e.Kind != room.Helped {
			t.Errorf("Append(kind %d) = %q, want whole lines as in %q", kind, got, want)
		}
		for line := range strings.Lines(got) {
			if !strings.ContainsRune("><[*#=!P@", rune(line[0])) || !fitToBeShown(strings.TrimSuffix(line, "\n")) {
				t.Errorf("Append(kind %d) has the line %q, which begins like no kind of line, or is not fit to be shown", kind, line)
			}
		}
		said := eventOf(kind, clean(who), text, clean(roomName), count, n, unix, here)
		if got := string((Dialect{}).Append(nil, &said, as)); tellsWhatWasSaid(&said) && got != want {
			t.Errorf("Append(kind %d) of %q = %q, want %q", kind, text, got, want)
		}
	})
}

// eventOf is an event with words in all of its strings.
func eventOf(kind uint8, who, text, roomName string, count int, n, unix int64, here bool) room.Event {
	rows := []room.Row{{Name: who, Who: "#" + roomName, Text: text, At: unix, Count: count, Away: here, Action: !here}, {Name: who + roomName, Text: text, Who: who}}
	return room.Event{
		Kind: room.Kind(kind), RoomName: "#" + roomName, Who: who, Text: text, ID: room.MsgID(n), Why: room.Reason(count),
		Count: count, N: n, List: rows, Tally: room.Tally{Entered: count, Back: 1},
	}
}

// tellsWhatWasSaid says whether the Text of e, or of its rows, is what somebody said.
func tellsWhatWasSaid(e *room.Event) bool {
	switch e.Kind {
	case room.Said, room.Acted, room.Whispered, room.ToldToo, room.Recalled, room.HistoryList, room.SearchList, room.ExportList, room.TopicSet, room.TopicIs, room.RoomList, room.WentAway, room.Described, room.Removed, room.BanSet, room.BanList:
		return true
	case room.Governed, room.RightList:
		return true
	case room.Refused:
		return e.Why == room.PutOutOfRoom || e.Why == room.KickedOut || e.Why == room.NameBanned || e.Why == room.AddressBanned
	}
	return false
}

// Each kind of event with what drives a terminal, ends a line or turns text round in every string that it has.
func TestNoStringGoesOutAsItCame(t *testing.T) {
	const raw = "\xff\x00\x01\n! forged\r\x1b[2J\u0085\u2028\u202e\u2066x"
	for kind := range uint8(len(forms)) {
		for why := range room.Reasons {
			if room.Kind(kind) == room.Replied || room.Kind(kind) != room.Refused && why > 1 {
				continue
			}
			var e room.Event
			fillStrings(reflect.ValueOf(&e).Elem(), raw)
			e.Kind, e.Why, e.List = room.Kind(kind), why, make([]room.Row, 2)
			for i := range e.List {
				fillStrings(reflect.ValueOf(&e.List[i]).Elem(), raw)
				e.List[i].Away = true
			}
			for _, here := range []bool{true, false} {
				for _, verb := range []room.Verb{room.Part, room.Register, room.Oper} { // that have answers of room.Done
					e.Verb = verb
					got := string((Dialect{}).Append(nil, &e, dialect.Reader{Here: here}))
					for line := range strings.Lines(got) {
						if line = strings.TrimSuffix(line, "\n"); !fitToBeShown(line) || strings.HasPrefix(line, "! forged") {
							t.Errorf("Append(kind %d, reason %d, here %v) has the line %q", kind, why, here, line)
						}
					}
				}
			}
		}
	}
}

// fillStrings sets each field that is a string.
func fillStrings(v reflect.Value, text string) {
	for i := range v.NumField() {
		if field := v.Field(i); field.Kind() == reflect.String {
			field.SetString(text)
		}
	}
}

func clean(s string) string { return string(plain.Clean(nil, []byte(s))) }

// cleanLines is clean of each line of a text.
func cleanLines(s string) string {
	lines := strings.Split(s, "\n")
	for i := range lines {
		lines[i] = clean(lines[i])
	}
	return strings.Join(lines, "\n")
}

func BenchmarkAppendSaid(b *testing.B) {
	e := room.Event{Kind: room.Said, RoomName: "#lobby", Who: "ana", Text: strings.Repeat("sixteen bytes...", 4)}
	dst := make([]byte, 0, 256)
	b.ReportAllocs()
	for b.Loop() {
		dst = (Dialect{}).Append(dst[:0], &e, dialect.Reader{Here: true})
	}
}

func BenchmarkAppendSaidWithID(b *testing.B) {
	e := room.Event{Kind: room.Said, RoomName: "#lobby", Who: "ana", Text: strings.Repeat("sixteen bytes...", 4), ID: 57024000<<34 + 42}
	dst := make([]byte, 0, 256)
	b.ReportAllocs()
	for b.Loop() {
		dst = (Dialect{}).Append(dst[:0], &e, dialect.Reader{Here: true, IDs: true})
	}
}

func BenchmarkAppendSaidInColours(b *testing.B) {
	e := room.Event{Kind: room.Said, RoomName: "#lobby", Who: "ana", Text: strings.Repeat("\x02sixteen\x0f bytes...", 4)}
	dst := make([]byte, 0, 256)
	b.ReportAllocs()
	for b.Loop() {
		dst = (Dialect{}).Append(dst[:0], &e, dialect.Reader{Here: true})
	}
}

func BenchmarkAppendSaidInCyrillic(b *testing.B) {
	e := room.Event{Kind: room.Said, RoomName: "#lobby", Who: "ана", Text: strings.Repeat("восемь букв ", 4)}
	dst := make([]byte, 0, 256)
	b.ReportAllocs()
	for b.Loop() {
		dst = (Dialect{}).Append(dst[:0], &e, dialect.Reader{Here: true})
	}
}

func BenchmarkAppendEntered(b *testing.B) {
	e := room.Event{Kind: room.Entered, RoomName: "#lobby", Who: "ana", Count: 19412}
	dst := make([]byte, 0, 256)
	b.ReportAllocs()
	for b.Loop() {
		dst = (Dialect{}).Append(dst[:0], &e, dialect.Reader{Here: true})
	}
}

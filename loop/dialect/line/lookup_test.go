package line

import (
	"reflect"
	"strings"
	"testing"

	"looproom/loop/room"
)

const (
	id42       = room.MsgID(57024000<<34 + 42)
	whenWanted = " takes the id of a message such as 57024000-42, a day such as 2026-11-21, or a time such as 2026-11-21T09:30:00Z"
)

// looks is a command about what was said, with N for numbers only.
func looks(v room.Verb, name, words string, n int64, within *room.Look) room.Command {
	return room.Command{Verb: v, Name: name, Text: words, N: n, Look: within}
}

// TestParseOfLooks has what bounds an answer, which is read from the end of a line.
func TestParseOfLooks(t *testing.T) {
	const none = room.None
	tests := []struct {
		frame string
		want  room.Command
	}{
		{"HISTORY", looks(room.History, "", "", none, nil)},
		{"/history ", looks(room.History, "", "", none, nil)},
		{"HISTORY 20", looks(room.History, "", "", 20, nil)},
		{"HISTORY #go", looks(room.History, "#go", "", none, nil)},
		{"HISTORY  #go \t 20 ", looks(room.History, "#go", "", 20, nil)},
		{"HISTORY bob", looks(room.History, "bob", "", none, nil)},
		{"HISTORY 7 20", looks(room.History, "7", "", 20, nil)},
		{"HISTORY [::1]:51234", looks(room.History, "[::1]:51234", "", none, nil)},
		{"HISTORY #go before 57024000-42", looks(room.History, "#go", "", none, &room.Look{Before: id42})},
		{"/history #go BEFORE 57024000-42 500", looks(room.History, "#go", "", 500, &room.Look{Before: id42})},
		{"HISTORY before 57024000-42 5", looks(room.History, "", "", 5, &room.Look{Before: id42})},
		{"HISTORY before 2026-11-21T09:30:00Z", looks(room.History, "", "", none, &room.Look{BeforeAt: 1000 * morning})},
		{"HISTORY before 2026-11-21T10:30:00.5+01:00", looks(room.History, "", "", none, &room.Look{BeforeAt: 1000*morning + 500})},
		{"HISTORY bob after 2026-11-21", looks(room.History, "bob", "", none, &room.Look{AfterAt: 1000 * (morning - 9*3600 - 30*60)})},
		{"HISTORY after 57024000-42 2", looks(room.History, "", "", 2, &room.Look{After: id42})},
		{"HISTORY after 0-0", looks(room.History, "", "", none, &room.Look{AfterAt: 1})},
		{"HISTORY before 0-0", looks(room.History, "", "", none, &room.Look{Before: 1})},
		{"HISTORY after 1970-01-01", looks(room.History, "", "", none, &room.Look{AfterAt: 1})},
		{"HISTORY before before 57024000-42", looks(room.History, "before", "", none, &room.Look{Before: id42})},
		{"HISTORY 99999999999999999999", looks(room.History, "99999999999999999999", "", none, nil)},
		{"HISTORY before", badArgument("HISTORY before" + whenWanted)},
		{"HISTORY #go After", badArgument("HISTORY after" + whenWanted)},
		{"HISTORY #go before 10", badArgument("HISTORY before" + whenWanted)},
		{"HISTORY #go before yesterday 10", badArgument("HISTORY before" + whenWanted)},
		{"HISTORY before 57024000-042", badArgument("HISTORY before" + whenWanted)},
		{"HISTORY before 2026-11-31", badArgument("HISTORY before" + whenWanted)},
		{"HISTORY before 2026-11-21T9:30:00Z", badArgument("HISTORY before" + whenWanted)},
		{"HISTORY before 2026-11-21T09:30:00", badArgument("HISTORY before" + whenWanted)},
		{"HISTORY before 2026-11-21T09:30:00,5Z", badArgument("HISTORY before" + whenWanted)},
		{"HISTORY repeats itself", badArgument("HISTORY takes a room or a name, before or after a message or a time, and a number; say it with TEXT HISTORY ...")},
		{"HISTORY #go #rust before 57024000-42", badArgument("HISTORY takes a room or a name, before or after a message or a time, and a number; say it with TEXT HISTORY ...")},

		{"SEARCH hello", looks(room.Search, "", "hello", none, &room.Look{})},
		{"/search  hello  there ", looks(room.Search, "", "hello  there", none, &room.Look{})},
		{"SEARCH hello 5", looks(room.Search, "", "hello", 5, &room.Look{})},
		{"SEARCH hello 100", looks(room.Search, "", "hello", 100, &room.Look{})},
		{"SEARCH hello 2026", looks(room.Search, "", "hello 2026", none, &room.Look{})},
		{"SEARCH 404", looks(room.Search, "", "404", none, &room.Look{})},
		{"SEARCH 404 5", looks(room.Search, "", "404", 5, &room.Look{})},
		{"SEARCH 404 in #go", looks(room.Search, "#go", "404", none, &room.Look{})},
		{`SEARCH "error 404"`, looks(room.Search, "", `"error 404"`, none, &room.Look{})},
		{`SEARCH "error 404" 5`, looks(room.Search, "", `"error 404"`, 5, &room.Look{})},
		{`SEARCH "404" 5`, looks(room.Search, "", `"404"`, 5, &room.Look{})},
		{"SEARCH hello in #go", looks(room.Search, "#go", "hello", none, &room.Look{})},
		{"SEARCH hello in bob 7", looks(room.Search, "bob", "hello", 7, &room.Look{})},
		{"SEARCH hello By ana", looks(room.Search, "", "hello", none, &room.Look{By: "ana"})},
		{"SEARCH hello there in #go by ana before 57024000-42 50", looks(room.Search, "#go", "hello there", 50, &room.Look{By: "ana", Before: id42})},
		{"SEARCH hello before 2026-11-21T09:30:00Z by ana in #go", looks(room.Search, "#go", "hello", none, &room.Look{By: "ana", BeforeAt: 1000 * morning})},
		{"SEARCH by ana by bob", looks(room.Search, "", "by ana", none, &room.Look{By: "bob"})},
		{"SEARCH stand by me", looks(room.Search, "", "stand", none, &room.Look{By: "me"})},
		{`SEARCH "stand by me"`, looks(room.Search, "", `"stand by me"`, none, &room.Look{})},
		{`SEARCH "stand by me" by ben`, looks(room.Search, "", `"stand by me"`, none, &room.Look{By: "ben"})},
		{"SEARCH “stand by me”", looks(room.Search, "", "“stand by me”", none, &room.Look{})},
		{"SEARCH “stand by me” by ben 5", looks(room.Search, "", "“stand by me”", 5, &room.Look{By: "ben"})},
		{`SEARCH 5" disks in #go`, looks(room.Search, "#go", `5" disks`, none, &room.Look{})},
		{"SEARCH come in and sit by the fire", looks(room.Search, "", "come in and sit by the fire", none, &room.Look{})},
		{"SEARCH log in", looks(room.Search, "", "log in", none, &room.Look{})},
		{"SEARCH the day before", looks(room.Search, "", "the day before", none, &room.Look{})},
		{"SEARCH pass opensesame", looks(room.Search, "", "pass opensesame", none, &room.Look{})},
		{"SEARCH \x02he\x0fllo", looks(room.Search, "", "hello", none, &room.Look{})},
		{"SEARCH", badArgument("SEARCH needs words: SEARCH words")},
		{"SEARCH in #go", badArgument("SEARCH needs words: SEARCH words")},
		{"SEARCH by ana 5", badArgument("SEARCH needs words: SEARCH words")},
		{"SEARCH the day before yesterday", badArgument("SEARCH before" + whenWanted + "; words that stand in quotes are looked for")},

		{"EXPORT", looks(room.Export, "", "", none, nil)},
		{"/export 5", looks(room.Export, "", "", 5, nil)},
		{"EXPORT after 57024000-42", looks(room.Export, "", "", none, &room.Look{After: id42})},
		{"EXPORT after 2026-11-21T09:30:00Z 500", looks(room.Export, "", "", 500, &room.Look{AfterAt: 1000 * morning})},
		{"EXPORT after", badArgument("EXPORT after" + whenWanted)},
		{"EXPORT #go", badArgument("EXPORT takes after, with a message or a time, and a number; say it with TEXT EXPORT ...")},
		{"EXPORT before 57024000-42", badArgument("EXPORT takes after, with a message or a time, and a number; say it with TEXT EXPORT ...")},

		{"FORGET ME", command(room.Forget, "", "")},
		{"/forget me ", command(room.Forget, "", "")},
		{"FORGET", badArgument("FORGET takes ME, and then all that you have said is gone, and your account; say it with TEXT FORGET ...")},
		{"FORGET ME NOT", badArgument("FORGET takes ME, and then all that you have said is gone, and your account; say it with TEXT FORGET ...")},
		{"FORGET it", badArgument("FORGET takes ME, and then all that you have said is gone, and your account; say it with TEXT FORGET ...")},
		{"ROOM CLEAR", room.Command{Verb: room.ClearRoom, N: none}},
		{"/room #go clear", room.Command{Verb: room.ClearRoom, Room: "#go", N: none}},
		{"ROOM CLEAR all", badArgument("ROOM CLEAR takes nothing; say it with TEXT ROOM CLEAR ...")},
	}
	for _, tt := range tests {
		got, want := used, tt.want
		want.Client, want.At, want.Wall = used.Client, used.At, used.Wall
		got.Look = &room.Look{By: "old", Before: 7}
		(Dialect{}).Parse([]byte(tt.frame), &got)
		if !reflect.DeepEqual(got, want) {
			t.Errorf("Parse(%q) = %+v with %+v, want %+v with %+v", tt.frame, got, got.Look, want, want.Look)
		}
	}
}

// FuzzParseOfLooks: what is looked for, and within what, are words of the line, and no complaint repeats any of them.
func FuzzParseOfLooks(f *testing.F) {
	f.Add("SEARCH ", `"stand by me" in #go by ana before 57024000-42 5`)
	f.Add("HISTORY ", "#go after 2026-11-21T09:30:00Z 500")
	f.Add("EXPORT ", "after 57024000-42")
	f.Add("SEARCH ", "“\xe2\x80 by \x9d in")
	f.Fuzz(func(t *testing.T, verb, args string) {
		if verb != "SEARCH " && verb != "HISTORY " && verb != "EXPORT " {
			t.Skip()
		}
		cmd := used
		(Dialect{}).Parse([]byte(verb+args), &cmd)
		if cmd.Verb == room.Refuse {
			if again := used; !(Dialect{}).Parse([]byte(verb+"secretword "+args+" secretword"), &again) || strings.Contains(again.Text, "secretword") && again.Verb == room.Refuse {
				t.Errorf("the complaint of %q repeats it: %q", verb+args, again.Text)
			}
			return
		}
		line := clean(verb + args)
		if !strings.Contains(line, cmd.Text) || !strings.Contains(line, cmd.Name) || cmd.Look != nil && !strings.Contains(line, cmd.Look.By) {
			t.Errorf("Parse(%q) = %+v with %+v, want parts of the line", verb+args, cmd, cmd.Look)
		}
		if l := cmd.Look; l != nil && (l.Before != 0 && l.BeforeAt != 0 || l.After != 0 && l.AfterAt != 0 || cmd.N < room.None) {
			t.Errorf("Parse(%q) has the bounds %+v, want one", verb+args, l)
		}
	})
}

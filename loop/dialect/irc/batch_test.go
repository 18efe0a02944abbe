package irc

import (
	"strings"
	"testing"
	"unicode/utf8"

	"looproom/codec/plain"
	"looproom/loop/room"
)

// newSpeaker is a client that may say several lines at once. It says a line, and returns what it is answered, and the last message that the room is told.
func newSpeaker() (c *Client, say func(line string) (answer string, said *room.Command)) {
	c = NewClient(func() *Server { return &Server{Name: "irc.example"} }, Conn{Host: "h"})
	c.nick, c.user, c.set = "ann", "a", multiline.bit()|batches.bit()|messageTags.bit()
	return c, func(line string) (answer string, said *room.Command) {
		c.Hear([]byte(line), func(cmd *room.Command) {
			if cmd.Verb == room.Tell {
				one := *cmd
				said = &one
			}
			answer += string(c.Append(nil, &room.Event{Kind: room.Answered, Tag: cmd.Tag}))
		})
		return answer, said
	}
}

// IRCv3 draft/multiline, "Batch types" and "Errors".
func TestBatchBounds(t *testing.T) {
	fill := strings.Repeat("x", 400)
	rows := []struct {
		name  string
		lines []string // what stands behind PRIVMSG #c :, with a ; in front where it is joined
		want  string   // the message, or with an ! in front the code of the error
	}{
		{"as many lines as may be", slicesOf("a", maxMultilineLines), strings.TrimSuffix(strings.Repeat("a\n", maxMultilineLines), "\n")},
		{"one more", slicesOf("a", maxMultilineLines+1), "!MULTILINE_MAX_LINES 32"},
		{"as many bytes as may be", append(slicesOf(fill, 10), strings.Repeat("x", maxMultilineBytes-10*401)), strings.Repeat(fill+"\n", 10) + strings.Repeat("x", maxMultilineBytes-10*401)},
		{"one more byte", append(slicesOf(fill, 10), strings.Repeat("x", maxMultilineBytes-10*401+1)), "!MULTILINE_MAX_BYTES 4096"},
		{"joined, as many bytes as may be", append(slicesOf(";"+fill, 10), ";"+strings.Repeat("x", maxMultilineBytes-10*400)), strings.Repeat("x", maxMultilineBytes)},
		{"empty lines", []string{"", "a", "", ""}, "\na\n\n"},
		{"nothing else", []string{"", "", " "}, "!MULTILINE_INVALID"},
	}
	for _, row := range rows {
		_, say := newSpeaker()
		say("BATCH +1 draft/multiline #c")
		var answers string
		for _, line := range row.lines {
			line, joined := strings.CutPrefix(line, ";")
			tags := "@batch=1"
			if joined {
				tags += ";draft/multiline-concat"
			}
			answer, said := say(tags + " PRIVMSG #c :" + line)
			if answers += answer; said != nil {
				t.Errorf("%s: %q is said by itself", row.name, said.Text)
			}
		}
		answer, said := say("BATCH -1")
		answers += answer
		switch code, fails := strings.CutPrefix(row.want, "!"); {
		case fails && (said != nil || !strings.HasPrefix(answers, ":irc.example FAIL BATCH "+code) || strings.Count(answers, "\n") != 1):
			t.Errorf("%s: %q, %v; want one FAIL %s", row.name, answers, said, code)
		case !fails && (said == nil || said.Text != row.want || answers != ""):
			t.Errorf("%s: %q, %+v; want %q", row.name, answers, said, row.want)
		}
	}
}

func slicesOf(one string, n int) (all []string) {
	for range n {
		all = append(all, one)
	}
	return all
}

// A line that was not read may be one of the batch, which then is not said with a hole in it.
func TestBatchThatLacksALine(t *testing.T) {
	for _, line := range []string{"@batch=1 PRIVMSG #c :gr\xfc\xdfe", "@batch=1 PRIVMSG #c :" + strings.Repeat("x", 500)} {
		_, say := newSpeaker()
		say("BATCH +1 draft/multiline #c")
		say("@batch=1 PRIVMSG #c :a")
		if answer, _ := say(line); !strings.Contains(answer, "INVALID_UTF8") && !strings.Contains(answer, " 417 ") {
			t.Errorf("%q: %q", line, answer)
		}
		if answer, said := say("BATCH -1"); said != nil || !strings.HasPrefix(answer, ":irc.example FAIL BATCH MULTILINE_INVALID ") {
			t.Errorf("behind %q: %q, %+v; want MULTILINE_INVALID", line, answer, said)
		}
	}
}

// A batch that is left open ends, and what else comes of it is not said.
func TestBatchThatIsLeftOpen(t *testing.T) {
	c, say := newSpeaker()
	if c.Opens() != 0 {
		t.Error("a batch is open at the beginning")
	}
	say("BATCH +1 draft/multiline #c")
	begun := c.Opens()
	say("PING x")
	if begun == 0 || c.Opens() != begun {
		t.Errorf("%d, and %d behind PING; want the same number, not 0", begun, c.Opens())
	}
	if say("@batch=1 PRIVMSG #c :a"); c.Opens() == begun {
		t.Error("a line changes nothing")
	}
	told := ""
	c.Expire(func(cmd *room.Command) { told += string(c.Append(nil, &room.Event{Kind: room.Answered, Tag: cmd.Tag})) })
	if want := ":irc.example FAIL BATCH TIMEOUT 1 :The batch was left open for too long\r\n"; told != want || c.Opens() != 0 {
		t.Errorf("%q, open %d; want %q", told, c.Opens(), want)
	}
	for _, line := range []string{"@batch=1 PRIVMSG #c :b", "BATCH -1"} {
		if answer, said := say(line); said != nil || !strings.HasPrefix(answer, ":irc.example FAIL BATCH MULTILINE_INVALID ") {
			t.Errorf("%q: %q, %+v", line, answer, said)
		}
	}
}

// A message of any text is put together again from the batch of who knows that, and comes line by line to others. Nothing in it ends a line.
func FuzzMultiline(f *testing.F) {
	f.Add("hello\nhow is everyone?\n\n:)", "bob", "#c")
	f.Add("hello\nveryone :\n:)", "bob", "#c")
	f.Add("a"+strings.Repeat("\x00", 2000)+"\nb", "bob", "#c")
	f.Add(strings.Repeat("several words ", 100)+"\n"+strings.Repeat("ä", 400)+"\n\n", "bob", "#c")
	f.Add("\n\r\n\x00\x01ACTION a\x01\n \n\x02\n", "", "")
	f.Add("BATCH -m0-0\n:irc.example BATCH -m0-0\n@batch=m0-0", strings.Repeat("ä", 300), strings.Repeat("#", 100))
	f.Fuzz(func(t *testing.T, text, who, to string) {
		if !utf8.ValidString(text) || !utf8.ValidString(who) || !utf8.ValidString(to) || len(to) > 100 {
			return
		}
		e := room.Event{Kind: room.Said, Who: who, RoomName: to, Text: text, ID: 42, At: 1, Tags: "+a=b"}
		alone := strings.SplitAfter(string(Append(nil, &e, AllTags, "irc.example")), "\r\n")
		batch := strings.SplitAfter(string(Append(nil, &e, AllTags|Multiline, "irc.example")), "\r\n")
		ids := 0
		for _, line := range alone[:len(alone)-1] {
			if fault := faultOf([]byte(line)); fault != "" || !utf8.ValidString(line) {
				t.Fatalf("%q: %s", line, fault)
			}
			if m, _ := parse([]byte(strings.TrimSuffix(line, "\r\n"))); plain.IsSeveral(text) && m.params[len(m.params)-1] == "" {
				t.Fatalf("%q says nothing", line)
			}
			if strings.Contains(tagsOf(line), "msgid=") {
				ids++
			}
		}
		if ids > 1 {
			t.Fatalf("%q has %d ids", alone, ids)
		}
		batch = batch[:len(batch)-1]
		for _, line := range batch {
			if fault := faultOf([]byte(line)); fault != "" || !utf8.ValidString(line) {
				t.Fatalf("%q: %s", line, fault)
			}
		}
		if len(batch) < 3 || !isOneBatch([]byte(strings.Join(batch, ""))) {
			if plain.IsSeveral(text) && len(text) <= maxMultilineBytes {
				t.Fatalf("%q is no batch", batch)
			}
			return
		}
		again := ""
		for i, line := range batch[1 : len(batch)-1] {
			m, _ := parse([]byte(strings.TrimSuffix(line, "\r\n")))
			_, joined := m.tag(concatTag)
			ref, _ := m.tag("batch")
			if m.command != "PRIVMSG" || ref != "m0-42" || joined && m.params[1] == "" {
				t.Fatalf("%q in %q", line, batch)
			}
			if i > 0 && !joined {
				again += "\n"
			}
			again += m.params[1]
		}
		if want := strings.NewReplacer("\r", "", "\x00", "").Replace(text); again != want {
			t.Fatalf("%q is read as %q, want %q", batch, again, want)
		}
	})
}

func tagsOf(line string) string {
	tags, _, _ := strings.Cut(line, " ")
	return tags
}

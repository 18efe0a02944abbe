package irc

import (
	"bytes"
	"strings"
	"testing"
	"unicode/utf8"
)

func newWriter() writer { return writer{nick: "ann", server: "irc.example"} }

// Modern IRC, "Message Format" and "Numeric Replies".
func TestWriter(t *testing.T) {
	rows := []struct {
		name  string
		write func(w *writer)
		want  string
	}{
		{"a numeric", func(w *writer) { w.numeric(1, "Welcome") }, ":irc.example 001 ann :Welcome"},
		{"a numeric with parameters", func(w *writer) { w.numeric(433, "bob", "Nickname is already in use") }, ":irc.example 433 ann bob :Nickname is already in use"},
		{"before there is a nick", func(w *writer) { w.nick = ""; w.numeric(451, "You have not registered") }, ":irc.example 451 * :You have not registered"},
		{"a numeric without parameters", func(w *writer) { w.numeric(315) }, ":irc.example 315 ann"},
		{"from the server", func(w *writer) { w.send("PONG", "irc.example", "x y") }, ":irc.example PONG irc.example :x y"},
		{"from somebody", func(w *writer) { w.from("bob", "b", "10.0.0.1"); w.send("PRIVMSG", "#c", "hi") }, ":bob!b@10.0.0.1 PRIVMSG #c :hi"},
		{"no words", func(w *writer) { w.from("bob", "b", "h"); w.bare("JOIN", "#c") }, ":bob!b@h JOIN #c"},
		{"empty words", func(w *writer) { w.send("CAP", "*", "LIST", "") }, ":irc.example CAP * LIST :"},
		{"no parameter", func(w *writer) { w.send("X") }, ":irc.example X"},
		{"an action", func(w *writer) { w.from("bob", "b", "h"); w.action("PRIVMSG", "#c", "waves") }, ":bob!b@h PRIVMSG #c :\x01ACTION waves\x01"},
		{"a tag", func(w *writer) { w.tag("label", "a;b c"); w.send("ACK") }, `@label=a\:b\sc :irc.example ACK`},
		{"a tag without a value", func(w *writer) { w.tag("bot", ""); w.send("ACK") }, `@bot :irc.example ACK`},
		{"the time", func(w *writer) { w.time(1318351251620); w.send("ACK") }, "@time=2011-10-11T16:40:51.620Z :irc.example ACK"},
		{"the time before 1970", func(w *writer) { w.time(-1); w.send("ACK") }, "@time=1969-12-31T23:59:59.999Z :irc.example ACK"},
		{"all tags", func(w *writer) {
			w.time(0)
			w.tag("account", "bob")
			w.clientTags("+a=1;+b")
			w.from("bob", "b", "h")
			w.send("TAGMSG", "#c")
		}, "@time=1970-01-01T00:00:00.000Z;account=bob;+a=1;+b :bob!b@h TAGMSG :#c"},
		{"no client tags", func(w *writer) { w.clientTags(""); w.send("ACK") }, ":irc.example ACK"},
		{"two lines", func(w *writer) { w.from("bob", "b", "h"); w.bare("JOIN", "#c"); w.numeric(366, "#c", "End") }, ":bob!b@h JOIN #c\r\n:irc.example 366 ann #c :End"},
		{"what ends lines", func(w *writer) { w.from("b\ro", "u\n", "h\x00"); w.send("PRIVMSG", "#c\r\nQUIT", "a\r\nQUIT\x00 :b") }, ":bo!u@h PRIVMSG #cQUIT :aQUIT :b"},
		{"spaces in the middle", func(w *writer) { w.from("b o", "u v", "h i"); w.send("KICK", "a b", "c") }, ":b_o!u_v@h_i KICK a_b :c"},
		{"colons in front", func(w *writer) { w.from("bob", "b", "::1"); w.send("WHO", ":x", "a:b", ":)") }, ":bob!b@0::1 WHO 0:x a:b ::)"},
		{"a colon behind what is dropped", func(w *writer) { w.send("WHO", "\r:x", "c") }, ":irc.example WHO 0:x :c"},
		{"nothing in the middle", func(w *writer) { w.from("", "", ""); w.send("WHO", "", "\n", "c") }, ":*!*@* WHO * * :c"},
		{"formatting", func(w *writer) { w.send("PRIVMSG", "#c", "\x02b\x0304,12c\x0f\x1d") }, ":irc.example PRIVMSG #c :\x02b\x0304,12c\x0f\x1d"},
		{"client tags that would break the line", func(w *writer) { w.clientTags("+a=b\r\nQUIT x"); w.send("ACK") }, "@+a=bQUIT_x :irc.example ACK"},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			w := newWriter()
			if row.write(&w); string(w.dst) != row.want+"\r\n" {
				t.Errorf("%q, want %q", w.dst, row.want)
			}
		})
	}
}

// Modern IRC, "Message Format": 512 bytes with CRLF, and no character in pieces.
func TestWriterCuts(t *testing.T) {
	head := ":bob!b@h PRIVMSG #c :"
	for pad := range 5 {
		w := newWriter()
		w.from("bob", "b", "h")
		room := w.room("PRIVMSG", "#c")
		if room != maxRest-len(head) || len(w.dst) != 0 {
			t.Fatalf("room for %d, %q is left; want %d", room, w.dst, maxRest-len(head))
		}
		words := strings.Repeat("a", room-pad)
		w.from("bob", "b", "h")
		w.send("PRIVMSG", "#c", words+"😀")
		want := head + words
		if pad == utf8.UTFMax {
			want += "😀"
		}
		if string(w.dst) != want+"\r\n" {
			t.Errorf("%d bytes from the end: %q, want %q", pad, w.dst, want)
		}
	}
}

func TestWriterCutsActionInside(t *testing.T) {
	w := newWriter()
	w.from("bob", "b", "h")
	room := w.room("PRIVMSG", "#c") - actionRoom
	w.from("bob", "b", "h")
	w.action("PRIVMSG", "#c", strings.Repeat("a", room)+"b")
	if want := ":bob!b@h PRIVMSG #c :\x01ACTION " + strings.Repeat("a", room) + "\x01\r\n"; string(w.dst) != want || len(want) != 512 {
		t.Errorf("%q, want %q", w.dst, want)
	}
}

// IRCv3 message-tags, "Size limit".
func TestWriterTagLimit(t *testing.T) {
	long := strings.Repeat("a", maxTagData-len("k="))
	client := "+" + strings.Repeat("b", maxTagData-1)
	w := newWriter()
	w.tag("k", long)
	w.tag("more", "")
	w.clientTags(client)
	w.send("ACK")
	want := "@k=" + long + ";" + client + " "
	if got, _, _ := strings.Cut(string(w.dst), ":"); got != want || len(want) != 8191 {
		t.Errorf("%d bytes of tags, want %d of them, and no tag more", len(got), len(want))
	}
	w = newWriter()
	w.tag("k", long+"a")
	w.clientTags(client + "b")
	w.send("ACK")
	if string(w.dst) != ":irc.example ACK\r\n" {
		t.Errorf("tags that don't fit: %.100q", w.dst)
	}
}

func TestWriterNoAllocs(t *testing.T) {
	dst := make([]byte, 0, 4096)
	allocs := testing.AllocsPerRun(100, func() {
		w := writer{dst: dst[:0], nick: "ann", server: "irc.example"}
		w.time(1318351251620)
		w.tag("msgid", "abc")
		w.clientTags("+a=b")
		w.from("bob", "b", "10.0.0.1")
		w.send("PRIVMSG", "#c", "hello there")
		w.from("bob", "b", "10.0.0.1")
		room := w.room("PRIVMSG", "#c")
		for piece := range splitWords("hello there", room) {
			w.action("PRIVMSG", "#c", piece)
		}
		w.numeric(366, "#c", "End of /NAMES list")
	})
	if allocs != 0 {
		t.Errorf("%v allocations for a few lines, want none", allocs)
	}
}

func FuzzWriter(f *testing.F) {
	f.Add("bob", "b", "::1", "#c", "hello there", "+a=b", "x;y")
	f.Add("", "", "", "", "", "", "")
	f.Add(":\r", "\x00", "\n", " :", "😀\xff", "\r\n ", ";\n")
	f.Add(strings.Repeat("ä", 300), strings.Repeat("u", 600), strings.Repeat("😀", 600), strings.Repeat(":", 600), strings.Repeat(" ", 600), strings.Repeat("+", 4100), strings.Repeat(";", 3000))
	f.Fuzz(func(t *testing.T, nick, user, host, middle, words, tags, value string) {
		valid := true
		for _, s := range []string{nick, user, host, middle, words, tags, value} {
			valid = valid && utf8.ValidString(s)
		}
		w := writer{nick: nick, server: host}
		check := func(what string) {
			t.Helper()
			if err := faultOf(w.dst); err != "" || valid && !utf8.Valid(w.dst) {
				t.Fatalf("%s is %q: %s", what, w.dst, err)
			}
			w.dst = w.dst[:0]
		}
		w.tag("k", value)
		w.clientTags(tags)
		w.from(nick, user, host)
		w.send(middle, middle, middle, words)
		check("send")
		w.time(int64(len(words)))
		w.from(nick, user, host)
		w.bare(middle, words, words)
		check("bare")
		w.clientTags(tags)
		w.action(middle, middle, words)
		check("action")
		w.numeric(len(words)%1000, middle, words, words)
		check("numeric")
		w.tag("k", value)
		w.from(nick, user, host)
		if room := w.room("PRIVMSG", middle); room > maxRest || room < 0 || len(w.dst) != 0 {
			t.Fatalf("room for %d, %q is left", room, w.dst)
		}
	})
}

// faultOf says what is wrong with bytes that should be one line, as a client takes it.
func faultOf(line []byte) string {
	inside, whole := bytes.CutSuffix(line, []byte("\r\n"))
	rest := line
	switch tags, behind, has := bytes.Cut(line, []byte(" ")); {
	case !whole:
		return "no CRLF"
	case bytes.ContainsAny(inside, "\x00\r\n"):
		return "more than one line"
	case line[0] == '@' && (!has || len(tags)+1 > 8191):
		return "too many tags"
	case line[0] == '@':
		rest = behind
	}
	switch {
	case len(rest) > 512:
		return "too long"
	case rest[0] != ':' || len(bytes.Fields(rest)) < 2 && !bytes.Contains(rest, []byte(" ")):
		return "no source, or no command"
	}
	return ""
}

package irc

import (
	"bytes"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

// Modern IRC, "Message Format", and RFC 2812 section 2.3.1.
func TestParse(t *testing.T) {
	fifteen := strings.Fields("a b c d e f g h i j k l m n")
	rows := []struct {
		name, line, tags, command string
		params                    []string
	}{
		{"a command alone", "QUIT", "", "QUIT", nil},
		{"in any case", "pRiVmSg ann hi", "", "PRIVMSG", []string{"ann", "hi"}},
		{"words behind a colon", "PRIVMSG #c :hello there", "", "PRIVMSG", []string{"#c", "hello there"}},
		{"words that begin with a colon", "PRIVMSG #c ::)", "", "PRIVMSG", []string{"#c", ":)"}},
		{"a colon inside of a word", "PRIVMSG #c a:b", "", "PRIVMSG", []string{"#c", "a:b"}},
		{"an empty last one", "TOPIC #c :", "", "TOPIC", []string{"#c", ""}},
		{"runs of spaces are one", "  JOIN   #a   key ", "", "JOIN", []string{"#a", "key"}},
		{"spaces in words stay", "PRIVMSG #c :  two  ", "", "PRIVMSG", []string{"#c", "  two  "}},
		{"a source is skipped", ":who!is@this  NICK ann", "", "NICK", []string{"ann"}},
		{"tags and a source", "@a=b;c :me PING x", "a=b;c", "PING", []string{"x"}},
		{"spaces behind tags", "@a   PING x", "a", "PING", []string{"x"}},
		{"an empty line", "", "", "", nil},
		{"nothing but spaces", "   ", "", "", nil},
		{"nothing but tags", "@a=b", "a=b", "", nil},
		{"nothing but a source", ":me", "", "", nil},
		{"the fifteenth takes the rest", "X a b c d e f g h i j k l m n o p q", "", "X", append(fifteen, "o p q")},
		{"the fifteenth behind a colon", "X a b c d e f g h i j k l m n :o p", "", "X", append(fifteen[:14:14], "o p")},
		{"NUL, CR and LF are dropped", "PRIV\x00MSG #c :a\rQUIT\nb\x00", "", "PRIVMSG", []string{"#c", "aQUITb"}},
		{"a parameter of NUL alone is none", "A \x00 b", "", "A", []string{"b"}},
		{"control characters stay", "PRIVMSG #c :\x01ACTION \x02waves\x02\x01", "", "PRIVMSG", []string{"#c", "\x01ACTION \x02waves\x02\x01"}},
		{"only ASCII has capitals", "über", "", "üBER", nil},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			m, why := parse([]byte(row.line))
			if why != noFault || string(m.tags) != row.tags || m.command != row.command || !slices.Equal(m.params, row.params) || !m.utf8 {
				t.Errorf("parse(%q) = %q %q %q, fault %d, UTF-8 %v; want %q %q %q", row.line, m.tags, m.command, m.params, why, m.utf8, row.tags, row.command, row.params)
			}
		})
	}
}

// IRCv3 message-tags, "Size limit", and Modern IRC, ERR_INPUTTOOLONG.
func TestParseTooLong(t *testing.T) {
	tags := func(n int) string { return "@" + strings.Repeat("a", n-2) + " " }
	rest := func(n int) string { return "A :" + strings.Repeat("b", n-3) }
	rows := []struct {
		name, line string
		why        fault
	}{
		{"the longest line", rest(510), noFault},
		{"a byte more", rest(511), tooLong},
		{"the longest tags and line", tags(4096) + rest(510), noFault},
		{"tags of a byte more", tags(4097) + rest(10), tooLong},
		{"a byte more behind tags", tags(10) + rest(511), tooLong},
		{"tags alone", strings.TrimSuffix(tags(4097), " "), tooLong},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			m, why := parse([]byte(row.line))
			if why != row.why || (why == tooLong) != (m.command == "") {
				t.Errorf("fault %d with command %q, want fault %d", why, m.command, row.why)
			}
		})
	}
}

// IRCv3 utf8only.
func TestParseNotUTF8(t *testing.T) {
	rows := []struct {
		line string
		want bool
	}{
		{"PRIVMSG #c :gr\xfc\xdf", false},
		{"PRIVMSG \xff :hi", false},
		{"PRIVMSG #c :grüß", true},
		{":\xff PRIVMSG #c :hi", true},
		{"@+a=\xff PRIVMSG #c :hi", true},
	}
	for _, row := range rows {
		if m, _ := parse([]byte(row.line)); m.utf8 != row.want {
			t.Errorf("parse(%q) says of UTF-8 %v, want %v", row.line, m.utf8, row.want)
		}
	}
}

// print is a line that reads as m, and is no longer than the one that m was.
func print(m message) []byte {
	var line []byte
	switch {
	case len(m.tags) > 0 || strings.HasPrefix(m.command, "@"):
		line = append(append(append(line, '@'), m.tags...), ' ')
	case m.command == "":
		return line
	}
	if strings.HasPrefix(m.command, ":") {
		line = append(line, ": "...)
	}
	line = append(line, m.command...)
	for i, p := range m.params {
		line = append(line, ' ')
		if p == "" || p[0] == ':' || p[0] == ' ' || i < maxParams-1 && strings.Contains(p, " ") {
			line = append(line, ':')
		}
		line = append(line, p...)
	}
	return line
}

func FuzzParse(f *testing.F) {
	for _, line := range []string{
		"@a=b;+c=\\: :me PRIVMSG #c :hello there", "X a b c d e f g h i j k l m n o p q", " @x y", ": :x", "@ @x", "@;;=;+ a", "A \x00 b", "a\r\nb", "PRIVMSG #c :gr\xfc\xdf", "A ::", "A : ",
	} {
		f.Add([]byte(line))
	}
	f.Fuzz(func(t *testing.T, line []byte) {
		m, why := parse(line)
		if why != noFault {
			if m.command != "" || len(line) <= maxRest {
				t.Fatalf("fault %d of %d bytes", why, len(line))
			}
			return
		}
		parts := append([]string{string(m.tags), m.command, m.clientTags()}, m.params...)
		for i, part := range parts {
			if strings.ContainsAny(part, "\x00\r\n") {
				t.Fatalf("part %d is %q", i, part)
			}
			if m.utf8 && i != 0 && !utf8.ValidString(part) {
				t.Fatalf("part %d is %q, not UTF-8", i, part)
			}
		}
		if strings.Contains(m.command, " ") || len(m.params) > maxParams || m.command == "" && len(m.params) > 0 {
			t.Fatalf("command %q, %d parameters", m.command, len(m.params))
		}
		again, why := parse(print(m))
		if why != noFault || !bytes.Equal(again.tags, m.tags) || again.command != m.command || !slices.Equal(again.params, m.params) || again.utf8 != m.utf8 {
			t.Fatalf("%q is printed as %q, which reads %q %q %q, fault %d; want %q %q %q", line, print(m), again.tags, again.command, again.params, why, m.tags, m.command, m.params)
		}
		relayed, _ := parse(append(append([]byte{'@'}, m.clientTags()...), " A"...))
		if relayed.clientTags() != m.clientTags() {
			t.Fatalf("relayed tags %q read %q", m.clientTags(), relayed.clientTags())
		}
	})
}

package irc

import (
	"fmt"
	"strings"
	"testing"
)

// IRCv3 message-tags, "Escaping values".
var escapes = []struct{ value, escaped string }{
	{"", ""},
	{"plain", "plain"},
	{"a;b", `a\:b`},
	{"a b", `a\sb`},
	{`a\b`, `a\\b`},
	{"a\rb\n", `a\rb\n`},
	{`\:`, `\\:`},
	{"grüß=1", "grüß=1"},
}

func TestEscapedTag(t *testing.T) {
	for _, row := range escapes {
		if got := string(appendEscaped(nil, row.value)); got != row.escaped {
			t.Errorf("%q is escaped as %q, want %q", row.value, got, row.escaped)
		}
		if got := unescapeTag(row.escaped); got != row.value {
			t.Errorf("%q means %q, want %q", row.escaped, got, row.value)
		}
	}
	for escaped, want := range map[string]string{`a\b`: "ab", `a\`: "a", `\`: "", `\\\`: `\`} {
		if got := unescapeTag(escaped); got != want {
			t.Errorf("%q means %q, want %q", escaped, got, want)
		}
	}
	if got := string(appendEscaped(nil, "a\x00b")); got != "ab" {
		t.Errorf("NUL is escaped as %q", got)
	}
}

func TestTag(t *testing.T) {
	rows := []struct {
		tags, name, value string
		has               bool
	}{
		{"label=a", "label", "a", true},
		{"time=x;label=a\\sb", "label", "a b", true},
		{"label=a;label=b", "label", "b", true},
		{"label", "label", "", true},
		{"label=", "label", "", true},
		{"labels=a;+label=b", "label", "", false},
		{"label=a=b", "label", "a=b", true},
		{"", "", "", false},
	}
	for _, row := range rows {
		m, _ := parse([]byte("@" + row.tags + " PING x"))
		if value, has := m.tag(row.name); value != row.value || has != row.has {
			t.Errorf("%q of %q is %q, %v; want %q, %v", row.name, row.tags, value, has, row.value, row.has)
		}
	}
}

// IRCv3 message-tags, "Client-only tags" and the format of keys.
func TestClientTags(t *testing.T) {
	many := func(n int) string {
		var all []string
		for i := range n {
			all = append(all, fmt.Sprintf("+t%d", i))
		}
		return strings.Join(all, ";")
	}
	rows := []struct{ name, tags, want string }{
		{"only those with +", "label=1;+typing=active;time=2", "+typing=active"},
		{"in their order", "+b=1;+a=2", "+b=1;+a=2"},
		{"of a vendor", "+draft/reply=abc;+example.com/foo-bar=1", "+draft/reply=abc;+example.com/foo-bar=1"},
		{"no value and an empty one are the same", "+a;+b=", "+a;+b"},
		{"the last value, once", "+a=1;+b;+a=2", "+a=2;+b"},
		{"values stay escaped", `+a=x\:y\sz`, `+a=x\:y\sz`},
		{"empty ones", ";;+a;;", "+a"},
		{"no name", "+=1;+/a;+a/;+a/b/c;+", ""},
		{"names of other signs", "+a_b;+ä;+a!b;+a.b", ""},
		{"a value that is no UTF-8", "+a=\xff;+b", "+b"},
		{"at most so many", many(maxClientTags + 5), many(maxClientTags)},
		{"none", "label=1", ""},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			m, _ := parse([]byte("@" + row.tags + " TAGMSG #c"))
			if got := m.clientTags(); got != row.want {
				t.Errorf("of %q are relayed %q, want %q", row.tags, got, row.want)
			}
		})
	}
}

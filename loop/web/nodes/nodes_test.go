package nodes

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

func TestCheck(t *testing.T) {
	for text, want := range map[string]string{
		"https://n1.chat.example":                "https://n1.chat.example",
		"https://N1.Chat.Example:443/":           "https://n1.chat.example",
		"http://10.0.0.1:8080":                   "http://10.0.0.1:8080",
		"http://[::1]:80":                        "http://[::1]",
		"http://localhost:443":                   "http://localhost:443",
		"":                                       "",
		"n1.chat.example":                        "",
		"wss://n1.chat.example":                  "",
		"https://":                               "",
		"https://:8443":                          "",
		"https://a:":                             "",
		"https://a/chat":                         "",
		"https://a?x":                            "",
		"https://a?":                             "",
		"https://a#x":                            "",
		"https://me:pass@a":                      "",
		"https://a; script-src *":                "",
		"https://a,b":                            "",
		"https://*.example":                      "",
		"https://a\r\nX: y":                      "",
		"https://dürer.example":                  "",
		"https://" + strings.Repeat("a", MaxURL): "",
	} {
		if got, err := Check(text); got != want || (err == nil) != (want != "") {
			t.Errorf("Check(%q) = %q, %v, want %q", text, got, err, want)
		}
	}
	if got := HostOf("http://[::1]:8080"); got != "::1" {
		t.Errorf("HostOf = %q, want ::1", got)
	}
}

// round has each of these ask all of them.
func round(all ...*List) {
	answers := map[string][]byte{}
	for _, l := range all {
		answers[l.name] = l.Tell()
	}
	for _, l := range all {
		l.Hear(answers)
	}
}

func TestListIsOfThoseWhoTakePart(t *testing.T) {
	n1, n2, n3 := New("n1", "https://n1"), New("n2", "http://n2:8080"), New("n3", "https://n3")
	expect := func(l *List, listed string, origins ...string) {
		t.Helper()
		v := l.View()
		if string(v.JSON) != listed+"\n" || !slices.Equal(v.Origins, origins) {
			t.Errorf("%s lists %s and knows %q, want %s and %q", l.name, v.JSON, v.Origins, listed, origins)
		}
	}
	var alone *List
	if got := string(alone.View().JSON); got != "[]\n" {
		t.Errorf("nobody lists %q, want an empty list", got)
	}
	alone.Leave()
	expect(n1, `[]`, "https://n1")
	n1.Enter()
	n2.Enter()
	round(n1, n2, n3)
	expect(n1, `["http://n2:8080","https://n1"]`, "http://n2:8080", "https://n1", "https://n3")
	if got, want := n1.View().Sources, " http://n2:8080 ws://n2:8080 https://n1 wss://n1 https://n3 wss://n3"; got != want {
		t.Errorf("pages may connect to %q, want %q", got, want)
	}
	n3.Enter()
	round(n1, n2, n3)
	expect(n1, `["http://n2:8080","https://n1","https://n3"]`, "http://n2:8080", "https://n1", "https://n3")

	n2.Leave() // which says so
	round(n1, n2, n3)
	expect(n1, `["https://n1","https://n3"]`, "http://n2:8080", "https://n1", "https://n3")
	n2.Enter()
	round(n1, n2, n3)
	round(n1, n3) // it doesn't answer once
	expect(n1, `["http://n2:8080","https://n1","https://n3"]`, "http://n2:8080", "https://n1", "https://n3")
	round(n1, n3)
	expect(n1, `["https://n1","https://n3"]`, "http://n2:8080", "https://n1", "https://n3")

	n1 = New("n1", "https://n1") // it was started again, and learns of n2 by n3
	n1.Enter()
	round(n1, n3)
	expect(n1, `["https://n1","https://n3"]`, "http://n2:8080", "https://n1", "https://n3")
	n2 = New("n2", "https://n2") // n2 as well, with another URL
	n2.Enter()
	round(n1, n2, n3)
	expect(n1, `["https://n1","https://n2","https://n3"]`, "https://n1", "https://n2", "https://n3")
}

func TestListTakesNoNonsense(t *testing.T) {
	l := New("n1", "https://n1")
	l.Enter()
	l.Hear(map[string][]byte{
		"n2": []byte("nonsense"), "n3": []byte(`{"here":true}`), "n4": []byte(`{"here":true,"known":{"n4":"https://n4; script-src *","n1":"https://evil","n5":"javascript:x"}}`), "n6": nil,
		"n1": []byte(`{"here":false,"known":{"n1":"https://evil"}}`),
	})
	if got := l.View(); string(got.JSON) != "[\"https://n1\"]\n" || got.Sources != " https://n1 wss://n1" {
		t.Errorf("lists %s and allows %q, want itself alone", got.JSON, got.Sources)
	}
	many := map[string][]byte{}
	for i := range 10 * maxNodes {
		name := fmt.Sprint("m", i)
		many[name] = New(name, "https://"+name).Tell()
	}
	l.Hear(many)
	if got := len(l.View().Origins); got != maxNodes {
		t.Errorf("knows %d nodes, want %d", got, maxNodes)
	}
	here := New("late", "https://late")
	here.Enter()
	l.Hear(map[string][]byte{"late": here.Tell()})
	if got := l.View(); string(got.JSON) != "[\"https://late\",\"https://n1\"]\n" || len(got.Origins) != maxNodes {
		t.Errorf("lists %s and knows %d, want the node that takes part in the place of one that doesn't", got.JSON, len(got.Origins))
	}
}

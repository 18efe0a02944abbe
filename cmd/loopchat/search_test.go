package main

import (
	"slices"
	"strings"
	"testing"
	"time"
)

func TestMarkHits(t *testing.T) {
	rows := []struct{ query, text, want string }{
		{"hello", "Hello, all; HELLO!", "<Hello>, all; <HELLO>!"},
		{"creme", "Crème brûlée and cremes", "<Crème> brûlée and cremes"},
		{"crème", "a creme", "a <creme>"},
		{"crem*", "Crème brûlée and cremes", "<Crème> brûlée and <cremes>"},
		{"日本", "日本 日本語", "<日本> 日本語"},
		{`"stand by me"`, "stand by  me, standby", "<stand> <by>  <me>, standby"},
		{"ана", "Ана и Анна", "<Ана> и Анна"},
		{"error 404", "error: 404, 4040", "<error>: <404>, 4040"},
		{"zero", "nothing", "nothing"},
		{"e\u0301te\u0301", "\u00e9t\u00e9", "<\u00e9t\u00e9>"},
		{"", "words", "words"},
	}
	on, off, _ := strings.Cut(hitStyle.Render("@"), "@")
	mark := strings.NewReplacer(on, "<", off, ">")
	for _, row := range rows {
		if got := mark.Replace(markHits(row.text, wantedWords(row.query))); got != row.want {
			t.Errorf("%q for %q = %q, want %q", row.text, row.query, got, row.want)
		}
	}
}

// TestSearchOf: what is looked for goes to the server as it was meant, on each page.
func TestSearchOf(t *testing.T) {
	rows := []struct{ args, first, next, words string }{
		{"hello", "/search hello 50", "/search hello before 1-7 50", "hello"},
		{"hello there 20", "/search hello there 20", "/search hello there before 1-7 20", "hello there"},
		{"hello 900", "/search hello 100", "/search hello before 1-7 100", "hello"},
		{"404", "/search 404 50", "/search 404 before 1-7 50", "404"},
		{`"error 404" by bob`, `/search "error 404" by bob 50`, `/search "error 404" by bob before 1-7 50`, "error 404"},
		{"log in in #go by ana", "/search log in in #go by ana 50", "/search log in in #go by ana before 1-7 50", "log in"},
		{"hi before 1-99 5", "/search hi before 1-99 5", "/search hi before 1-7 5", "hi"},
		{"hi before 2026-11-21", "/search hi before 2026-11-20T22:00:00Z 50", "/search hi before 1-7 50", "hi"},
		{"hi before 09:30", "/search hi before 2026-11-27T07:30:00Z 50", "/search hi before 1-7 50", "hi"},
		{"the day before", "/search the day before 50", "/search the day before before 1-7 50", "the day before"},
	}
	now := time.Date(2026, 11, 27, 12, 0, 0, 0, time.FixedZone("", 2*3600))
	for _, row := range rows {
		cmd, _ := understand("/search " + localTimesOf(row.args, now))
		s := searchOf(&cmd)
		if first, next := s.line(s.start), s.line("1-7"); first != row.first || next != row.next || !slices.Equal(s.words, strings.Fields(row.words)) {
			t.Errorf("%q: %q, then %q, for %q; want %q, %q and %q", row.args, first, next, s.words, row.first, row.next, row.words)
		}
		again, _ := understand(s.line("1-7"))
		if of := searchOf(&again); of.query != s.query || of.start != "1-7" {
			t.Errorf("%q: the next page is understood as %q before %q, want %q", row.args, of.query, of.start, s.query)
		}
	}
}

// TestPeriodOf: times are by the person's own clock.
func TestPeriodOf(t *testing.T) {
	now := time.Date(2026, 11, 27, 12, 0, 0, 0, time.FixedZone("", 2*3600))
	rows := []struct {
		args string
		want period
	}{
		{"", period{n: 50}},
		{"20", period{n: 20}},
		{"#go", period{where: "#go", n: 50}},
		{"bob 900", period{where: "bob", n: 500}},
		{"#go before 1-7 5", period{where: "#go", side: "before", mark: "1-7", n: 5}},
		{"After 2026-11-21", period{side: "after", mark: "2026-11-20T22:00:00Z", n: 50}},
		{"before 2026-11-21T09:30", period{side: "before", mark: "2026-11-21T07:30:00Z", n: 50}},
		{"before 09:30", period{side: "before", mark: "2026-11-27T07:30:00Z", n: 50}},
		{"before 2026-11-21T09:30:00+05:00 7", period{side: "before", mark: "2026-11-21T04:30:00Z", n: 7}},
		{"before yesterday", period{side: "before", n: 50, wrong: true}},
		{"before", period{where: "before", n: 50}},
		{"#go #rust", period{n: 50, wrong: true}},
	}
	for _, row := range rows {
		if got := periodOf(row.args, now); got != row.want {
			t.Errorf("periodOf(%q) = %+v, want %+v", row.args, got, row.want)
		}
	}
}

// TestSafe: a server that keeps nothing must not say aloud what it was asked.
func TestSafe(t *testing.T) {
	rows := [][2]string{
		{"HISTORY #go 5", "/HISTORY #go 5"}, {"SEARCH", "/SEARCH"}, {"FORGET ME", "/FORGET ME"}, {"EXPORT", "/EXPORT"}, {"/history", "/history"},
		{"History repeats itself", "History repeats itself"}, {"HISTORYS", "HISTORYS"}, {"TEXT HISTORY x", "TEXT HISTORY x"}, {"hello", "hello"},
	}
	for _, row := range rows {
		if got := safe(row[0]); got != row[1] {
			t.Errorf("safe(%q) = %q, want %q", row[0], got, row[1])
		}
	}
}

//go:build linux

package main

import (
	"fmt"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
)

// TestWindowScrollsBack: PgUp goes on to the beginning, and shows each message once; each page is asked for once, and in its turn.
func TestWindowScrollsBack(t *testing.T) {
	need(t, "tmux")
	t.Parallel()
	a := startArchive(t, 250)
	s := archived(t, a, 290)
	s.keys("PPage", "PPage", "PPage", "PPage")
	s.press("PPage", "This is the beginning")
	waitFor(t, "all messages once", s.text, func() bool { return slices.Equal(shownNumbers(s), upTo(1, 250)) })
	s.keys("PPage", "PPage")
	s.line("said")
	a.hear("TEXT TO #go said")
	want := []string{"/history #go before 1-248 100", "/history #go before 1-148 100", "/history #go before 1-48 100"}
	notOurs := func(line string) bool { return !strings.HasPrefix(line, "/history") }
	if got := slices.DeleteFunc(slices.Clone(a.before), notOurs); !slices.Equal(got, want) {
		t.Errorf("the server was asked for %q, want %q", got, want)
	}
	s.see("── Sunday, 1 November 2026 ──", "00:01 [bob] number 1 of #go", "04:10 [You] number 250 of #go")
}

// TestWindowKeepsItsPlaceWhileItFetches: what is in sight stays there when more comes in front of it.
func TestWindowKeepsItsPlaceWhileItFetches(t *testing.T) {
	need(t, "tmux")
	t.Parallel()
	a := newArchive(t, &archive{count: 3000, hold: make(chan struct{})})
	s := archived(t, a, 20)
	s.keys("PPage")
	s.see("Fetching what was said before...")
	a.hold <- struct{}{}
	s.see("number 2985 of #go")
	s.press("PPage", "Fetching") // the next page, under way; all that there is can be scrolled to meanwhile
	before := shownNumbers(s)
	a.hold <- struct{}{}
	s.miss("Fetching")
	if got := shownNumbers(s); !slices.Equal(got[max(0, len(got)-len(before)):], before) || before[0] != 2898 {
		t.Errorf("when more had come, the window showed %v, want %v below", got, before)
	}
}

// TestWindowHistoryBelongsToItsPlace: rows go where they were asked for, wherever the person is by then, and are no news there.
func TestWindowHistoryBelongsToItsPlace(t *testing.T) {
	need(t, "tmux")
	t.Parallel()
	a := newArchive(t, &archive{count: 400, hold: make(chan struct{})})
	s := archived(t, a, 40)
	s.keys("PPage")
	s.see("Fetching what was said before...")
	s.keys("M-1")
	s.see("[1:#lobby] 2:#go")
	a.hold <- struct{}{}
	a.say("@1-9000 #lobby [bob] in the lobby\n@1-9001 #go [bob] ana, come here\n")
	s.see("[bob] in the lobby", "2:#go(1)")
	if got := shownNumbers(s); len(got) > 0 {
		t.Errorf("the lobby shows %v of #go", got)
	}
	s.keys("M-2")
	s.see("number 397 of #go", "number 380 of #go", "[bob] ana, come here")
	s.miss("Fetching")
	s.press("PPage", "Fetching") // further back
	s.keys("M-1")
	s.see("[1:#lobby]")
	a.say("! put-out of #other by eve: words\n")
	s.see("! put-out of #other")
	s.keys("M-2")
	a.drop()
	s.see("The connection was lost.")
	s.keys("Escape")
	s.see("Connected again.")
	close(a.hold)
	s.press("PPage", "number 230 of #go")
}

// TestWindowSearches: what is found stands in a pane of its own with the words marked; a number goes there, PgDn comes back to the present, and Esc does so at once.
func TestWindowSearches(t *testing.T) {
	need(t, "tmux")
	t.Parallel()
	a := startArchive(t, 3000)
	s := archived(t, a, 30)
	s.line("/search Number in #go")
	s.see("[3:/search]", "found: Number in #go", " 1 #go [You] number 3000 of #go", "A number and Enter goes there")
	if got := s.tmux("capture-pane", "-p", "-e"); !strings.Contains(got, "\x1b[0;1;7mnumber\x1b[0m 3000") && !regexp.MustCompile(`\x1b\[[0-9;]*7mnumber\x1b`).MatchString(got) {
		t.Errorf("the word is not marked:\n%q", got)
	}
	s.press("PPage", "#go [bob] number 2951 of #go")
	a.hear("/search Number in #go before 1-2951 50")
	s.press("PPage", "#go [bob] number 2901 of #go")
	s.line("80")
	s.see("→[bob] number 2921 of #go", "the past", "[2:#go]")
	waitFor(t, "what was said around it", s.text, func() bool {
		got := shownNumbers(s)
		return len(got) > 20 && got[0] < 2912 && got[len(got)-1] > 2930
	})
	a.say("@1-9001 #go [bob] meanwhile\n")
	s.see("and 1 new", "[2:#go(1)]")
	s.keys("Escape")
	s.miss("the past")
	s.see("[bob] meanwhile", "[2:#go]")
	s.line("/jump 79")
	s.see("→[You] number 2922 of #go", "the past")
	s.press("NPage", "[bob] meanwhile")
	s.see("number 3000 of #go")
	s.miss("the past")
	s.press("PPage", "number 2910 of #go")
	if got := shownNumbers(s); !slices.Equal(got, upTo(got[0], got[len(got)-1])) {
		t.Errorf("where the past has met the end there is %v", got)
	}
	s.line("/jump 900")
	s.see("There is no number 900")
	s.keys("M-3")
	s.line("/part")
	s.see("1:#lobby [2:#go]")
	s.miss("/search")
}

// TestWindowShowsAPeriod: /history shows a page of its own, before or after a moment.
func TestWindowShowsAPeriod(t *testing.T) {
	need(t, "tmux")
	t.Parallel()
	a := startArchive(t, 3000)
	s := archived(t, a, 20)
	s.line("/history before 2026-11-02T12:00")
	s.see("number 2158 of #go", "Mon 2 Nov 2026: the past (PgDn goes on")
	s.press("PPage", "number 2050 of #go")
	s.keys("End")
	s.see("number 3000 of #go")
	s.line("/history #go after 1-100 20")
	s.see("number 101 of #go", "number 116 of #go")
	s.keys("Escape")
	s.miss("the past")
	s.line("/history 30")
	s.see("number 2997 of #go", "number 2982 of #go")
	s.line("/history #nowhere")
	s.see("You are not in #nowhere")
	s.line("/history before yesterday")
	s.see("TIME is 2026-11-21")
}

// TestWindowOldServer: a server that keeps nothing is never made to say aloud what it was asked.
func TestWindowOldServer(t *testing.T) {
	need(t, "tmux")
	t.Parallel()
	f := startReplying(t, func(line string) string {
		switch {
		case line == "/ids on":
			return "= IDS ON\n"
		case strings.HasPrefix(line, "/"):
			return "! unknown-command " + line + "\n"
		}
		return ""
	}, greeting)
	s := chat(t, 100, 30, f.address())
	f.say("@1-7 [bob] hello\n")
	s.see("[bob] hello")
	s.keys("PPage", "PPage")
	s.see("This server keeps no messages from before.")
	for _, line := range []string{"HISTORY #lobby 5", "SEARCH words", "EXPORT " + filepath.Join(t.TempDir(), "x"), "/history"} {
		s.line(line)
	}
	s.see("was not written: the server")
	s.line("said at the end")
	f.hear("TEXT TO #lobby said at the end")
	for _, line := range f.before {
		if verb, _, _ := strings.Cut(line, " "); slices.Contains(looking, verb) {
			t.Errorf("the client said %q", line)
		}
	}
	if n := strings.Count(strings.Join(f.before, "\n"), "/history"); n != 1 {
		t.Errorf("the server was asked %d times for what it doesn't have: %q, want once", n, f.before)
	}
}

// TestWindowHostileArchive: whatever a server gives for history, the window shows no more than it asked for, of that place, and without what drives a terminal.
func TestWindowHostileArchive(t *testing.T) {
	need(t, "tmux")
	t.Parallel()
	const at = " 2026-11-21T09:30:00.000Z "
	answers := []string{
		"= HISTORY 999999999 #go\n" + endlessRows(at, 50_000),
		"= HISTORY 3 #elsewhere\n= @1-1" + at + "[eve] of another room\n",
		"= HISTORY -7 #go\n= @1-2" + at + "[eve] below nothing\n",
		"= HISTORY 2 #go\n= @1-9999999" + at + "[eve] of the future\n= @1-3" + at + "[eve] \x1b[2J\x1b]0;owned\x07cleared\n",
		"= HISTORY 4 #go\n= @1-2" + at + "[eve] three times\n= @1-1" + at + "[eve] of no order\n= @1-2" + at + "[eve] three times\n= @1-2" + at + "[eve] three times\n",
		"= SEARCH 1\n= @1-5" + at + "#go [eve] never looked for\n",
		"",
		"= HISTORY 1 #go first\n= @1-1" + at + "[eve] at last\n",
	}
	var n atomic.Int32
	f := startReplying(t, func(line string) string {
		switch {
		case line == "/ids on":
			return "= IDS ON\n"
		case line == "JOIN #go":
			return "= JOIN #go 2\n"
		case strings.HasPrefix(line, "/history"):
			return answers[min(int(n.Add(1)), len(answers))-1]
		case strings.HasPrefix(line, "/search"):
			return "= SEARCH 999999\n= @1-5" + at + "#go [eve] \x1b[2Jfound\n= @1-6" + at + "#go [eve] in no order\n= @1-4" + at + "eve *eve* \x1b]0;owned\x07psst\n"
		}
		return ""
	}, greeting)
	s := newScreen(t, 100, 120)
	s.line(loopchat + " --room go " + f.address())
	s.see("[2:#go]")
	f.say("@1-90000 #go [bob] hello\n")
	s.see("[bob] hello")
	s.keys("PPage")
	s.see("endless 100.", "endless 1.")
	if text := s.text(); strings.Contains(text, "endless 101.") {
		t.Errorf("more than was asked for is shown:\n%s", text)
	}
	s.line("/clear")
	s.miss("endless")
	f.say("@1-90001 #go [bob] hello again\n")
	s.see("[bob] hello again")
	for int(n.Load()) < len(answers) {
		s.keys("PPage")
	}
	s.see("[eve] at last", "[eve] three times", "[2J]0;ownedcleared", "This is the beginning")
	s.line("/search x")
	s.see("#go [eve] [2Jfound", "[eve → You] ]0;ownedpsst")
	s.keys("M-2")
	s.see("[2:#go]")
	for _, never := range []string{"of another room", "of the future", "in no order", "of no order"} {
		if text := s.text(); strings.Contains(text, "[eve] "+never) {
			t.Errorf("%q is shown:\n%s", never, text)
		}
	}
	if text := s.text(); strings.Count(text, "three times") != 1 {
		t.Errorf("a message is not shown once:\n%s", text)
	}
	if got := s.tmux("display-message", "-p", "#{alternate_on} #{pane_title}"); strings.Contains(got, "owned") || !strings.HasPrefix(got, "1") {
		t.Errorf("alternate screen and title = %q, want 1 and the window's own", got)
	}
}

func endlessRows(at string, count int) string {
	var b strings.Builder
	for i := range count {
		fmt.Fprintf(&b, "= @1-%d%s[eve] endless %d.\n", i+1, at, i+1)
	}
	return b.String()
}

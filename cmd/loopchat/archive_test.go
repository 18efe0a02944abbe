//go:build linux

package main

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"
)

// archive is a server of the test's own that keeps messages of #lobby, of #go and of what ana and bob have written each other: numbers 1 to count each, said by bob
// and by ana in turn.
type archive struct {
	*fake
	count int
	hold  chan struct{} // an answer to HISTORY waits for it; nil for none
}

// stampOf is the time of a message: a minute each, from midnight on.
func stampOf(n int) string {
	return fmt.Sprintf("2026-11-%02dT%02d:%02d:00.000Z", 1+n/1440, n/60%24, n%60)
}

// sayer is who has said it.
func sayer(n int) string { return []string{"ana", "bob"}[n%2] }

// row is a message as an answer has it. place is where, prefix whether that stands in front.
func (a *archive) row(n int, place string, prefix bool) string {
	line := fmt.Sprintf("= @1-%d %s ", n, stampOf(n))
	if prefix {
		line += place + " "
	}
	if place[0] == '#' {
		return line + fmt.Sprintf("[%s] number %d of %s\n", sayer(n), n, place)
	}
	return line + fmt.Sprintf("*%s* letter %d\n", sayer(n), n)
}

func (a *archive) rows(from, to int, place string, prefix bool) string {
	var b strings.Builder
	for n := from; n <= to; n++ {
		b.WriteString(a.row(n, place, prefix))
	}
	return b.String()
}

var (
	historyAsked = regexp.MustCompile(`(?i)^/history (\S+)(?: (before|after) (\S+))? (\d+)$`)
	searchAsked  = regexp.MustCompile(`(?i)^/search (.+?)(?: before 1-(\d+))? (\d+)$`)
	exportAsked  = regexp.MustCompile(`(?i)^/export(?: after 1-(\d+))? (\d+)$`)
)

// history answers HISTORY.
func (a *archive) history(m []string) string {
	n, _ := strconv.Atoi(m[4])
	at, err := strconv.Atoi(strings.TrimPrefix(m[3], "1-"))
	if when, wrong := time.Parse(time.RFC3339, m[3]); err != nil && wrong == nil {
		at = int(when.Sub(time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)).Minutes())
	}
	from, to, end := a.count-n+1, a.count, ""
	switch m[2] {
	case "before":
		from, to = at-n, at-1
	case "after":
		from, to = at+1, min(at+n, a.count)
	}
	if from <= 1 && m[2] != "after" {
		from, end = 1, " first"
	}
	if m[2] == "after" && to == a.count {
		end = " last"
	}
	if a.hold != nil {
		<-a.hold
	}
	return fmt.Sprintf("= HISTORY %d %s%s\n", max(0, to-from+1), m[1], end) + a.rows(from, to, m[1], false)
}

// search finds all messages of #go.
func (a *archive) search(m []string) string {
	n, _ := strconv.Atoi(m[3])
	to := a.count
	if m[2] != "" {
		at, _ := strconv.Atoi(m[2])
		to = at - 1
	}
	from, more := to-n+1, " more"
	if from <= 1 {
		from, more = 1, ""
	}
	var b strings.Builder
	fmt.Fprintf(&b, "= SEARCH %d%s\n", max(0, to-from+1), more)
	for i := to; i >= from; i-- {
		b.WriteString(a.row(i, "#go", true))
	}
	return b.String()
}

// export answers EXPORT; all is ana's, as far as this goes.
func (a *archive) export(m []string) string {
	at, _ := strconv.Atoi(m[1])
	n, _ := strconv.Atoi(m[2])
	to, more := at+n, " more"
	if to >= a.count {
		to, more = a.count, ""
	}
	return fmt.Sprintf("= EXPORT %d%s\n", to-at, more) + a.rows(at+1, to, "#go", true)
}

// startArchive starts one with so many messages. ana is in #go as well as in the lobby.
func startArchive(t *testing.T, count int) *archive {
	t.Helper()
	return newArchive(t, &archive{count: count})
}

func newArchive(t *testing.T, a *archive) *archive {
	t.Helper()
	count := a.count
	a.fake = startReplying(t, func(line string) string {
		switch {
		case line == "/ids on":
			return "= IDS ON\n"
		case line == "LOGIN ana correct horse":
			return "= LOGIN ana\n= JOIN #lobby 2\n= JOIN #go 2\n= RECENT 3 #go\n" + a.rows(count-2, count, "#go", false)
		case line == "JOIN #go":
			return "= JOIN #go 2\n"
		case strings.EqualFold(line, "/forget me"):
			return "= FORGET ana 12\n"
		}
		if m := historyAsked.FindStringSubmatch(line); m != nil {
			return a.history(m)
		}
		if m := searchAsked.FindStringSubmatch(line); m != nil {
			return a.search(m)
		}
		if m := exportAsked.FindStringSubmatch(line); m != nil {
			return a.export(m)
		}
		return ""
	}, greeting)
	return a
}

// press presses a key again and again, as soon as the window shows what it has done, until the window shows that.
func (s *screen) press(key, want string) {
	s.t.Helper()
	for text := s.text(); !strings.Contains(text, want); {
		before := text
		s.keys(key)
		waitFor(s.t, fmt.Sprintf("%q on the screen, or anything else by another %s", want, key), func() string { return text }, func() bool {
			text = s.text()
			return text != before
		})
		for same := 0; same < 3; same++ { // a key can be seen to do one thing after the other
			if now := s.text(); now != text {
				text, same = now, -1
			}
		}
	}
}

var numberShown = regexp.MustCompile(`number (\d+) of #go`)

// shownNumbers are the messages of #go that a window shows, from above.
func shownNumbers(s *screen) (all []int) {
	for _, m := range numberShown.FindAllStringSubmatch(s.text(), -1) {
		n, _ := strconv.Atoi(m[1])
		all = append(all, n)
	}
	return all
}

// archived opens a window as ana at an archive.
func archived(t *testing.T, a *archive, height int) *screen {
	t.Helper()
	s := newScreen(t, 100, height)
	s.line("TZ=UTC " + loopchat + " --name ana --room go --password-file " + passwordFile(t) + " " + a.address())
	s.see("· ana", "[2:#go]", fmt.Sprintf("number %d of #go", a.count))
	return s
}

package main

import (
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	tea "charm.land/bubbletea/v2"
)

// bellEvery is how often the bell rings at most: it is to call the person, not to annoy them.
const bellEvery = 2 * time.Second

// bell rings for who is called by name.
type bell struct{ rung time.Time }

func (b *bell) ring(now time.Time) tea.Cmd {
	if now.Sub(b.rung) < bellEvery {
		return nil
	}
	b.rung = now
	return tea.Raw("\a")
}

// nextCall finds the name as a word of its own in text, without regard to case, from the byte at on. It returns where it begins and ends,
// and -1 where it is not.
func nextCall(text, name string, at int) (from, to int) {
	for from := at; name != "" && from+len(name) <= len(text); from++ {
		to := from + len(name)
		if strings.EqualFold(text[from:to], name) && !joins(lastRune(text[:from])) && !joins(firstRune(text[to:])) {
			return from, to
		}
	}
	return -1, -1
}

func firstRune(s string) rune { r, _ := utf8.DecodeRuneInString(s); return r }
func lastRune(s string) rune  { r, _ := utf8.DecodeLastRuneInString(s); return r }

// joins says whether a character beside a name makes it part of a longer word.
func joins(r rune) bool {
	return r == '_' || r == '-' || r != utf8.RuneError && (unicode.IsLetter(r) || unicode.IsNumber(r) || unicode.IsMark(r))
}

// calls says whether text has the name as a word.
func calls(text, name string) bool {
	from, _ := nextCall(text, name, 0)
	return from >= 0
}

// colorCalls gives each place that has the name the color of the person's own.
func colorCalls(text, name string) string {
	var b strings.Builder
	for at := 0; ; {
		from, to := nextCall(text, name, at)
		if from < 0 {
			return b.String() + text[at:]
		}
		b.WriteString(text[at:from] + calledStyle.Render(text[from:to]))
		at = to
	}
}

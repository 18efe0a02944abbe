//go:build linux

package main_test

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// settle waits until each finds all that it may read, and nothing else, the oldest first; what has just been said, or erased, may take a moment.
func (l *looking) settle() {
	l.t.Helper()
	for _, u := range l.model.readers {
		for _, room := range roomsOf(u) {
			words := l.model.inRoom(room)
			l.finds(u, "HISTORY "+room+" 500", lastOf(words, 500))
			l.finds(u, "SEARCH common in "+room+" 100", reversed(lastOf(words, 100)))
		}
		if u.account == "" {
			continue
		}
		for _, name := range l.model.partners(u) {
			words := l.model.letters(u, name)
			l.finds(u, "HISTORY "+name+" 500", words)
			l.finds(u, "SEARCH w* in "+name+" 100", reversed(lastOf(words, 100)))
		}
		own := l.model.own(u)
		l.finds(u, "EXPORT", own[:min(len(own), 500)])
	}
	for range 60 {
		u, x := pick(l.random, l.model.readers), pick(l.random, l.model.texts)
		want := []string{x.word}
		if !l.model.mayRead(u, x) || x.gone {
			want = nil
		}
		l.finds(u, "SEARCH "+x.word, want)
	}
}

// finds waits until what u asks for is answered with these texts.
func (l *looking) finds(u *reader, line string, want []string) {
	l.t.Helper()
	var got []string
	for end := time.Now().Add(patience); time.Now().Before(end); {
		u.say(line)
		lines := u.fence()
		l.checkAnswer(u, lines, strings.HasPrefix(line, "EXPORT"))
		got = nil
		for _, line := range lines {
			if strings.HasPrefix(line, "= ") {
				got = append(got, l.model.wordsOf(line)...)
			}
		}
		if slices.Equal(got, want) {
			return
		}
	}
	l.t.Fatalf("%s, with the account %q and in %v, finds by %q %s, want %s", u.called, u.account, u.rooms, line, short(got), short(want))
}

// short is what a list has at both ends.
func short(words []string) string {
	if len(words) <= 10 {
		return fmt.Sprint(words)
	}
	return fmt.Sprint(words[:5], " ... ", words[len(words)-5:], ", ", len(words), " in all")
}

// lastOf are the last n words.
func lastOf(words []string, n int) []string { return words[max(0, len(words)-n):] }

func reversed(words []string) []string {
	words = slices.Clone(words)
	slices.Reverse(words)
	return words
}

package main

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"looproom/loop/room"
)

const (
	// foundPage is how many messages are looked for at once, where the person doesn't say; maxFoundPage is what servers take.
	foundPage    = 50
	maxFoundPage = 100

	headSearching = "Searching..."
)

// search is what the person looks for.
type search struct {
	query string   // as it goes to the server, but for before what and how many
	words []string // of messages, folded
	start string   // the message or the time before which it begins, "" for the end
	n     int
}

// searchOf is the search that the server would make of cmd.
func searchOf(cmd *room.Command) search {
	s := search{query: cmd.Text, words: wantedWords(cmd.Text), n: foundPage}
	if cmd.N != room.None {
		s.n = int(min(max(cmd.N, 1), maxFoundPage))
	}
	if cmd.Name != "" {
		s.query += " in " + cmd.Name
	}
	look := cmd.Look
	switch {
	case look == nil:
	case look.Before != 0:
		s.start = look.Before.String()
	case look.BeforeAt != 0:
		s.start = time.UnixMilli(look.BeforeAt).UTC().Format(time.RFC3339Nano)
	}
	if look != nil && look.By != "" {
		s.query += " by " + look.By
	}
	return s
}

// line asks for what was said before a message or a time, "" for the last.
func (s *search) line(before string) string {
	if before != "" {
		before = " before " + before
	}
	return fmt.Sprintf("/search %s%s %d", s.query, before, s.n)
}

// searchFor is /search: what is found stands in a pane of its own, the newest at the end, as in all others.
func searchFor(w *window, args string) tea.Cmd {
	cmd, _ := understand("/search " + localTimesOf(args, time.Now()))
	if cmd.Verb != room.Search {
		w.tell(toneAlarm, `/search words looks for messages that have them all; also: /search words in #room by NAME before TIME. What stands in "" are words, word* finds what begins so.`)
		return nil
	}
	if why := w.lookups.none(w); why != "" {
		w.tell(toneAlarm, why)
		return nil
	}
	s := searchOf(&cmd)
	w.lookups.search = s
	p := w.pane(resultsName)
	w.lookups.drop(&p.strip)
	p.more = moreResults
	p.strip = strip{entries: slices.DeleteFunc(p.entries, func(e entry) bool { return e.tone != tonePrivate }), head: head{words: headSearching}}
	w.show(slices.Index(w.panes.all, p))
	w.lookups.ask(w, &lookup{line: s.line(s.start), pane: p, strip: &p.strip, n: s.n, done: putFirst})
	return nil
}

// moreResults looks for what was said before all that was found so far.
func moreResults(w *window, p *pane) {
	s, before := w.lookups.search, p.oldest()
	if before.None() {
		return
	}
	p.head.words = headSearching
	w.lookups.ask(w, &lookup{line: s.line(before.String()), pane: p, strip: &p.strip, n: s.n, before: before, done: putFound})
}

// putFirst puts what a new search has found, and says what can be done with it.
func putFirst(w *window, l *lookup) {
	putFound(w, l)
	if l.wrong != "" {
		w.tell(toneAlarm, l.wrong)
		return
	}
	words := "A number and Enter goes there, /jump N from anywhere; PgUp looks further back, other words search again, /part closes this."
	switch {
	case len(l.rows) == 0 && l.end:
		words = "Nothing that you may read has all of that: " + w.lookups.search.query
	case len(l.rows) == 0:
		words = "Nothing was found in time; look for rarer words, or in one room."
	}
	l.pane.add(entry{at: time.Now(), tone: toneNotice, text: words})
}

// putFound puts rows in front of those that were found before. The newest is the first.
func putFound(w *window, l *lookup) {
	p := l.pane
	switch {
	case l.wrong != "":
		p.head = head{words: l.wrong}
		return
	case l.end:
		p.head = head{words: "Nothing older was found.", end: true}
	default:
		p.head = head{words: "There may be more: PgUp looks further back."}
	}
	rank := p.found()
	rows := slices.Clone(l.rows)
	for i := range rows {
		rows[i].rank = rank + i + 1
	}
	slices.Reverse(rows)
	if rank+len(rows) >= maxEntries {
		p.head = head{words: "That is as much as is kept of one search; look for rarer words.", end: true}
	}
	p.put(0, rows...)
}

// found is how many rows of what was found there are.
func (p *pane) found() (count int) {
	for i := range p.entries {
		if p.entries[i].tone == toneFound {
			count++
		}
	}
	return count
}

// lookFor is what is typed where the results are in sight: a number goes there, words are another search.
func lookFor(w *window, words string) {
	if words = strings.TrimSpace(words); isDigits(words) {
		jump(w, words)
	} else {
		searchFor(w, words)
	}
}

// jump is /jump N: it goes to a message that was found, with what was said around it.
func jump(w *window, args string) tea.Cmd {
	n, err := strconv.Atoi(strings.TrimSpace(args))
	results := w.find(resultsName)
	if err != nil || results == nil {
		w.tell(toneAlarm, "/jump N goes to the message of that number among what /search has found.")
		return nil
	}
	at := slices.IndexFunc(results.entries, func(e entry) bool { return e.tone == toneFound && e.rank == n })
	if at < 0 {
		w.tell(toneAlarm, "There is no number "+strconv.Itoa(n)+" among what was found.")
		return nil
	}
	goTo(w, results.entries[at])
	return nil
}

// goTo brings a message that was found in sight, in its place.
func goTo(w *window, found entry) {
	p := placeOf(w, found.place)
	if p == nil {
		w.tell(toneAlarm, "You are not in "+found.place+" any more; /join "+found.place+" enters it.")
		return
	}
	w.show(slices.Index(w.panes.all, p))
	fit(w, p)
	height := w.historyHeight()
	p.toEnd()
	if p.aim(found.id, found.hits, height) {
		return
	}
	target := found
	if target.tone = toneMessage; target.act {
		target.tone = toneAction
	}
	target.place, target.to, target.rank = "", "", 0
	s := p.showPast([]entry{target}, head{words: headFetching})
	s.aim(found.id, found.hits, height)
	around := func(side string) *lookup {
		l := &lookup{line: historyLine(p.room, side, found.id, pastPage/2), pane: p, strip: s, where: p.room, n: pastPage / 2}
		l.done = func(w *window, l *lookup) {
			if side == "before" {
				putOlder(w, l)
			} else {
				putNewer(w, l)
			}
			p.sight().aim(found.id, found.hits, w.historyHeight())
		}
		return l
	}
	before, after := around("before"), around("after")
	before.before, after.after = found.id, found.id
	w.lookups.ask(w, before)
	w.lookups.ask(w, after)
}

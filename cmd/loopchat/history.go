package main

import (
	"strconv"

	tea "charm.land/bubbletea/v2"

	"looproom/cmd/loopchat/session"
)

// pastPage is how many messages are fetched at once by scrolling.
const pastPage = 100

// What stands in the row above all others.
const (
	headFetching  = "Fetching what was said before..."
	headBeginning = "This is the beginning; the server keeps nothing from before."
)

// scroll moves what is in sight by so many rows. Near the top it fetches what was said before, near the end of the past what was said after.
func scroll(w *window, rows int) tea.Cmd {
	p := w.shown()
	s := p.sight()
	s.scroll(rows, w.historyHeight())
	switch {
	case rows > 0 && s.most(w.historyHeight())-s.above < w.page():
		older(w, p, pastPage)
	case rows < 0 && p.past != nil && s.above < w.page():
		newer(w, p)
	}
	return nil
}

// older fetches what stands in front of what is in sight.
func older(w *window, p *pane, n int) {
	s := p.sight()
	switch {
	case s.head.end || p.room == "" || w.lookups.asked(s):
		return
	case p.more != nil:
		p.more(w, p)
		return
	}
	s.head.words = headFetching
	before := s.oldest()
	w.lookups.ask(w, &lookup{line: historyLine(p.room, "before", before, n), pane: p, strip: s, where: p.room, n: n, before: before, done: putOlder})
}

// newer fetches what stands behind the part of the past that is in sight.
func newer(w *window, p *pane) {
	s := p.past
	after := s.newest()
	if after.None() || w.lookups.asked(s) {
		return
	}
	w.lookups.ask(w, &lookup{line: historyLine(p.room, "after", after, pastPage), pane: p, strip: s, where: p.room, n: pastPage, after: after, done: putNewer})
}

// historyLine asks for n messages on one side of a message, or the last ones where that is none.
func historyLine(room, side string, id session.MessageID, n int) string {
	line := "/history " + room
	if !id.None() {
		line += " " + side + " " + id.String()
	}
	return line + " " + strconv.Itoa(n)
}

// putOlder puts rows in front of the strip that they were asked for. Who has gone on from there doesn't need them.
func putOlder(w *window, l *lookup) {
	p, s := l.pane, l.strip
	if l.wrong != "" {
		s.head = head{words: l.wrong, end: w.lookups.off != ""}
		return
	}
	s.head = head{end: l.end}
	if l.end {
		s.head.words = headBeginning
	}
	switch s {
	case p.past:
		p.inFront(l.rows)
	case &p.strip:
		if len(p.entries)+len(l.rows) <= maxEntries {
			p.merge(l.rows, false)
			return
		}
		if p.edge() >= len(p.entries)/2 {
			s.head = head{}
			return
		}
		p.detach()
		p.inFront(l.rows)
	}
}

// putNewer puts rows behind the past, which is joined with the end where they reach it.
func putNewer(w *window, l *lookup) {
	p := l.pane
	if p.past != l.strip {
		return
	}
	if l.wrong != "" {
		w.tell(toneAlarm, l.wrong)
		return
	}
	joins := l.end
	for i := range l.rows {
		joins = joins || p.holds(l.rows[i].id)
	}
	p.behindPast(l.rows)
	if joins {
		p.join()
	}
}

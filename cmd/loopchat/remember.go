package main

import (
	"slices"
	"strconv"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"looproom/cmd/loopchat/session"
)

// fit cuts a pane for the window, which it may not have been in yet.
func fit(w *window, p *pane) { p.resize(frame{w}.historyWidth()) }

// placeOf is the pane of a room that the person is in, or of a conversation, which is opened for that; nil for a room that they aren't in.
func placeOf(w *window, where string) *pane {
	if !strings.HasPrefix(where, "#") {
		return open(w, where)
	}
	if room := w.chat.Room(where); room != nil {
		return w.pane(room.Name)
	}
	return nil
}

// period is what /history asks for.
type period struct {
	where string // "" for what is in sight
	side  string // before or after, "" for neither
	mark  string // an id or a time, as it goes to the server
	n     int
	wrong bool
}

// periodOf takes the arguments of /history apart.
func periodOf(args string, now time.Time) (p period) {
	p.n = pastPage / 2
	f := strings.Fields(args)
	if n := len(f); n > 0 && len(f[n-1]) <= 3 && isDigits(f[n-1]) {
		p.n, _ = strconv.Atoi(f[n-1])
		p.n = min(max(p.n, 1), 500)
		f = f[:n-1]
	}
	if n := len(f); n > 1 && (strings.EqualFold(f[n-2], "before") || strings.EqualFold(f[n-2], "after")) {
		p.side, p.mark = strings.ToLower(f[n-2]), markOf(f[n-1], now)
		f = f[:n-2]
	}
	if len(f) == 1 {
		p.where, f = f[0], nil
	}
	p.wrong = len(f) > 0 || p.side != "" && p.mark == ""
	return p
}

// markLayouts are the times that a person can give, by their own clock.
var markLayouts = []string{"2006-01-02", "2006-01-02T15:04", "2006-01-02T15:04:05", "15:04"}

// markOf is an id, or a time as the protocol has it; "" for neither.
func markOf(word string, now time.Time) string {
	if session.IsMessageID(word) {
		return word
	}
	if at, err := time.Parse(time.RFC3339, word); err == nil {
		return at.UTC().Format(time.RFC3339)
	}
	for _, layout := range markLayouts {
		at, err := time.ParseInLocation(layout, word, now.Location())
		if err != nil {
			continue
		}
		if layout == "15:04" {
			at = time.Date(now.Year(), now.Month(), now.Day(), at.Hour(), at.Minute(), 0, 0, now.Location())
		}
		return at.UTC().Format(time.RFC3339)
	}
	return ""
}

// localTimesOf has a time behind "before" as the protocol has it.
func localTimesOf(args string, now time.Time) string {
	f := strings.Fields(args)
	for i := 1; i < len(f); i++ {
		if mark := markOf(f[i], now); mark != "" && strings.EqualFold(f[i-1], "before") {
			f[i] = mark
		}
	}
	return strings.Join(f, " ")
}

// remember is /history: a page of what was said, in its place.
func remember(w *window, args string) tea.Cmd {
	t := periodOf(args, time.Now())
	if t.where == "" {
		t.where = w.shown().room
	}
	switch {
	case t.wrong:
		w.tell(toneAlarm, "/history [#room or NAME] [before or after TIME] [n]; TIME is 2026-11-21, 2026-11-21T09:30, 09:30 or the id of a message.")
		return nil
	case t.where == "" || t.where == resultsName:
		w.tell(toneAlarm, "/history of which room? /history #room")
		return nil
	}
	p := placeOf(w, t.where)
	if p == nil {
		w.tell(toneAlarm, "You are not in "+t.where+"; /join "+t.where+" enters it.")
		return nil
	}
	w.show(slices.Index(w.panes.all, p))
	fit(w, p)
	if t.side != "" {
		rememberPast(w, p, &t)
		return nil
	}
	p.toEnd()
	rememberOlder(w, p, t.n)
	return nil
}

// rememberPast shows what was said on one side of a moment.
func rememberPast(w *window, p *pane, t *period) {
	line := "/history " + p.room + " " + t.side + " " + t.mark + " " + strconv.Itoa(t.n)
	w.lookups.ask(w, &lookup{line: line, pane: p, where: p.room, n: t.n, done: func(w *window, l *lookup) {
		switch {
		case l.wrong != "":
			w.tell(toneAlarm, l.wrong)
			return
		case len(l.rows) == 0:
			w.put(p, entry{tone: toneNotice, text: "Nothing that is kept was said " + t.side + " that in " + p.room + "."})
			return
		}
		h := head{}
		if l.end && t.side == "before" {
			h = head{words: headBeginning, end: true}
		}
		s := p.showPast(l.rows, h)
		if t.side == "after" {
			s.above = max(0, s.most(w.historyHeight()))
		}
	}})
}

// rememberOlder shows the page in front of all that is shown.
func rememberOlder(w *window, p *pane, n int) {
	s := p.sight()
	if s.head.end {
		w.tell(toneNotice, s.head.words)
		s.above = max(0, s.most(w.historyHeight()))
		return
	}
	if w.lookups.asked(s) {
		return
	}
	before := s.oldest()
	s.head.words = headFetching
	s.above = max(0, s.most(w.historyHeight()))
	w.lookups.ask(w, &lookup{line: historyLine(p.room, "before", before, n), pane: p, strip: s, where: p.room, n: n, before: before, done: func(w *window, l *lookup) {
		putOlder(w, l)
		switch s := p.sight(); {
		case l.wrong != "":
			w.tell(toneAlarm, l.wrong)
		case len(l.rows) > 0:
			s.showAt(max(0, s.find(l.rows[len(l.rows)-1].id)))
			s.above = max(0, s.above-1) // the lowest row says that there is more below
		default:
			s.above = max(0, s.most(w.historyHeight()))
		}
	}})
}

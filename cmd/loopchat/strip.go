package main

import (
	"slices"
	"time"

	"looproom/cmd/loopchat/session"
)

// strip is a run of entries, cut into the rows of a window, and where in it the window is.
type strip struct {
	entries []entry
	head    head // of what stands in front of them

	width int      // that rows were cut for
	rows  []string // all entries, cut
	ends  []int    // where in rows each entry ends
	above int      // rows that the window is above the end
}

// head is what is known of what stands in front of the first entry.
type head struct {
	words string // for the person, in a row of its own; "" for none
	end   bool   // there is nothing, or nothing that is to be had
}

// put puts entries in front of the one at. A window that has been scrolled up stays where it is.
func (s *strip) put(at int, more ...entry) {
	s.entries = slices.Insert(s.entries, at, more...)
	if s.width == 0 {
		return
	}
	start, stop, next := s.start(at), s.start(at), at+len(more)
	last := next
	if next < len(s.entries) {
		stop, last = s.ends[at], next+1 // the one behind may begin a day no longer
	}
	var rows []string
	var ends []int
	for i := at; i < last; i++ {
		rows = append(rows, s.cut(i)...)
		ends = append(ends, start+len(rows))
	}
	grown := len(rows) - (stop - start)
	if s.above > 0 && start >= len(s.rows)-s.above {
		s.above += grown
	}
	s.rows, s.ends = slices.Replace(s.rows, start, stop, rows...), slices.Replace(s.ends, at, at+last-next, ends...)
	for i := last; i < len(s.ends); i++ {
		s.ends[i] += grown
	}
}

// start is where in rows the entry at begins.
func (s *strip) start(at int) int {
	if at == 0 {
		return 0
	}
	return s.ends[at-1]
}

// drop takes out entries at the front or at the end.
func (s *strip) drop(from, to int) {
	s.entries = slices.Delete(s.entries, from, to)
	if len(s.ends) < to || from == to {
		return
	}
	start, stop := s.start(from), s.ends[to-1]
	if stop == len(s.rows) {
		s.above = max(0, s.above-(stop-start))
	}
	s.rows, s.ends = slices.Delete(s.rows, start, stop), slices.Delete(s.ends, from, to)
	grown := start - stop
	if from == 0 && len(s.ends) > 0 { // the first has its day over it
		first := s.cut(0)
		grown += len(first) - (s.ends[0] + grown)
		s.rows = slices.Replace(s.rows, 0, s.ends[0]+start-stop, first...)
	}
	for i := from; i < len(s.ends); i++ {
		s.ends[i] += grown
	}
}

// cut returns the rows of an entry. The first of another day than the one in front has that day over it.
func (s *strip) cut(at int) []string {
	e := &s.entries[at]
	rows := e.rows(s.width)
	before := time.Now()
	if at > 0 {
		before = s.entries[at-1].at
	}
	if e.at.IsZero() || sameDay(before, e.at) {
		return rows
	}
	return append([]string{dayRow(e.at, s.width)}, rows...)
}

func sameDay(a, b time.Time) bool { return a.Format(time.DateOnly) == b.Format(time.DateOnly) }

func dayRow(at time.Time, width int) string {
	return quietStyle.Render(clip("── "+at.Format("Monday, 2 January 2006")+" ──", width))
}

func (s *strip) recut() {
	s.rows, s.ends = nil, nil
	if s.width == 0 {
		return
	}
	for i := range s.entries {
		s.rows = append(s.rows, s.cut(i)...)
		s.ends = append(s.ends, len(s.rows))
	}
}

// redraw cuts an entry anew whose rows are as many as before.
func (s *strip) redraw(at int) {
	if at < len(s.ends) {
		rows := s.entries[at].rows(s.width)
		copy(s.rows[s.ends[at]-len(rows):], rows)
	}
}

// resize cuts the entries anew where the width has changed, and keeps the entry in sight that was at the lower edge.
func (s *strip) resize(width int) {
	if width == s.width {
		return
	}
	edge := -1
	if s.above > 0 {
		edge = s.edge()
	}
	s.width = width
	s.recut()
	s.above = 0
	if edge >= 0 {
		s.showAt(edge)
	}
}

// edge is the entry at the lower edge of the window.
func (s *strip) edge() int {
	at, _ := slices.BinarySearch(s.ends, len(s.rows)-s.above)
	return at
}

// showAt has the window end with that entry, as far as there is such a one.
func (s *strip) showAt(at int) {
	if at < len(s.ends) {
		s.above = len(s.rows) - s.ends[at]
	}
}

// scroll moves the window up by n rows, down where n < 0.
func (s *strip) scroll(n, height int) {
	s.above = max(0, min(s.above+n, s.most(height)))
}

// most is how far above the end the window can be.
func (s *strip) most(height int) int {
	if s.head.words != "" {
		height--
	}
	return len(s.rows) - height
}

// visible returns the rows in sight.
func (s *strip) visible(height int) []string {
	s.above = max(0, min(s.above, s.most(height)))
	end := len(s.rows) - s.above
	if end < height && s.head.words != "" && s.width > 0 {
		return append([]string{quietStyle.Render(clip(s.head.words, s.width))}, s.rows[:end]...)
	}
	return s.rows[max(0, end-height):end]
}

// find is where the message stands, -1 where it does not.
func (s *strip) find(id session.MessageID) int {
	if id.None() {
		return -1
	}
	return slices.IndexFunc(s.entries, func(e entry) bool { return e.id == id })
}

// forgetAim takes the mark away again.
func (s *strip) forgetAim() {
	for i := range s.entries {
		if e := &s.entries[i]; e.aimed {
			e.aimed, e.hits = false, nil
			s.redraw(i)
		}
	}
}

// aim marks the message that the person wants to see, alone, with the words for which it was found, and brings it to the middle of what is in sight. It
// says whether the message is there.
func (s *strip) aim(id session.MessageID, hits []string, height int) bool {
	at := s.find(id)
	if at < 0 {
		return false
	}
	s.forgetAim()
	s.entries[at].aimed, s.entries[at].hits = true, hits
	s.redraw(at)
	if at < len(s.ends) {
		s.above = max(0, len(s.rows)-s.ends[at]-height/2)
	}
	return true
}

// oldest and newest are the first and the last message that has an id.
func (s *strip) oldest() session.MessageID {
	for i := range s.entries {
		if e := &s.entries[i]; isRemembered(e) {
			return e.id
		}
	}
	return session.MessageID{}
}

func (s *strip) newest() session.MessageID {
	for i := len(s.entries) - 1; i >= 0; i-- {
		if e := &s.entries[i]; isRemembered(e) {
			return e.id
		}
	}
	return session.MessageID{}
}

func isRemembered(e *entry) bool { return !e.id.None() && (isMessage(e.tone) || e.tone == toneFound) }

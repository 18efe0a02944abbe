package main

import (
	"slices"

	"looproom/cmd/loopchat/session"
)

// maxEntries is how much history a room keeps; when it is more by a tenth, the oldest go.
const maxEntries = 5000

// pane is the history of one room, and where the window is in it.
type pane struct {
	room    string // "" before there is any
	entries []entry
	unread  int
	open    bool

	last    session.MessageID // the last message that there is
	seen    session.MessageID // the last that the person has had before their eyes
	read    session.MessageID // the last that the server knows to have been read, by whatever device
	filling bool              // older messages have been asked for, once for each connection

	width int      // that rows were cut for
	rows  []string // all entries, cut
	ends  []int    // where in rows each entry ends
	above int      // rows that the window is above the end
}

// add puts an entry at the end. A window that has been scrolled up stays where it is.
func (p *pane) add(e entry) {
	e.text, e.who, e.to = shown(e.text), shown(e.who), shown(e.to)
	p.entries = append(p.entries, e)
	if isMessage(e.tone) {
		p.last = e.id.Later(p.last)
	}
	if p.width > 0 {
		before := len(p.rows)
		p.cut(&e)
		if p.above > 0 {
			p.above += len(p.rows) - before
		}
	}
	p.trim()
}

func (p *pane) cut(e *entry) {
	p.rows = append(p.rows, e.rows(p.width)...)
	p.ends = append(p.ends, len(p.rows))
}

// trim drops the oldest entries and their rows, where there are too many.
func (p *pane) trim() {
	if len(p.entries) <= maxEntries+maxEntries/10 {
		return
	}
	gone := len(p.entries) - maxEntries
	p.entries = slices.Delete(p.entries, 0, gone)
	if len(p.ends) < gone {
		return
	}
	rows := p.ends[gone-1]
	p.rows, p.ends = slices.Delete(p.rows, 0, rows), slices.Delete(p.ends, 0, gone)
	for i := range p.ends {
		p.ends[i] -= rows
	}
}

func (p *pane) recut() {
	p.rows, p.ends = nil, nil
	if p.width == 0 {
		return
	}
	for i := range p.entries {
		p.cut(&p.entries[i])
	}
}

// mark marks the entries of these numbers, and gives them new ones.
func (p *pane) mark(numbers map[int64]int64, m mark) {
	left := len(numbers)
	for i := len(p.entries) - 1; i >= 0 && left > 0; i-- {
		e := &p.entries[i]
		to, ok := numbers[e.number]
		if !ok || e.number == 0 {
			continue
		}
		left--
		e.number, e.mark = to, m
		if i < len(p.ends) {
			rows := e.rows(p.width)
			copy(p.rows[p.ends[i]-len(rows):], rows)
		}
	}
}

// resize cuts the entries anew where the width has changed, and keeps the entry in sight that was at the lower edge.
func (p *pane) resize(width int) {
	if width == p.width {
		return
	}
	edge := -1
	if p.above > 0 {
		edge, _ = slices.BinarySearch(p.ends, len(p.rows)-p.above)
	}
	p.width = width
	p.recut()
	p.above = 0
	if edge >= 0 && edge < len(p.ends) {
		p.above = len(p.rows) - p.ends[edge]
	}
}

// scroll moves the window up by n rows, down where n < 0.
func (p *pane) scroll(n, height int) {
	p.above = max(0, min(p.above+n, len(p.rows)-height))
}

// visible returns the rows in sight.
func (p *pane) visible(height int) []string {
	p.above = max(0, min(p.above, len(p.rows)-height))
	end := len(p.rows) - p.above
	return p.rows[max(0, end-height):end]
}

package main

import (
	"slices"
	"time"
)

// panes are the conversations that the window has: one for each room that has been entered. There is always one.
type panes struct {
	all []*pane
	at  int // the one in sight
}

// pane returns the one of that room, which is opened if there is none.
func (ps *panes) pane(room string) *pane {
	if p := ps.find(room); p != nil {
		return p
	}
	if ps.all[0].room == "" {
		ps.all[0].room = room
		return ps.all[0]
	}
	p := &pane{room: room}
	ps.all = append(ps.all, p)
	return p
}

func (ps *panes) find(room string) *pane {
	for _, p := range ps.all {
		if sameName(p.room, room) {
			return p
		}
	}
	return nil
}

// conversation is the one for what is written with a user, nil where none is open.
func (ps *panes) conversation(name string) *pane {
	if p := ps.find(name); p != nil && p.isPrivate() {
		return p
	}
	return nil
}

// shown is the pane in sight.
func (ps *panes) shown() *pane { return ps.all[ps.at] }

// bring brings a pane in sight, and says whether there is such a one.
func (ps *panes) bring(n int) bool {
	if n < 0 || n >= len(ps.all) {
		return false
	}
	ps.at = n
	if p := ps.shown(); p.past == nil {
		p.unread = 0
	}
	return true
}

// close takes a pane away, which must not be the only one.
func (ps *panes) close(n int) {
	ps.all = slices.Delete(ps.all, n, n+1)
	if ps.at > n || ps.at == len(ps.all) {
		ps.at--
	}
}

// tell puts words of the client's own, or of nobody's in particular, before the person's eyes.
func (ps *panes) tell(t tone, words string) {
	ps.shown().add(entry{at: time.Now(), tone: t, text: words})
}

// put adds an entry to a room, nil for the one in sight.
func (ps *panes) put(p *pane, e entry) {
	if p == nil {
		p = ps.shown()
	}
	if e.at.IsZero() {
		e.at = time.Now()
	}
	goesOn := !e.id.None() && e.id == p.last // one more line of a message
	p.add(e)
	if (p != ps.shown() || p.past != nil) && e.tone != toneNotice && e.who != you && !goesOn {
		p.unread++
	}
}

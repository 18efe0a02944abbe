package main

import (
	"slices"
	"time"

	"looproom/cmd/loopchat/session"
)

// sameMoment is how far the times of one message may be apart, where one is told with milliseconds and one without.
const sameMoment = 2 * time.Second

// merge puts messages that have ids, oldest first, where they belong in the history. Those that are there already are not put there again: one
// without an id, as the person's own that is still on its way, gets the id of the one that is the same. missed says that the
// person was away, which then stands over them. It returns what was new.
func (p *pane) merge(recent []entry, missed bool) (fresh []entry) {
	known := map[session.MessageID]bool{} // at most as many as the pane keeps
	for i := range p.entries {
		known[p.entries[i].id] = true
	}
	for _, r := range recent {
		if !known[r.id] && !p.adopt(&r) {
			fresh = append(fresh, r)
		}
	}
	if len(fresh) == 0 {
		return nil
	}
	if missed {
		head := awayHead(plural(len(fresh), "message"))
		head.at = fresh[0].at
		p.insert(head, fresh[0].id)
	}
	for _, r := range fresh {
		p.insert(r, r.id)
	}
	return fresh
}

// append is merge for messages without ids: those are known that the history ends with.
func (p *pane) append(recent []entry, missed bool) (fresh []entry) {
	fresh = recent[overlap(p.entries, recent):]
	if missed && len(fresh) > 0 {
		head := awayHead(plural(len(fresh), "message"))
		head.at = fresh[0].at
		p.add(head)
	}
	for _, e := range fresh {
		p.add(e)
	}
	return fresh
}

func awayHead(what string) entry {
	return entry{tone: toneNotice, text: "While you were away: " + what}
}

// adopt gives the id of r to the oldest message of the history that is the same and has none.
func (p *pane) adopt(r *entry) bool {
	for i := range p.entries {
		e := &p.entries[i]
		if e.id.None() && !e.again && e.tone == r.tone && e.who == r.who && e.to == r.to && e.text == r.text && (e.mark != arrived || e.at.Sub(r.at).Abs() < sameMoment) {
			p.identify(e, r.id)
			return true
		}
	}
	return false
}

// insert puts e in front of the first message that was said behind id; of one without an id the time tells, as of notices. A window that has been
// scrolled up stays where it is.
func (p *pane) insert(e entry, id session.MessageID) {
	said := e.at.Truncate(time.Second)
	at := slices.IndexFunc(p.entries, func(old entry) bool {
		return old.id.After(id) || old.id.None() && !old.again && isMessage(old.tone) && !old.at.Before(said)
	})
	if at < 0 {
		at = len(p.entries)
	}
	for at > 0 && p.entries[at-1].id.None() && !isMessage(p.entries[at-1].tone) && p.entries[at-1].at.After(e.at) {
		at--
	}
	p.addAt(at, e)
}

// has says whether the message, one of the room, is in the history.
func (p *pane) has(id session.MessageID) bool { return !id.After(p.last) && p.holds(id) }

// lately is the message that was told right before, where it was shown; none for anything else.
type lately struct{ id session.MessageID }

// hears is for what is told now, which has that id, or none.
func (l *lately) hears(id session.MessageID) {
	if id != l.id {
		l.id = session.MessageID{}
	}
}

// knows says whether p shows the message of that id, which is told now. One of several lines is told line by line, by the same id each.
func (l *lately) knows(p *pane, id session.MessageID) bool {
	switch {
	case id.None() || id == l.id:
		return false
	case p != nil && p.has(id):
		return true
	}
	l.id = id
	return false
}

// holds is has for any message.
func (p *pane) holds(id session.MessageID) bool { return p.find(id) >= 0 }

// behind is how many messages of others the history has behind id.
func (p *pane) behind(id session.MessageID) (count int64) {
	for i := range p.entries {
		if e := &p.entries[i]; isMessage(e.tone) && e.who != you && e.id.After(id) {
			count++
		}
	}
	return count
}

// name gives the person's own message of that number its id.
func (p *pane) name(number int64, id session.MessageID) {
	for i := len(p.entries) - 1; i >= 0; i-- {
		if p.entries[i].number == number {
			p.identify(&p.entries[i], id)
			return
		}
	}
}

func (p *pane) identify(e *entry, id session.MessageID) {
	if e.id = id; isMessage(e.tone) {
		p.last = id.Later(p.last)
	}
}

// overlap returns how many messages at the front of recent are the last ones of the history, but for those at its end that may not have arrived.
func overlap(history, recent []entry) int {
	for {
		if n := overlapEnd(history, recent); n > 0 {
			return n
		}
		last := len(history) - 1
		for last >= 0 && !isMessage(history[last].tone) {
			last--
		}
		if last < 0 || history[last].mark == arrived {
			return 0
		}
		history = history[:last]
	}
}

// overlapEnd is overlap with the end of the history as it is.
func overlapEnd(history, recent []entry) int {
	var last []entry
	for i := len(history) - 1; i >= 0 && len(last) < len(recent); i-- {
		if isMessage(history[i].tone) {
			last = append([]entry{history[i]}, last...)
		}
	}
	for n := len(last); n > 0; n-- {
		if sameMessages(last[len(last)-n:], recent[:n]) {
			return n
		}
	}
	return 0
}

func sameMessages(a, b []entry) bool {
	for i := range a {
		if a[i].tone != b[i].tone || a[i].who != b[i].who || a[i].text != b[i].text {
			return false
		}
	}
	return true
}

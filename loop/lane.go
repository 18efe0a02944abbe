//go:build linux

package loop

import "looproom/loop/room"

// lane gathers what is said in one room, one message behind the other, so that a batch of messages costs each member one step and
// not one per message. What it holds is given to the members by settle: at the latest when the loop flushes, and before anything
// else is said to one of them or anyone comes or goes, so that each client sees one order.
type lane struct {
	room  *mirrorRoom // nil: it is empty
	forms []laneForm  // in the wire forms that are read in the room
	turn  uint64      // counts the settlings; a peer with this mark has said something in the lane
}

// laneForm is the lane in one wire form.
type laneForm struct {
	form    uint8
	entries []laneEntry
	merged  []span // the entries as one reads them who is left out of none
}

// laneEntry is one message: its range of the delivery log, and whom it leaves out.
type laneEntry struct {
	span   span
	except room.ClientID
}

// gather adds an event to the lane of its room.
func (l *eventLoop) gather(r *mirrorRoom, e *room.Event) {
	if l.lane.room != r {
		l.settle()
		l.lane.room = r
		l.lane.forms = l.lane.forms[:0]
		for _, f := range r.forms {
			l.lane.open(f.form)
		}
	}
	for i := range l.lane.forms {
		f := &l.lane.forms[i]
		s := l.encoded(e, f.form)
		f.entries = append(f.entries, laneEntry{s, e.Client})
		f.merged = merge(f.merged, s)
	}
	if p := l.peer(e.Client); p != nil {
		p.laneTurn = l.lane.turn
	}
	l.askFlush()
}

// open adds a wire form, in the memory of an earlier one if there is any.
func (n *lane) open(form uint8) {
	if len(n.forms) < cap(n.forms) {
		n.forms = n.forms[:len(n.forms)+1]
	} else {
		n.forms = append(n.forms, laneForm{})
	}
	f := &n.forms[len(n.forms)-1]
	f.form, f.entries, f.merged = form, f.entries[:0], f.merged[:0]
}

// merge adds s, to the last span if they touch.
func merge(spans []span, s span) []span {
	if n := len(spans); n > 0 && spans[n-1].end == s.start {
		spans[n-1].end = s.end
		return spans
	}
	return append(spans, s)
}

// settle gives the lane's messages to the members of its room.
func (l *eventLoop) settle() {
	r := l.lane.room
	if r == nil {
		return
	}
	l.lane.room = nil
	for _, m := range r.members {
		f := l.lane.of(m.form)
		if m.peer.laneTurn == l.lane.turn {
			l.settleTalker(m.peer, f)
			continue
		}
		for _, s := range f.merged {
			l.push(m.peer, s)
		}
	}
	l.lane.turn++
}

// settleTalker leaves out what p said itself.
func (l *eventLoop) settleTalker(p *peer, f *laneForm) {
	for i := range f.entries {
		if f.entries[i].except != p.id {
			l.push(p, f.entries[i].span)
		}
	}
}

func (n *lane) of(form uint8) *laneForm {
	for i := range n.forms {
		if n.forms[i].form == form {
			return &n.forms[i]
		}
	}
	return nil // never: nobody comes to the room or changes its form while the lane is in use
}

// settleFor settles the lane if p is told of what it holds.
func (l *eventLoop) settleFor(p *peer) {
	if l.lane.room != nil && p.seatIn(l.lane.room) != nil {
		l.settle()
	}
}

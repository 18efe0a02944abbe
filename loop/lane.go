//go:build linux

package loop

import (
	"golang.org/x/sys/unix"

	"looproom/loop/room"
)

// lane gathers what is said in one room, one message behind the other, so that a batch of messages costs each member one step and
// not one per message. What it holds is given to the members by settle: at the latest when the loop flushes, and before anything
// else is said to one of them or anyone comes or goes, so that each client sees one order.
type lane struct {
	room  *mirrorRoom // nil: it is empty
	forms []laneForm  // in the wire forms that are read in the room
	// talkers have said something that is in the lane. Their peers are marked as well.
	talkers []*peer
}

// laneForm is the lane in one wire form.
type laneForm struct {
	form    uint8
	entries []laneEntry
	merged  []span       // the entries as one reads them who is left out of none
	iov     []unix.Iovec // merged as one write, prepared for many
	bytes   int          // in iov
}

// laneEntry is one message: its range of the delivery log, and whom it leaves out.
type laneEntry struct {
	span   span
	except room.ClientID
}

// gather adds an event to the lane of its room.
func (l *eventLoop) gather(r *mirrorRoom, e *room.Event) {
	l.said++
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
	if p := l.peer(e.Client); p != nil && !p.talked {
		p.talked = true
		l.lane.talkers = append(l.lane.talkers, p)
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

// settle puts the lane's messages into the outboxes of its room's members.
func (l *eventLoop) settle() {
	r := l.lane.room
	if r == nil {
		return
	}
	l.lane.room = nil
	for _, p := range r.members {
		l.settleWith(p, l.lane.of(p.seatIn(r).form))
	}
	l.endTurn()
}

// settleNow is settle when nothing more is to come before the flush: who has nothing else waiting gets its bytes at once, by a write that
// is the same for all of them, and needs no outbox.
func (l *eventLoop) settleNow() {
	r := l.lane.room
	if r == nil {
		return
	}
	l.lane.room = nil
	r.order()
	for i := range l.lane.forms {
		l.lane.forms[i].prepare(&l.log)
	}
	for _, p := range r.members {
		f := l.lane.of(p.seatIn(r).form)
		if p.out != nil || p.talked || p.deaf() || p.secure() != nil || len(f.iov) == 0 || !l.writeLane(p, f) {
			l.settleWith(p, f)
		}
	}
	for i := range l.lane.forms {
		clear(l.lane.forms[i].iov)
	}
	l.endTurn()
}

func (l *eventLoop) endTurn() {
	for i, p := range l.lane.talkers {
		p.talked, l.lane.talkers[i] = false, nil
	}
	l.lane.talkers = l.lane.talkers[:0]
}

// prepare makes one write of the merged spans; there is none if they are too many.
func (f *laneForm) prepare(log *deliveryLog) {
	f.iov, f.bytes = f.iov[:0], 0
	if len(f.merged) > maxSlices {
		return
	}
	var scratch [8][]byte
	for i, s := range f.merged {
		if i == 0 {
			s.start += uint64(s.lead)
		}
		for _, b := range log.slices(scratch[:0], s.start, s.end) {
			f.iov = append(f.iov, unix.Iovec{Base: &b[0], Len: uint64(len(b))})
			f.bytes += len(b)
		}
	}
}

// writeLane writes the lane to p, who has nothing waiting. What its socket doesn't take waits. If nothing could be written, it returns
// false.
func (l *eventLoop) writeLane(p *peer, f *laneForm) bool {
	n, errno := writeRaw(int(p.fd), f.iov)
	if errno != 0 || n == 0 {
		return false // the flush of its outbox will find out why
	}
	l.tally.wrote(n)
	if n < f.bytes {
		l.settleWith(p, f)
		l.sent(p, n)
		return true
	}
	l.tally.deliveries += uint64(len(f.entries))
	return true
}

// settleWith puts the lane into p's outbox.
func (l *eventLoop) settleWith(p *peer, f *laneForm) {
	if p.deaf() {
		return
	}
	if p.talked {
		l.settleTalker(p, f)
		return
	}
	l.tally.deliveries += uint64(len(f.entries))
	for _, s := range f.merged {
		l.pushTalk(p, s)
	}
}

// settleTalker leaves out what p said itself.
func (l *eventLoop) settleTalker(p *peer, f *laneForm) {
	for i := range f.entries {
		if f.entries[i].except != p.id {
			l.tally.deliveries++
			l.pushTalk(p, f.entries[i].span)
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

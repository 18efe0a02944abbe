//go:build linux

package loop

import (
	"bytes"
	"slices"

	"looproom/loop/room"
)

// deliver tells this loop's part of an event's audience.
func (l *eventLoop) deliver(e *room.Event) {
	l.event++
	switch e.Scope {
	case room.ToClient:
		if p := l.peer(e.Client); p != nil {
			l.answer(p, e)
		}
	case room.ToRoom:
		if r := l.mirror.rooms[e.Room]; r != nil {
			l.gather(r, e)
		}
	case room.ToRooms:
		l.settle()
		l.tellRooms(e)
	case room.ToLoops:
		l.settle()
		if p := l.peer(e.Client); p != nil {
			l.note(p, e)
		}
	}
}

// answer tells p alone. What is asked of the file store is done here, at its place in the order of p's answers.
func (l *eventLoop) answer(p *peer, e *room.Event) {
	switch e.Kind {
	case room.FilesAsked:
		l.listFiles(p, e)
	case room.FileAsked:
		l.sendFile(p, e)
	case room.UploadAsked:
		l.beginUpload(p, e)
	case room.Asked:
		l.asked(p, e.Ask)
	case room.Refused:
		l.noteRefusal(p, e.Code)
		l.tell(p, e)
	case room.KickedUser:
		l.server.log.Info().Str("user", e.Who).Str("by", p.address).Msg("kicked")
		l.tell(p, e)
	case room.Welcomed:
		l.tell(p, e)
		if p.door.url.greets && !p.deaf() {
			l.pushLine(p, greeting)
		}
	case room.Admitted:
		if !p.deaf() {
			p.become(guest)
		}
		l.tell(p, e)
	case room.SignedIn, room.Nicked, room.LoggedIn:
		if !p.deaf() { // else it has been counted as gone, or as about to go
			p.become(signedIn)
		}
		l.tell(p, e)
	default:
		l.tell(p, e)
	}
}

// noteRefusal is for those refusals that mean more than an answer.
func (l *eventLoop) noteRefusal(p *peer, code room.Code) {
	switch code {
	case room.NeedPassword:
		l.lockedOut(p)
	case room.Kicked:
		l.logEnd(p, "kicked")
	case room.LoggedInElsewhere:
		l.logEnd(p, "logged in elsewhere")
	}
}

// tell puts e into p's outbox, as about its current room.
func (l *eventLoop) tell(p *peer, e *room.Event) {
	if p.deaf() {
		return
	}
	l.settleFor(p)
	l.tally.deliveries++
	l.push(p, l.encoded(e, p.door.form(true)))
}

// tellRooms tells the members of several rooms, nobody twice.
func (l *eventLoop) tellRooms(e *room.Event) {
	for i, id := range e.Rooms {
		for _, p := range l.mirror.members(id) {
			if p.id != e.Client && !p.isInOneOf(e.Rooms[:i]) {
				l.tell(p, e)
			}
		}
	}
}

func (p *peer) isInOneOf(rooms []room.RoomID) bool {
	for seat := range p.seats {
		if slices.Contains(rooms, seat.room.id) {
			return true
		}
	}
	return false
}

// note keeps the mirror and the ends of connections.
func (l *eventLoop) note(p *peer, e *room.Event) {
	if e.Kind != room.Gone {
		l.mirror.apply(p, e)
		return
	}
	l.mirror.removeAll(p)
	p.gone = true
	if p.closed() {
		l.release(p)
		return
	}
	p.finished = true
	l.soil(p)
}

// encoded returns e in the wire form, encoded on first use.
func (l *eventLoop) encoded(e *room.Event, form uint8) span {
	s := &l.spans[form]
	if s.event != l.event {
		s.event = l.event
		s.span = l.encode(e, form)
	}
	return s.span
}

func (l *eventLoop) encode(e *room.Event, form uint8) span {
	wire, here := &l.server.doors.wires[form/2], form%2 == 1
	tail := l.log.open(headroom)
	if wire.framing == lines {
		return l.log.close(native.Append(tail, e, here))
	}
	l.text = native.Append(l.text[:0], e, here)
	for text := l.text; len(text) > 0; {
		line, rest, _ := bytes.Cut(text, []byte{'\n'})
		tail = wire.append(tail, line)
		text = rest
	}
	s := l.log.close(tail)
	s.lead = wire.lead()
	return s
}

// push puts a range of the delivery log into p's outbox.
func (l *eventLoop) push(p *peer, s span) { l.pushKind(p, s, false) }

// pushTalk is push for what is said in a room, which a slow client may lose.
func (l *eventLoop) pushTalk(p *peer, s span) { l.pushKind(p, s, p.door.url.skip) }

func (l *eventLoop) pushKind(p *peer, s span, skippable bool) {
	if p.deaf() || s.start == s.end {
		return
	}
	l.outboxOf(p).add(s, skippable)
	if !p.waiting() {
		l.soil(p)
		return
	}
	l.checkSendQ(p)
}

// checkSendQ has the next flush look at p if more waits for it than may for anybody.
func (l *eventLoop) checkSendQ(p *peer) {
	if !p.over && p.out.size > l.server.limits.Load().hardSendQ {
		p.over = true
		l.over = append(l.over, p)
		l.askFlush()
	}
}

// soil has p looked at by the next flush.
func (l *eventLoop) soil(p *peer) {
	if !p.dirty {
		p.dirty = true
		l.dirty = append(l.dirty, p)
		l.askFlush()
	}
}

// outboxOf is p's outbox, a spare one if p has none.
func (l *eventLoop) outboxOf(p *peer) *outbox {
	if p.out == nil {
		if n := len(l.outboxes); n > 0 {
			p.out, l.outboxes = l.outboxes[n-1], l.outboxes[:n-1]
		} else {
			p.out = newOutbox()
		}
	}
	return p.out
}

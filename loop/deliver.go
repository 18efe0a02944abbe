//go:build linux

package loop

import (
	"bytes"
	"cmp"
	"slices"

	"looproom/loop/delivery"
	"looproom/loop/ending"
	"looproom/loop/meter"
	"looproom/loop/room"
	"looproom/loop/session"
	"looproom/loop/transport"
)

// deliver tells this loop's part of an event's audience.
func (l *eventLoop) deliver(e *room.Event) {
	switch e.Scope {
	case room.ToClient:
		if p := l.peer(e.Client); p != nil {
			l.answer(p, e)
		}
	case room.ToRoom:
		if g := l.mirror.rooms[e.Room]; g != nil {
			l.tellRoom(g, e)
		}
	case room.ToRooms:
		l.tellRooms(e)
	case room.ToLoops:
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
		l.uploads.begin(p, e)
	case room.Asked:
		l.answers.Asked(p.id, e.Ask)
	case room.Refused:
		l.noteRefusal(p, e.Why.Code())
		l.tell(p, e)
	case room.KickedUser:
		l.server.log.Info().Str("user", e.Who).Str("by", p.address).Msg("kicked")
		l.tell(p, e)
	case room.Welcomed:
		l.tell(p, e)
		if p.door.Greets() && !p.deaf() {
			l.tellLine(p, greeting)
		}
	case room.Admitted:
		if !p.deaf() {
			p.become(meter.Guest)
		}
		l.tell(p, e)
	case room.SignedIn, room.Nicked, room.LoggedIn:
		if !p.deaf() { // else it has been counted as gone, or as about to go
			p.become(meter.SignedIn)
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
		if p.standing != meter.Locked {
			p.become(meter.Locked)
			l.answers.LockedOut(p.id)
		}
	case room.Kicked:
		l.ends.note(p, p.end.Expelled(ending.Kicked), "")
	case room.LoggedInElsewhere:
		l.ends.note(p, p.end.Expelled(ending.LoggedElsewhere), "")
	}
}

// tell tells p alone, as about its current room, behind all that it has been told before.
func (l *eventLoop) tell(p *peer, e *room.Event) {
	l.telling = telling{l, e, true}
	if e.Kind == room.Whispered {
		l.writer.Tell(&p.out, &l.telling, p.door.Form(true))
		return
	}
	l.writer.Answer(&p.out, &l.telling, p.door.Form(true))
	if e.Rest != nil {
		l.tellRest(p, e)
	}
}

// tellRoom tells the members of a room but e.Client.
func (l *eventLoop) tellRoom(g *delivery.Group, e *room.Event) {
	l.telling = telling{l, e, false}
	l.writer.Publish(g, l.receiver(e.Client), &l.telling)
}

// tellRooms tells the members of several rooms, nobody twice. The largest comes first: only who is in others as well costs anything.
func (l *eventLoop) tellRooms(e *room.Event) {
	groups := l.groups[:0]
	for _, id := range e.Rooms {
		if g := l.mirror.rooms[id]; g != nil {
			groups = append(groups, g)
		}
	}
	slices.SortStableFunc(groups, func(a, b *delivery.Group) int { return cmp.Compare(b.Len(), a.Len()) })
	l.telling = telling{l, e, true}
	l.writer.PublishOnce(groups, l.receiver(e.Client), &l.telling)
	clear(groups)
	l.groups = groups[:0]
}

func (l *eventLoop) receiver(id room.ClientID) *delivery.Receiver {
	if p := l.peer(id); p != nil {
		return &p.out
	}
	return nil
}

// note keeps the mirror and the ends of connections.
func (l *eventLoop) note(p *peer, e *room.Event) {
	switch e.Kind {
	case room.Gone:
	case commandDone:
		l.inputs.resume(p, session.ForHome)
		return
	default:
		l.mirror.apply(p, e)
		return
	}
	l.mirror.removeAll(p)
	l.ends.note(p, p.end.Forgotten(), "")
}

// telling is the event that is being delivered, as a delivery.Message.
type telling struct {
	loop  *eventLoop
	event *room.Event
	// here says that everyone reads it as about its current room.
	here bool
}

// Append implements delivery.Message.
func (t *telling) Append(dst []byte, form uint8) []byte {
	plantDelivery(t.event)
	l, layout, here := t.loop, t.loop.server.doors.Layout(form), t.here || form%2 == 1
	if layout.Framing == delivery.Lines {
		return native.Append(dst, t.event, here)
	}
	l.text = native.Append(l.text[:0], t.event, here)
	for text := l.text; len(text) > 0; {
		line, rest, _ := bytes.Cut(text, []byte{'\n'})
		dst = appendLine(dst, line, layout)
		text = rest
	}
	return dst
}

// tellNow puts an event of the loop's own in the place of the one that is being delivered.
func (l *eventLoop) tellNow(p *peer, e *room.Event) {
	l.tell(p, e)
}

// appendLine lays line, which has no end, out at the end of dst.
func appendLine(dst, line []byte, y delivery.Layout) []byte {
	return transport.AppendLine(dst, line, y, native.Head)
}

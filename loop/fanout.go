//go:build linux

package loop

import (
	"cmp"
	"slices"

	"looproom/loop/delivery"
	"looproom/loop/dialect/irc"
	"looproom/loop/door"
	"looproom/loop/room"
)

// fanOut brings events to those clients of one loop that they are for, in the words of their dialect. It belongs to the loop's goroutine.
type fanOut struct {
	writer *delivery.Writer
	peers  *peers
	doors  *door.Doors
	// ircName is the name of the server, for those who speak IRC.
	ircName func() string
	mirror  mirror
	// on are the kinds of events that mean more to the loop than words: what it does for the one client that such an event is for, instead of telling it.
	on [256]func(*peer, *room.Event)
	// failed is told when the delivery of an event has panicked, with the client if it was for one.
	failed func(p *peer, panicked any)
	// atHome has work done on the home loop, and what that returns on this one. nil: this is the home loop.
	atHome func(work func() (then func()))
	// soon has work done on this loop, in a step of its own.
	soon func(work func())

	telling telling           // the event that is being delivered
	groups  []*delivery.Group // scratch: of an event
	text    []byte            // scratch: an event as text
	spare   spareTexts        // of pieces of long answers
}

// publish delivers events. A panic in one of them costs who is told alone, if it is one client, and the others come all the same: one may say that a
// client has gone.
func (f *fanOut) publish(events []room.Event) {
	for done := 0; done < len(events); {
		done = f.publishFrom(events, done)
	}
}

// publishFrom delivers events from the first on. It returns how many are done, which are all unless one panics.
func (f *fanOut) publishFrom(events []room.Event, first int) (done int) {
	at := first
	defer func() {
		if r := recover(); r != nil {
			f.undelivered(&events[at], r)
			done = at + 1
		}
	}()
	for ; at < len(events); at++ {
		f.deliver(&events[at])
	}
	return at
}

// undelivered is when the delivery of an event has panicked.
func (f *fanOut) undelivered(e *room.Event, panicked any) {
	if e.Scope == room.ToClient {
		f.failed(f.peers.of(e.Client), panicked)
		return
	}
	f.failed(nil, panicked)
}

// deliver tells this loop's part of an event's audience.
func (f *fanOut) deliver(e *room.Event) {
	switch e.Scope {
	case room.ToRoom:
		if g := f.mirror.rooms[e.Room]; g != nil {
			f.telling = telling{by: f, event: e}
			f.writer.Publish(g, f.receiver(e.Client), &f.telling)
			f.tellEach(e, g)
		}
	case room.ToRooms:
		f.deliverOnce(e)
	default:
		if p := f.peers.of(e.Client); p != nil {
			f.deliverTo(p, e)
		}
	}
}

// deliverTo does what an event is for that is p's alone, at its place in the order of all that p is told.
func (f *fanOut) deliverTo(p *peer, e *room.Event) {
	switch on := f.on[e.Kind]; {
	case on != nil:
		on(p, e)
	case e.Scope == room.ToLoops:
		f.mirror.apply(p, e)
	default:
		f.tell(p, e)
	}
}

// deliverOnce tells the members of several rooms, nobody twice. The largest comes first: only who is in others as well costs anything.
func (f *fanOut) deliverOnce(e *room.Event) {
	groups := f.groups[:0]
	for _, id := range e.Rooms {
		if g := f.mirror.rooms[id]; g != nil {
			groups = append(groups, g)
		}
	}
	slices.SortStableFunc(groups, func(a, b *delivery.Group) int { return cmp.Compare(b.Len(), a.Len()) })
	f.telling = telling{by: f, event: e, here: true}
	f.writer.PublishOnce(groups, f.receiver(e.Client), &f.telling)
	f.tellEach(e, groups...)
	clear(groups)
	f.groups = groups[:0]
}

func (f *fanOut) receiver(id room.ClientID) *delivery.Receiver {
	if p := f.peers.of(id); p != nil {
		return &p.out
	}
	return nil
}

// tell tells p alone, as about its current room, behind all that it has been told before.
func (f *fanOut) tell(p *peer, e *room.Event) {
	f.telling = telling{by: f, event: e, here: true, to: p.irc()}
	if e.Kind == room.Whispered {
		f.writer.Tell(&p.out, &f.telling, p.here)
		return
	}
	f.writer.Answer(&p.out, &f.telling, p.here)
	if e.Rest != nil {
		f.tellRest(p, e)
	}
}

// tellIDs tells p that it is told the ids of messages from now on, or no more. What has been said before, and still waits for it, stays as it was.
func (f *fanOut) tellIDs(p *peer, e *room.Event) {
	f.tell(p, e)
	p.readAs(door.Voice(p.here), e.On)
	f.mirror.reform(p)
}

// tellLine tells p a line that is no event.
func (f *fanOut) tellLine(p *peer, line string) {
	f.writer.Answer(&p.out, plainLine{f.doors, line}, p.here)
}

// appendWords appends an event to dst as p reads it.
func (f *fanOut) appendWords(dst []byte, p *peer, e *room.Event) []byte {
	return (&telling{by: f, event: e, here: true, to: p.irc()}).Append(dst, p.here)
}

// tellEach tells those members of the groups who speak IRC of an event that reads differently to each of them.
func (f *fanOut) tellEach(e *room.Event, groups ...*delivery.Group) {
	if !irc.Personal(e.Kind) {
		return
	}
	delivery.Each(groups, f.receiver(e.Client), func(r *delivery.Receiver) {
		if p := f.peers.of(room.ClientID(r.ID())); p != nil && p.irc() != nil {
			f.telling = telling{by: f, event: e, here: true, to: p.irc()}
			f.writer.Tell(r, &f.telling, p.here)
		}
	})
}

//go:build linux

package loop

import (
	"looproom/loop/door"
	"looproom/loop/ending"
	"looproom/loop/reactor"
	"looproom/loop/room"
)

// command returns a command of the client, of now.
func (l *eventLoop) command(id room.ClientID, verb room.Verb) room.Command {
	now := l.server.clock()
	return room.Command{Verb: verb, Client: id, At: now, Unix: l.server.began.Add(now).Unix(), N: room.None}
}

// submit brings cmd to the room: at once on the home loop, with the next flush from another one.
func (l *eventLoop) submit(cmd *room.Command) {
	switch {
	case !l.isHome():
		l.toHome = append(l.toHome, *cmd)
		l.askFlush()
	case l.applying:
		l.queue = append(l.queue, *cmd)
	default:
		l.apply(cmd)
	}
}

// apply runs cmd through the room and delivers what follows, and then what came up meanwhile. Home loop only.
func (l *eventLoop) apply(cmd *room.Command) {
	l.applying = true
	l.publish(l.watched(cmd, l.startOf(cmd)))
	l.done(cmd)
	for i := 0; i < len(l.queue); i++ {
		next := l.queue[i]
		if next.Verb == 0 {
			continue
		}
		l.queue[i].Verb = 0 // should what follows panic, it is not applied once more
		l.publish(l.watched(&next, l.server.clock()))
		l.done(&next)
	}
	clear(l.queue)
	l.queue = l.queue[:0]
	l.applying = false
}

// publish delivers events. A panic in one of them costs who is told alone, if it is one client, and the others come all the same: one may say that a
// client has gone.
func (l *eventLoop) publish(events []room.Event) {
	for done := 0; done < len(events); {
		done = l.publishFrom(events, done)
	}
}

// publishFrom delivers events from the first on. It returns how many are done, which are all unless one panics.
func (l *eventLoop) publishFrom(events []room.Event, first int) (done int) {
	at := first
	defer func() {
		if r := recover(); r != nil {
			l.undelivered(&events[at], r)
			done = at + 1
		}
	}()
	for ; at < len(events); at++ {
		e := &events[at]
		if len(l.server.loops) > 1 {
			l.forward(e)
		}
		l.deliver(e)
	}
	return at
}

// undelivered is when the delivery of an event has panicked on this loop.
func (l *eventLoop) undelivered(e *room.Event, panicked any) {
	l.logPanic(panicked)
	if p := l.peer(e.Client); p != nil && e.Scope == room.ToClient {
		l.ends.cut(p, ending.InternalError, "")
	}
}

// forward adds e to what the other loops get with the next flush.
func (l *eventLoop) forward(e *room.Event) {
	l.askFlush()
	if e.Scope == room.ToClient || e.Scope == room.ToLoops {
		if i := door.LoopOf(e.Client); i != l.index && i < len(l.toLoops) {
			l.toLoops[i] = append(l.toLoops[i], *e)
		}
		return
	}
	for i := range l.toLoops {
		if i != l.index {
			l.toLoops[i] = append(l.toLoops[i], *e)
		}
	}
}

// exchange sends this batch's commands to the home loop, or its events to the others.
func (l *eventLoop) exchange() {
	if len(l.toHome) > 0 {
		home, commands := l.server.home(), l.toHome
		l.toHome = nil
		home.reactor.Post(func() { home.applyAll(commands) })
	}
	for i, events := range l.toLoops {
		if len(events) > 0 {
			other := l.server.loops[i]
			l.toLoops[i] = nil
			other.reactor.Post(func() { other.deliverAll(events) })
		}
	}
}

// applyAll is the letter by which commands come to the home loop. It goes on piece by piece, before all letters behind it.
func (l *eventLoop) applyAll(commands []room.Command) {
	began := l.server.clock()
	for i := range commands {
		l.submit(&commands[i])
		if l.input.Seen()-began >= reactor.MaxPiece && i+1 < len(commands) {
			l.reactor.GoOn(func() { l.applyAll(commands[i+1:]) })
			return
		}
	}
}

// deliverAll is the letter by which events come to another loop. It goes on as applyAll does.
func (l *eventLoop) deliverAll(events []room.Event) {
	began := l.server.clock()
	for i := range events {
		l.deliverGuarded(&events[i])
		if (i+1)%reactor.LooksAPiece == 0 && i+1 < len(events) && l.server.clock()-began >= reactor.MaxPiece {
			l.reactor.GoOn(func() { l.deliverAll(events[i+1:]) })
			return
		}
	}
}

func (l *eventLoop) deliverGuarded(e *room.Event) {
	defer func() {
		if r := recover(); r != nil {
			l.undelivered(e, r)
		}
	}()
	l.deliver(e)
}

// refuse tells the peer why not, in the order of its other answers.
func (l *eventLoop) refuse(p *peer, why room.Refusal) {
	cmd := l.command(p.id, room.Refuse)
	cmd.Because(why)
	l.submit(&cmd)
}

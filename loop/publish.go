//go:build linux

package loop

import (
	"looproom/loop/ending"
	"looproom/loop/reactor"
	"looproom/loop/room"
)

// publish delivers events, and keeps them for other loops. A panic in one of them costs who is told alone, if it is one client, and the others come all the same: one may say that a
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
			l.exchange.add(e)
			l.askFlush()
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

// deliverAll is the letter by which events come to another loop. It goes on as home.applyAll does.
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

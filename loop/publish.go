//go:build linux

package loop

import (
	"looproom/loop/reactor"
	"looproom/loop/room"
)

// publish brings events of the home to all loops, and what is to be kept of them to the store.
func (l *eventLoop) publish(events []room.Event) {
	if l.exchange.tap.take(events) {
		l.batch.ask()
	}
	if len(l.server.loops) > 1 && len(events) > 0 {
		l.exchange.add(events)
		l.batch.ask()
	}
	l.fanOut.publish(events)
}

// deliverAll is the letter by which events come to another loop. It goes on as home.applyAll does.
func (l *eventLoop) deliverAll(events []room.Event) {
	began := l.server.clock()
	for len(events) > 0 {
		n := min(len(events), reactor.LooksAPiece)
		l.fanOut.publish(events[:n])
		if events = events[n:]; len(events) > 0 && l.server.clock()-began >= reactor.MaxPiece {
			l.reactor.GoOn(func() { l.deliverAll(events) })
			return
		}
	}
}

//go:build linux

package loop

import (
	"looproom/loop/door"
	"looproom/loop/room"
)

// exchange is what a loop has for others, of the batch at hand: commands for the home loop, or events from it, and what the store is to keep.
type exchange struct {
	server   *Server
	index    int            // of the loop
	commands []room.Command // for the home loop
	events   [][]room.Event // by loop. Home loop only
	tap      tap            // home loop only
}

// add adds events to what the loops get that they are for.
func (x *exchange) add(events []room.Event) {
	for i := range events {
		x.addOne(&events[i])
	}
}

func (x *exchange) addOne(e *room.Event) {
	if e.Scope == room.ToClient || e.Scope == room.ToLoops {
		if e.Client.Node() != x.server.doors.Node() {
			return
		}
		if i := door.LoopOf(e.Client); i != x.index && i < len(x.events) {
			x.events[i] = append(x.events[i], *e)
		}
		return
	}
	for i := range x.events {
		if i != x.index {
			x.events[i] = append(x.events[i], *e)
		}
	}
}

// send posts what there is.
func (x *exchange) send() {
	x.tap.send()
	if commands := x.commands; len(commands) > 0 {
		x.commands = nil
		l := x.server.homeLoop()
		l.reactor.Post(func() { l.home.applyAll(commands) })
	}
	for i, events := range x.events {
		if len(events) > 0 {
			x.events[i] = nil
			other := x.server.loops[i]
			other.reactor.Post(func() { other.deliverAll(events) })
		}
	}
}

// waits says whether there is something to be sent.
func (x *exchange) waits() bool {
	for _, events := range x.events {
		if len(events) > 0 {
			return true
		}
	}
	return len(x.commands) > 0 || len(x.tap.batch) > 0
}

// atHome has work done on the home loop, and what it returns on this one.
func (l *eventLoop) atHome(work func() (then func())) {
	l.server.homeLoop().reactor.Post(func() { l.reactor.Post(work()) })
}

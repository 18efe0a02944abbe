//go:build linux

package loop

import (
	"time"

	"github.com/rs/zerolog"

	"looproom/loop/door"
	"looproom/loop/room"
)

// watched is State.Apply, and how long it took since began. Home loop only.
func (l *eventLoop) watched(cmd *room.Command, began time.Duration) []room.Event {
	events := l.applied(cmd)
	now := l.server.clock()
	l.input.Saw(now)
	took := now - began
	if line := l.meter.Applied(took); line != nil {
		l.sayWhose(line, cmd.Client, cmd.Verb)
	}
	return events
}

// sayWhose completes the log line of a command that took long. Only the loop of a client knows its address.
func (l *eventLoop) sayWhose(line *zerolog.Event, id room.ClientID, verb room.Verb) {
	line.Str("verb", verb.String())
	switch theirs := door.LoopOf(id); {
	case id == room.NoClient || theirs >= len(l.server.loops):
		line.Msg("stall")
	case theirs == l.index:
		line.Str("client", l.addressOf(id)).Msg("stall")
	default:
		other := l.server.loops[theirs]
		other.reactor.Post(func() { line.Str("client", other.addressOf(id)).Msg("stall") })
	}
}

// addressOf is the client's address, for the log.
func (l *eventLoop) addressOf(id room.ClientID) string {
	if p := l.peer(id); p != nil {
		return p.address
	}
	return "gone"
}

// startOf is when the work on cmd began: with its line, or now if it came by mail or had to wait.
func (l *eventLoop) startOf(cmd *room.Command) time.Duration {
	if door.LoopOf(cmd.Client) == l.index {
		return cmd.At
	}
	return l.server.clock()
}

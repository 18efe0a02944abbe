//go:build linux

package loop

import (
	"github.com/rs/zerolog"

	"looproom/loop/door"
	"looproom/loop/room"
)

// sayWhose completes the log line of a command that took long. Only the loop of a client knows its address.
func (h *home) sayWhose(line *zerolog.Event, cmd *room.Command) {
	line.Str("verb", cmd.Verb.String())
	switch id, theirs := cmd.Client, door.LoopOf(cmd.Client); {
	case id == room.NoClient || theirs >= len(h.server.loops):
		line.Msg("stall")
	case theirs == h.site.index:
		line.Str("client", h.site.addressOf(id)).Msg("stall")
	default:
		other := h.server.loops[theirs]
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

//go:build linux

package loop

import (
	"runtime/debug"
	"strconv"

	"github.com/rs/zerolog"

	"looproom/codec/plain"
	"looproom/loop/room"
)

// applied is State.Apply. A panic in it ends the process: nobody knows how much of the state has changed, and all that follows would be built on that.
func (h *home) applied(cmd *room.Command) []room.Event {
	defer func() {
		if r := recover(); r != nil {
			h.broken(cmd, r)
		}
	}()
	plantApply(cmd)
	return h.state.Apply(cmd)
}

// broken ends the process because the room has panicked at cmd. It never returns.
func (h *home) broken(cmd *room.Command, panicked any) {
	line := h.server.log.WithLevel(zerolog.FatalLevel).Interface("panic", panicked).Bytes("stack", debug.Stack())
	line.Str("verb", cmd.Verb.String()).Uint64("client", uint64(cmd.Client)).Str("address", h.site.addressOf(cmd.Client)).Dur("at", cmd.At).Int64("wall", cmd.Wall)
	line.Str("name", cmd.Name).Str("text", loggable(cmd)).Int64("n", cmd.N).Str("code", string(cmd.Why.Code())).Int64("seq", cmd.Seq)
	line.Msg("the state of the chat is broken: ending")
	h.meter.Panics.Add(1)
	if end := h.server.cfg.OnBroken; end != nil {
		end()
	}
	go panic(panicked) // on a goroutine that nothing guards
	select {}
}

// loggable is the Text of a command as far as the log may have it. What would drive a terminal is escaped.
func loggable(cmd *room.Command) string {
	if cmd.Verb.HasSecret() {
		return "(" + strconv.Itoa(len(cmd.Text)) + " bytes, hidden)"
	}
	if plain.CleanString(cmd.Text) != cmd.Text {
		return strconv.QuoteToASCII(cmd.Text)
	}
	return cmd.Text
}

//go:build linux && plant

package loop

import "looproom/loop/room"

// The faults that a server built with the tag plant has on purpose, so that tests can see what a panic costs, or a loop that hangs.

// plant panics in the handling of a line, or never comes back from it.
func plant(frame []byte) {
	switch string(frame) {
	case "/plant-panic":
		panic("planted in a handler")
	case "/plant-hang":
		select {}
	}
}

// plantApply panics where the room applies a command.
func plantApply(cmd *room.Command) {
	if cmd.Verb == room.Say && cmd.Text == "plant-panic" {
		panic("planted in the room")
	}
}

//go:build linux && plant

package loop

import "looproom/loop/room"

// The faults that a server built with the tag plant has on purpose, so that tests can see what a panic costs.

// plant panics in the handling of a line.
func plant(frame []byte) {
	if string(frame) == "/plant-panic" {
		panic("planted in a handler")
	}
}

// plantApply panics where the room applies a command.
func plantApply(cmd *room.Command) {
	if cmd.Verb == room.Say && cmd.Text == "plant-panic" {
		panic("planted in the room")
	}
}

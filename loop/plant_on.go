//go:build linux && plant

package loop

import (
	"os"

	"looproom/loop/room"
)

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

// plantApply panics where the room applies a command, or has the state of one node be another one than that of the others.
func plantApply(cmd *room.Command) {
	if cmd.Text == "plant-differs" && os.Getenv("LOOPROOM_PLANT") == "differs" {
		cmd.Text = "something else"
	}
	if cmd.Text == "plant-panic" && cmd.Verb != room.Ping {
		panic("planted in the room")
	}
}

// plantDelivery panics where an event is laid out for those who are to be told.
func plantDelivery(e *room.Event) {
	if e.Kind == room.Ponged && e.Text == "plant-panic" || e.Kind == room.Said && e.Text == "plant-delivery" {
		panic("planted in the delivery")
	}
}

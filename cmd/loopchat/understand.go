package main

import (
	"looproom/loop/dialect/line"
	"looproom/loop/room"
)

// understand reads what a person has typed, or a pipe has brought, as the server will. ok is false for a line without words.
func understand(text string) (cmd room.Command, ok bool) {
	ok = line.Dialect{}.Parse([]byte(text), &cmd)
	return cmd, ok
}

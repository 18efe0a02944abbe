package main

import (
	"looproom/codec/plain"
	"looproom/loop/dialect/line"
	"looproom/loop/room"
)

// understand reads what a person has typed, or a pipe has brought, as the server will. ok is false for a line without words.
func understand(text string) (cmd room.Command, ok bool) {
	ok = line.Dialect{}.Parse(plain.Clean(nil, []byte(text)), &cmd) // its words are shown here, too
	if cmd.Verb == room.Plea {
		cmd.Verb, cmd.Name = room.Say, "" // the server's hint for it is none here, where /help is said at the start
	}
	return cmd, ok
}

package main

import (
	"slices"
	"strings"

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

// looking are the verbs about messages from before. A server that doesn't have them would say such a line aloud.
var looking = []string{"HISTORY", "SEARCH", "EXPORT", "FORGET"}

// safe is a line as it may go to any server: with a slash in front of such a verb, which one that doesn't have it refuses.
func safe(text string) string {
	if verb, _, _ := strings.Cut(text, " "); slices.Contains(looking, verb) {
		return "/" + text
	}
	return text
}

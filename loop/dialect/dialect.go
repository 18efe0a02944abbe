// Package dialect says what a frame from a client means and how an event reads to it.
//
// It knows nothing of sockets and of who is connected, and keeps no state: a dialect may be used by all loops at once.
package dialect

import "looproom/loop/room"

// Dialect is a language that clients of the chat speak.
type Dialect interface {
	// Parse fills in what frame says: Verb, Name, Text, N, Why, ID and Seq of cmd; the caller has set the others. It returns false for a
	// frame that says nothing. What can't be a command is a room.Refuse. frame is borrowed: cmd keeps copies. Parse may rewrite it.
	Parse(frame []byte, cmd *room.Command) bool

	// Append appends to dst what e says to a client of its audience that reads it so: whole lines that end in LF, nothing, or the bytes of a room.Replied.
	Append(dst []byte, e *room.Event, as Reader) []byte
}

// Reader is how a client reads an event. All who read it alike are told the same bytes.
type Reader struct {
	// Here: the room that the event is about is the client's current one.
	Here bool
	// IDs: the client wants the ids of messages.
	IDs bool
}

package room

import "time"

// Command is one thing that a client does, or that happens to it. Strings hold text that is fit to be shown: valid UTF-8 without
// control characters.
type Command struct {
	Verb   Verb
	Client ClientID
	// At is the time since the server began, on a clock that never goes back.
	At time.Duration
	// Unix is the wall clock's time in seconds, for people.
	Unix int64
	// Name is the first argument: the name of a user, a room or a file. For Connect it is the client's address.
	Name string
	// Text is the words: of a message, a topic, an error.
	Text string
	// N is a number: of messages, files or bytes. None is -1.
	N int64
	// Code is the error code of Refuse.
	Code Code
}

// None in Command.N says that no number was given.
const None = -1

// Verb says what a Command does.
type Verb uint8

// The verbs. The first group is what happens to a client, the others are what it says; PROTOCOL.md has their rules.
const (
	// Connect: a client has come, as a guest by the name of its address in Name. The first command of each client.
	Connect Verb = iota + 1
	// Disconnect: the client's connection has ended, or its sending side has. The last command of each client; the event Gone
	// follows when all that it is still owed has been emitted.
	Disconnect
	// Tick: time has passed. It wants to come about once a second, and belongs to no client.
	Tick
	// Refuse: the client sent something that can't be a command; Code and Text say what.
	Refuse
	// Stored: the client's upload of N bytes is safe under Name, with the SHA-256 sum in Text.
	Stored

	SignIn
	Nick
	Say
	Tell
	Act
	List
	Rooms
	Who
	Join
	Part
	Topic
	Away
	Back
	Recent
	Send
	Files
	Get
	Ping
	Help
	End

	verbs
)

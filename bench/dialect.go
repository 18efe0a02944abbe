package bench

// Dialect is how the generator speaks to a server. Its methods are called for many clients from several goroutines, so they must not
// change it; they append to dst and return it.
//
// The generator knows its messages again by a mark in their words, wherever that stands in the stream; so a Dialect need not
// understand what comes back but for the hello.
type Dialect interface {
	// Name is the dialect's name on the command line.
	Name() string
	// Hello is what client does to be a member of room and able to talk. A step's bytes are sent when the one before it is over;
	// it is over when what it awaits has come since.
	Hello(client, room int) []HelloStep
	// Say appends the message words of client to all others of room. words are printable ASCII without spaces.
	Say(dst []byte, client, room int, words []byte) []byte
	// Control appends the answer to what the server says by itself, such as a ping, if there is one in in, a piece of the stream
	// without any message.
	Control(dst, in []byte) []byte
	// Goodbye appends what a client says before it closes.
	Goodbye(dst []byte, client int) []byte
}

// HelloStep is one step of a Dialect's hello.
type HelloStep struct {
	Send []byte
	// Await is bytes that must come before the step is over; empty: it is over when the bytes are sent.
	Await []byte
	// Refused is bytes that say that the server will not have the client; may be empty.
	Refused []byte
}

// Asker is a Dialect in which a client can ask the server for an answer that goes to it alone, such as PING and PONG.
type Asker interface {
	Dialect
	// Ask appends a question.
	Ask(dst []byte) []byte
	// Answer is bytes that stand once in each answer and nowhere else in what the server sends.
	Answer() []byte
}

// Rover is a Dialect in which one client can talk in several rooms by turns.
type Rover interface {
	Dialect
	// Tour is the Hello of a client that is to talk in the rooms 0 to rooms-1.
	Tour(client, rooms int) []HelloStep
	// SayIn is Say for a client that came by Tour.
	SayIn(dst []byte, client, room int, words []byte) []byte
}

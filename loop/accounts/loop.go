//go:build linux

package accounts

import (
	"time"

	"looproom/loop/ban"
	"looproom/loop/meter"
	"looproom/loop/room"
)

// Loop is the event loop that holds the clients of an Answers. Where nothing else is said, its methods are called on its own goroutine, and carry out what would call
// back only when they have returned.
type Loop interface {
	// Post runs letter on the loop, after what was posted before. It is called from any goroutine.
	Post(letter func())
	// PostTo is Post of what is for a client: it runs only if the client is still there and can be told something, and a panic in it costs that client its connection.
	PostTo(id room.ClientID, letter func())
	// Call runs f on the loop and waits for it. It is called from the goroutine of a worker. The error says that the loop does not answer.
	Call(f func()) error
	// EachClient is Call of look for each of its clients, in pieces. What was submitted meanwhile is on its way to the room when it returns.
	EachClient(look func(id room.ClientID)) error
	// Guard runs f, which works for a client, on the goroutine of a worker. A panic in it costs that client its connection, and nobody else anything.
	Guard(id room.ClientID, f func())

	// Client tells of a client, false if it is not there any more.
	Client(id room.ClientID) (Client, bool)
	// Tell tells the client alone, behind all that it has been told before.
	Tell(id room.ClientID, e *room.Event)
	// Answered goes on with the client's input, which has waited for the answer.
	Answered(id room.ClientID)
	// Submit brings a command to the room. The command is borrowed.
	Submit(cmd *room.Command)
	// SetAlarm has Answers.Rang called after a time.
	SetAlarm(after time.Duration, id room.ClientID, alarm Alarm)
	// Expel tells the client why and disconnects it, behind all that it is owed; reason is for the log.
	Expel(id room.ClientID, why room.Refusal, reason string)
	// Ban disconnects the client for e. Where the room knows it, it is told by BanClient.
	Ban(id room.ClientID, e ban.Entry)
}

// Client is what a Loop tells of a client.
type Client struct {
	// Address is where it comes from, for the log.
	Address string
	// Descriptor is that of its socket, -1 if that is closed.
	Descriptor int
	Standing   meter.Standing
	// Certificate is the fingerprint of the certificate that it has shown, SHA-256 in hexadecimal digits; "" if it has shown none.
	Certificate string
	// Chats says that the room knows it: its door doesn't just send back what comes.
	Chats bool
	// Deaf says that nothing more can be said to it, Ending that it is being disconnected, and what it sends doesn't count any more.
	Deaf, Ending bool
	// Waits says that its input waits for an answer.
	Waits bool
}

// mustSignIn says whether it is a guest that could sign in.
func (c *Client) mustSignIn() bool {
	return c.Standing == meter.Guest && c.Chats && !c.Deaf && !c.Ending
}

// Alarm is what is to be looked at when its time has come.
type Alarm uint8

// The alarms that a Loop is asked for.
const (
	WrongAnswer Alarm = iota // it is time to say that a password was wrong
	PassOver                 // the server's password may not have come in time
	SignInOver               // a guest may have been one for too long; of no client
	ScramOver                // a login by SCRAM-SHA-256 may have taken too long
)

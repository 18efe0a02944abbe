// Package session turns the bytes of one client into frames, at the speed that the client may have.
//
// # The way of a byte
//
// A Session is one client's input: how its stream is cut, what of it waits, and why. A Reader, one for each event loop, goes through the input of one Session at
// a time: Read begins, Next gives a frame after the other, Keep ends. Next says as well when the client must wait (Wait), has broken a protocol (Broken) or speaks
// another one (Stranger), and what telnet asks for (Frame.Reply). Whatever the door, it all comes out of Next; how a stream is cut, its cutter knows alone.
//
// # Waiting
//
// Input waits for one reason at a time, its Hold. What comes meanwhile is kept behind it. Who learns that a reason is over calls Reader.Resume, from
// anywhere: that is noted, and Turns.TakeTurns has all those go on, in the next round. There is no other way on.
//
// # Turns
//
// The input of a client is handled for a millisecond at a time, and for much less when many have sent something at once. What is left then waits for
// its next turn; so nobody waits for those who send very much.
//
// # The flood limit
//
// A line costs what its rate says, and what says nothing a part of that: empty lines and frames, telnet commands, records of TLS, the bytes of a line that is too long. Who has
// spent what is had waits (ForRate); of whom too much waits so, Overflow tells.
//
// # What it does not know
//
// It knows no room, no command, no socket and no event loop, and has no clock but the one that a Reader is given. What a frame means, when an alarm rings, who is paused
// and how a client is told is its caller's affair.
//
// # Goroutines
//
// A Session and a Reader belong to one goroutine, that of their event loop. Nothing here blocks.
package session

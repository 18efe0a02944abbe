// Package order says in which order commands reach the state of the chat, and has each applied in its turn.
//
// Whoever submits a command learns nothing of what follows from it: that comes by the function that applies, and for one command after the other. So a command that comes up
// while what follows from another one is being told waits until all of that has been told, and nobody hears the events of two commands mixed.
//
// # Alone
//
// An Alone is the order of a server by itself: that in which commands are submitted. It applies at once where nothing is being applied, in the same call: no
// goroutine, no queue and no copy is between.
//
// # Log
//
// A Log is the order of several servers that share a log: what is submitted goes out in batches, and is applied when it comes back, at the time that the log gives it, with what others have
// submitted. To those who submit that is the same. README.md says what is promised.
//
// Who needs the state to stay as it is for a while, to save it in pieces, holds the commands, and releases them afterwards: to those who submit that is the same, too.
//
// # What it does not know
//
// It knows no state, no event, no loop and no clock, and no network: a Log is handed what has come, and hands on what is to go. An Alone's command has its time with it.
//
// # Goroutines
//
// An Alone or a Log belongs to the goroutine that the state belongs to. Nothing here blocks.
package order

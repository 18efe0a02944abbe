// Package accounts answers what the room asks and no pure state can: whether a password is right, whether a name is kept, whom a ban hits who is here. It knows the
// passwords that the operator has set, the registry of names and bans, how often who has tried, and how long guests may take to sign in.
//
// # The way of a question
//
// The room emits an Asked event; the loop of the client hands its Ask to Answers.Asked, at its place in the order of what the client is told. The input of the client
// waits from the command to the answer, so that what stands behind it is done by whom the answer makes of it. Every Ask ends in one Loop.Answered, at once or later,
// unless the client has gone: then what was to be kept is kept all the same, and the rest is forgotten.
//
// # What it does not know
//
// It knows no socket and no loop but by the interface Loop, and no state of the room: what follows from an answer is a command (Admit, LogIn, Grant, SetBan and so on),
// which the loop submits as any other. How very many clients are looked at in pieces when a ban is set is the loop's affair as well.
//
// # Secrets
//
// A password is looked at on a worker's goroutine and goes nowhere else: into no command, no event and no line of log. A wrong one is answered after a fixed time, and so is a certificate that opens
// nothing, and a wrong message of a login by SCRAM-SHA-256.
//
// # Several servers
//
// What is to be kept is a registry.Change, which goes through one place: a server that is alone carries it out at once, and of several each does, as their log brings it (Order, Accounts.Carry). So is what the registry
// decides, the refusals among it; what somebody is told, and commands for the room, are the affair of the one that has proposed it. How often who has tried, and who is a guest for how long, is that of each.
// A password goes into no change, but what is kept of it.
//
// # Goroutines
//
// An Accounts is one for the server, and safe for any goroutine. Answers are one for each loop and belong to its goroutine. Beside the loops there are five workers: two
// look at passwords and have bans hold (where there are several servers one more does that, for their log may keep it waiting), one writes what outlives the server, so that a disk that hangs keeps nobody from being let in; one erases what was said, which can take long; and one
// reads what a login waits for, and not for long. What has changed in the room (Answers.RecordChanged) needs none: the store waits for the disk.
package accounts

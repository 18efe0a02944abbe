// Package line is the native language of the chat: the line protocol of codec/PROTOCOL.md.
//
// [Dialect] reads what a client's line means and writes how an event reads, as lines that a person and a program can both follow. The
// table of verbs is the only list of commands: parsing and the text of HELP both come from it.
//
// # Text
//
// In the room, words are what was said: see room.Command. Here, and only here, it is decided what of them a client of this protocol sees: on the way out
// every string of an event goes through plain.Clean, be it a message, one that RECENT repeats, a topic, or somebody's words. On the way in a line is read as
// it shows: its verb, names, numbers and passwords are what plain.Clean leaves of them, and words of which nothing shows are none.
//
// The package doesn't know how lines are cut from a stream, who is connected, or whether a command is allowed: a name that can't be one is
// the room's to refuse. It keeps no state, so all loops may use it at once.
package line

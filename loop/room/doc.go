// Package room is the chat: users, rooms and the rules between them.
//
// A State takes one Command at a time and gives the Events that follow from it. It knows nothing of sockets, bytes on a wire or
// event loops; it has no clock (a command carries its time), no randomness and no I/O, and nothing that it emits hangs on the
// order of a map. So the same commands give the same events, byte for byte: it can be replayed, compared with a model, and run
// behind a lock by a server that is built otherwise.
//
// # Caveats
//
// A State is not safe for use by several goroutines. In looproom it belongs to the home loop. The events that Apply returns are
// valid until the next call.
package room

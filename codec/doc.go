// Package codec turns the bytes of one client into frames.
//
// A frame is one message as the client meant it: a line ([Lines]), a block of fixed size ([Fixed]), or what one burst brought
// ([Chunk]). All three are a [Framer], and all three give the same frames however the network cut the stream.
// PROTOCOL.md beside this file is the contract with the clients.
//
// The package knows nothing of sockets, rooms or verbs, and nothing of time: when a pause ends a burst, the caller says so. It does
// no I/O, starts no goroutine and logs nothing. A framer belongs to one client and isn't safe for use from two goroutines at once; in
// the server only the client's own event loop touches it. The functions hold no state and may be called from anywhere.
//
// # Caveats
//
// Frames borrow the buffer that they were cut from: copy what has to outlive the buffer.
// A frame is what the client sent, control characters and broken UTF-8 included, until it went through [looproom/codec/plain].
package codec

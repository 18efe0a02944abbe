// Package transport is the bytes of a connection as they travel: TLS between what is said and what the socket has, and how a line is laid out for the clients of
// a door.
//
// # TLS
//
// Package crypto/tls wants a connection to read from and write to. A TLS gives it one: the client's own for as long as somebody waits for the client on a goroutine
// (the handshake, a request of HTTP), and then memory: whoever has read from the socket feeds what has come, reads what is decrypted until there is no more,
// and takes out what is to be written. A Sealer is the memory in which one event loop does that for all of its connections, some pieces of what
// waits for a client at a time.
//
// A record that brings nothing (a KeyUpdate above all) costs a hundred times as much as one with a line, and TLS has handled it by the time anybody can refuse
// it. So records are counted: TLS.Useless is what there is to be paid for.
//
// # What it does not know
//
// It knows no socket's readiness, no event loop, no peer, no door and no room: whose bytes they are, when they are written, who pays for them, and what
// an error means for the connection, is said elsewhere. It keeps no clock.
//
// # Goroutines
//
// A TLS belongs to one goroutine at a time, but while a file is uploaded: then one goroutine reads from it and the loop goes on writing. A Sealer belongs to its
// loop.
package transport

// Package loop is the server: it holds the connections, and moves bytes between them and the room.
//
// # The way of a message
//
// A Door accepts a connection and enrols it in one of a few event loops (package reactor). There it is a peer: its bytes are framed (package session),
// its frames become commands (package dialect) and go to the home loop, where the room's state (package room) applies them one after the other (package order). The
// events that follow go to every loop in the same order. Each loop encodes an event once per wire form into the
// stream of its room (package delivery), whose sweep writes to the local members what is pending for each: some hundred microseconds at a time, between which
// the loop reads what has come.
//
// # Why it writes as it does
//
// A write to a socket costs some microseconds whatever is in it, so a loop writes as seldom as it can, and never many times in a row. bench/README.md has the measured
// split of the costs, package delivery the way in which writes are merged and bounded.
//
// # Goroutines
//
// Each event loop is one goroutine, of its reactor.Loop, and owns its peers, its mirror of the rooms' members and its delivery.Writer;
// the home loop owns the room.State besides. Others reach a loop only by its mailbox. Besides the loops there are:
// a few goroutines per door that accept, one per loop that waits for full sockets to drain, one per upload under way, one per
// connection whose TLS handshake or proxy's header is under way, some that look at passwords and write state, one that takes a sample a
// second for the status page if there is one, and one for each of a bounded number of clients that were refused and have not closed
// their side yet.
//
// # Turns
//
// What a loop does, it does in steps (package reactor): what follows from one elsewhere is noted, and carried out at its end. It works at no one thing for
// long. The input of a client is handled for a millisecond at a time, and what is for all peers in pieces; the rest waits for the next
// round, when all descriptors that are ready have been looked at. What waits of a client is not read on: it stays with the client.
//
// # Saving
//
// The room's state is saved at one moment, but taken in pieces, with a round of the loop between two: meanwhile commands are held (package order), and nobody has a turn with its input.
//
// # TLS
//
// After the handshake a connection's TLS is memory (package transport): the loop feeds it what has come, reads what is decrypted, and has what waits for the client
// sealed on its way to the socket.
//
// # WebSocket
//
// Behind an http door net/http has a connection, on goroutines of its own, until the client asks for WebSocket. Then it is enrolled as any
// other: its frames are cut on the loop (package codec), and a line to many is laid out as a frame once. Until then it counts as one in its preface.
//
// # Ends
//
// How far the end of a connection has come, and why, stands in its peer (package ending). What follows from what happens to one (its descriptor is closed, the
// room is told, a line is
// logged, its slot is given back) is noted, and carried out when the step at hand is over: nothing comes back up in the middle of a sweep, of an event's
// delivery or of input that is
// being gone through. Two things hold at once, though: nothing more is said to who is to finish, and nothing more written to who is to close.
//
// # Limits
//
// Who may come in is decided where a door accepts, by counters behind a lock of their own. How fast lines are handled and how much may
// wait is decided on the loop of the client. The Limits are one value, replaced as a whole, which the loops only load.
//
// # Memory
//
// Each source of memory that clients have a hand in is counted by one accountant (package budget; memory.go has what counts for what). What can be
// refused is asked for before it is begun; what can't, a loop weighs at the end of each flush, or where input has to wait, and sheds those
// who hold most once it is too much.
//
// # Caveats
//
// gnet itself is only used to read and to run tasks. Bytes go out by raw writes of package delivery, because gnet's own
// buffer has no bound, gives no word when a socket can take more, and can't be read back when a client closes its sending side.
// Every loop is a gnet engine of its own with one event loop, so that a connection can be enrolled where we want it.
//
// The package builds on Linux only.
package loop

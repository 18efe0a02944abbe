// Package journal is a log of batches that several nodes share: whoever reads it reads the same batches in the same order, whichever node wrote them. It is a stream of NATS JetStream, in
// servers that the nodes bring along, or in others that are there already.
//
// It knows bytes and who wrote them. It knows nothing of commands, rooms or clients, nor which batch is to be heeded: a batch may stand in the log twice or late, and its reader takes it once,
// by the same rule on every node: its number is one more than the last of the node's incarnation, or 1 of a higher incarnation.
//
// # The log
//
// It is a short buffer and not a store: what is older than MaxAge, or beyond MaxBytes, is gone, and who comes too late for it gets ErrTooOld and takes the state from a peer. The epoch is a
// number that a log gets when it is made: sequences of two epochs have nothing to do with each other. Three nodes keep three copies, five or more keep five, one node alone keeps one. Two are refused:
// neither could go on without the other, so they'd stand still more often than one.
//
// # Goroutines
//
// Publish, Done and Health never wait and may be called from an event loop. Read's deliver runs on a goroutine of the Journal, one call at a time, and may block: what comes meanwhile is
// held up to 16 MiB and fetched again beyond it. Answers of Offer have a goroutine each. All the rest waits for the network and wants a goroutine of its own.
//
// # When something fails
//
// A batch that could not be published is published again, the same bytes, until Done. Elections of the stream take 4 to 9 seconds after the death of its leader, in which nothing is
// published; Close and Hand give the leadership away first, and that takes less than half a second. A reader that misses a batch gets it from the stream, after 0.1 s if it knows that there is
// one, after 1.5 s of silence if not.
//
// # Strangers
//
// Whoever reaches the port of routes and is let in has the whole log. So without certificates or a secret only loopback addresses are taken. A secret goes over the wire as it is: it
// keeps strangers out of a network that nobody listens to, and certificates are for all others. The port that clients of NATS would come to is on
// loopback only, and takes nobody but the process itself.
package journal

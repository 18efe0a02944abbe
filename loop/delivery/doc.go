// Package delivery brings encoded bytes to many sockets, in order, with as few writes as it can and never many at a time.
//
// # The way of a message
//
// A Group is the receivers that hear the same messages: a room's members on one event loop. A message is published to a group: it is encoded once
// for each form in which some of them read, and appended to the Stream of that form. A receiver in a group stands at an offset of its stream; what it is still
// to be sent is all from there to the stream's end, one range, whatever else happens in other rooms or to other members. Publishing
// costs nothing for each receiver.
//
// The Sweep goes round the members of the groups with something pending and writes to each what is pending, for all of its groups at once. It stops after
// some hundred microseconds, and goes on where it stopped when it is called again. A message that comes meanwhile joins at once: members that are not yet
// visited get it in the same write, the others on the next lap. Members that stand at the same offsets get the same prepared write.
//
// # Outboxes
//
// A receiver that is told something alone, whose socket is full or torn in the middle, has an Outbox besides: pieces that go before whatever is pending in its
// streams. Telling it something first takes what is pending for it into the outbox, so each receiver hears all in the order of the calls,
// over all of its groups; everyone else stays in step.
//
// # Memory
//
// Bytes stand in chunks that count who needs them. A stream lets go of a chunk when the sweep has been round; then only outboxes keep it. What slow receivers keep so is
// copied out, a bounded amount, or they are too slow: Limits says from when on. A group in which all have heard everything holds no memory but its list of members.
// Chunks that a burst took are kept for the next one, a bounded number of them, until there was none for a second or two (Tidy).
//
// # What it does not know
//
// It knows no gnet, no room, no dialect and no TLS: messages encode themselves (Message), bytes that must be sealed are sealed by
// its Host, and which words tell a slow receiver that it lost messages is the host's affair as well.
//
// # Goroutines
//
// A Writer and all its groups and receivers belong to one goroutine, that of their event loop. Nothing here blocks.
package delivery

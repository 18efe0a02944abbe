// Package registry is what the server asks of accounts, bans and rooms: who is banned, which names are registered and by which clients' keys and certificates they are opened, which rooms are kept, the key that cloaks
// are made with, and the number of the last start. All of it is in memory, and a store keeps it for the next start. It knows nothing of clients or lines, nor what a right in a room means, and it
// has no clock. It says what may be: how many names, rooms and keys there are at most.
//
// # Goroutines
//
// There are none of its own. What only reads bans and names may be called from anywhere, an event loop too: it takes no lock. SetBan, UnsetBan, SetRoom, UnsetRoom and Record wait for no disk. Whatever
// is acknowledged waits for the disk, and for others that are; it may be called from any goroutine but an event loop.
//
// # Several nodes
//
// All that others than the room have changed is a Change: CarryOut carries it out for a server that is alone, Carry for each of several, in the order of their log. What Carry does depends on nothing but what is kept and
// the change: no clock, no disk and nothing that a node has noted by itself; so nodes that keep the same go on to. It knows which changes it has carried out, so that one that comes again, behind a copy that has it, does nothing.
// Copy and Take bring all that is kept from one node to another, but messages.
//
// # A disk that fails
//
// What could not be forced to the disk is not acknowledged, and has not happened. Bans are in force all the same, and what has changed in rooms counts; the store tries again to keep them until
// it can. Of several nodes the same holds for all that Carry does: the others have it, too.
package registry

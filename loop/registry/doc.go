// Package registry keeps what outlives the server in a folder: who is banned, which names are registered and by which clients' keys they are opened, which rooms are kept, the key that cloaks are made
// with, and the number of the last start. It knows nothing of clients or lines, nor what a right in a room means, and it has no clock.
//
// # Files
//
// The folder has bans, names, trusted, rooms, cloak.key and start, mode 0600. Each begins with a line like
//
//	looproom bans 1 sha256=0f3a...
//
// which has the version of the format and the sum of all that follows: one JSON object per line, in order, as this package writes it
// and no other way. A file that isn't there is an empty one; one that is damaged, or was edited, is refused by Open.
//
// A file is written whole beside the old one, forced to the disk, and then given its name, so that a crash leaves the old one or the new one.
// Each change costs a write of its whole file. In which order clients' keys were used is written with the next change of them, or by Close.
//
// # Goroutines
//
// There are none of its own. What only reads may be called from anywhere, an event loop too: it takes no lock. SetBan, UnsetBan, SetRoom and UnsetRoom wait for
// no disk, but copy all bans, or a pointer for each room. Whatever writes waits for the disk, and for others that write; it may be called from any goroutine but an event loop.
//
// # A disk that fails
//
// What could not be forced to the disk is not acknowledged, and the file is written afresh the next time: after a failed fsync nobody knows
// what a file has on the disk, and another fsync of the same file may claim that all is well.
package registry

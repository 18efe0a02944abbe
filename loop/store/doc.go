// Package store keeps what outlives a restart of the server in one SQLite database, looproom.db, in a folder of its own: accounts, the keys that open them, bans, rooms, who is always
// there, read marks, metadata, the key that cloaks are made with, the number of the last start, and what has been said.
//
// It knows what these are and who may read which message, as a room.Look says it. It knows nothing of clients, lines or loops, nor which rules hold in a room.
//
// # Goroutines
//
// One, the writer, changes the database. Change waits for it, and so for the disk: it may be called from any goroutine but an event loop's. Later and Say never wait, whatever the disk does.
// The readers that answer Ask have connections of their own, and wait neither for the writer nor it for them.
//
// What waits is written in one transaction, at most so much at a time. An acknowledged change starts one at once, and all that wait with it share its commit, which is forced to the disk
// before it is acknowledged, unless Options.Sync is Off. Where nothing is to be written the writer does what can wait: a piece of a chore, or a checkpoint of the write-ahead log.
//
// # A disk that fails
//
// A transaction that can't be written has not happened: the changes in it get the error, what came by Later and Say waits and is tried again each second. Messages wait up to Options.Pending
// bytes; beyond it the newest are lost, which the log says when it begins and when it is over. Of a disk that hangs the same holds, but that who is in Change waits until it answers.
// After a failed fsync nobody knows what the file has: what could not be forced to the disk is cut off (see sound), and the log of SQLite goes on behind the last commit that was.
//
// The index of the write-ahead log is in the memory of the process and not mapped from a file: who writes to a mapped page of a file system that is frozen stands still, and the rest of the
// process with it. So no other process can open the database while the server has it.
//
// # Several stores
//
// Those of several servers have the same. Records gives what one has of records as they are at one moment, and Replace has another one have the same; MessagesAfter gives what was said page by page, which Say takes, some of it twice or late, as if it
// had been said there. Sums tells where two differ, and IDs in what.
//
// # Damage
//
// Each row of the records has a checksum, and each table of them a sum of these: Open reads all but the read marks and the metadata of accounts, and refuses a database in which one bit is another one, or a row is gone, by the table and the key.
// Messages have none; Check finds what SQLite can find of them. A write-ahead log that a crash has left is refused if it is damaged in front of its last transaction. A new database gets its name only
// once it is whole, so one that is empty is a damaged one.
//
// # Versions
//
// The version of the tables is SQLite's user_version. Open brings an earlier one forward, by all steps or none, and refuses a later one. An export has a version of its own.
package store

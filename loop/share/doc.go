// Package share has each of several servers know the files that the others keep, and fetch one that a client wants.
//
// It knows stores of files and how nodes ask each other. It knows nothing of clients, nor of the log: who takes an upload tells all by that, and each node notes it (files.Store.Note).
//
// # What is where
//
// The bytes of a file stay on the server to which it was sent, in its all_received. The index of each server has a line for each file of all, with the node that has it. A node that was away, or is new, takes the
// lines that it lacks from another one: both say how many files of each node they know, and a sum of what those are, and only where that differs the lines go over.
//
// # Fetching
//
// A file is fetched whole, and compared with its checksum, before a client is told that it follows: so what breaks off in between is a refusal, and not a connection that ends. It is on the disk of this node until those who wait for
// it have got it. Those who want the same share it.
//
// # Bounds
//
// At most maxFetches files are on their way at a time, one from each node, and maxWaiting wait for that. A node sends at most maxSends at a time. Each is 1 MiB in memory. What is on the disk counts as files.Store.Fetch says.
//
// # Goroutines
//
// A Sharer is for any goroutine that may wait for the disk and for the network.
package share

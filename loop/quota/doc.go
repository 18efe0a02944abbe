// Package quota counts what each of many has taken in the last day, as a number of things and of bytes.
//
// The package knows nothing of sockets, files or rooms, and has no clock: the time comes with each call. A Ledger is safe for any
// goroutine. Its memory is bounded: see MaxKeys.
package quota

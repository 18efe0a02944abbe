// Package bystander is a few clients in a quiet room of a server that is busy elsewhere: they ask it again and again for an answer, and
// measure how long that takes. What they see is what a turn of an event loop, a lock or a full queue costs those who have nothing to do
// with it.
//
// Questions are asked at random times of a mean rate whether or not the last one has been answered (an open loop), so a server that stands
// still is seen by all that are due meanwhile. A round trip runs from just before the write to when the kernel had the last byte of the answer
// (SO_TIMESTAMPNS): what the measuring program does besides on the same CPU is not in it. A question that left later than it was due,
// for whatever that CPU had to do, says so.
//
// One thread of its own, with a high priority if it may, asks and reads for all of them. The methods of Group belong to one goroutine. The package
// knows of no server; what to say comes from a bench.Asker. It builds on Linux only.
package bystander

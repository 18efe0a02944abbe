// Package generator is many clients at once: it connects them, has them talk as a workload says, and counts what each of them
// receives.
//
// # What it can tell
//
// Every message carries its sender and a sequence number, by a mark in its words that is looked for in whatever bytes come back
// (record.go). So each delivery is accounted for: what is lost, came twice or in another order is known and not guessed. A
// message's latency runs from when it was due, not from when the generator got round to sending it, to each receiver and to
// the last one.
//
// # How it works
//
// A fleet is the clients, divided among a few workers. A worker is a locked thread with an epoll of its own, non-blocking sockets
// and one large read buffer; per delivery it searches, decodes 16 letters, compares a number and counts. What workers share is
// atomic and touched once per message and worker. The package knows nothing of any server; what to say comes from a
// bench.Dialect.
//
// It builds on Linux only.
package generator

// Package rival is the chat of looproom on other models of concurrency, to be measured beside it.
//
// Framing, rules and language are the very same: codec, room.State and the line dialect. Only the way in which many clients are
// served at once differs, and each model is written as well as it allows, because a strawman proves nothing:
//
//	threads         a locked OS thread for each client, blocking calls; the sender's thread writes to every receiver
//	threads-queued  the same with a queue and a second thread for each client, which writes all that is queued in one call
//	goroutines      a reader and a writer goroutine for each client, a bounded channel between
//	gorilla         the same for browsers: net/http and gorilla/websocket
//	processes       a process for each connection; echo only
//	prefork         processes started beforehand on one port; echo only
//	select          one thread and select(2), up to descriptor 1,023
//	gnet-echo       bare gnet, without framing or rules; echo only
//	floor           no protocol: what the kernel charges for handing bytes from one client to the others
//
// What all chat models share is a hub: room.State behind one mutex, who is in which room, and each event encoded once for each way in
// which it reads. A model supplies where the bytes for one client go (receiver) and how a command gets to the hub.
//
// The package doesn't measure, knows no command line and logs nothing. Models are run by any goroutine that calls Serve, several at once if
// need be; what runs on which thread or goroutine stands at each model.
//
// # Caveats
//
// The rivals keep no files, and say nothing to their clients before they end. A client that doesn't read is dropped as each model
// can; none tells it why.
//
// Two receivers may get the lines of two senders in different orders from threads, the only model that writes outside of the lock.
package rival

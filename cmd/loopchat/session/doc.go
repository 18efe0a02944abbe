// Package session is the client's side of the line protocol: it connects, reads lines as events, keeps what is known of rooms and users,
// sends lines no faster than the server takes them, moves files, and comes back when the connection is lost. What a person says it keeps until
// the server has it, and sends so that it arrives once at most. An answer means something only where it was asked for.
//
// It knows nothing of terminals, windows, flags or colours. Parse, Chat and the outbox are pure. A Link has two goroutines of its own while it runs, one
// that reads and one that writes; a Session has one more that connects again.
package session

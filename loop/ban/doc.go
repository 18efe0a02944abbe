// Package ban knows who is kept out of the chat and who is kept quiet in it: a list of addresses, networks, users of this machine and names,
// each with the time until which it holds.
//
// It is pure: it has no clock, no disk, no lock and no goroutine. Times are seconds of wall clock (Unix time) that the caller gives.
// It knows nothing of connections, of rooms, or of what makes a name; the key of a name comes from whoever knows that.
//
// # Goroutines
//
// A List never changes once it is made. A change makes another one, so any goroutine may look into a List while another replaces it.
//
// # Cost
//
// Looking up an address takes one map access per length of network that the list has, at most 32 for IPv4 and 128 for IPv6, however
// many entries there are, and allocates nothing. With and Without copy the list.
package ban

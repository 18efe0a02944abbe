// Package door lets people in: from a URL to a listener, and from there to a connection that has been admitted, with its id, its address, its framing and its TLS,
// or that has been told
// why not in the form of the door.
//
// # What it knows
//
// Doors are all doors of a server and what they share: how many may come in all and from one address, how fast, and how many may be on their way; the names of
// connections (LoopOf and the ids of Arrivals); who is seen off; what a connection costs of the memory. A Door is one of them: its URL, its listener, its certificate,
// and for browsers net/http. What a connection has to say before it is let in, a proxy's header, a TLS handshake, a request of HTTP, is its preface, and has a deadline.
//
// # Voices
//
// Clients are spoken to in a dialect, laid out in a way: a voice, of which a door for browsers has one for each subprotocol of WebSocket besides its own. A form, by which what is encoded once is
// shared, is the number of a voice and three bits that mean what its dialect says.
//
// # What it does not know
//
// It knows no event loop, no client, no room's state and no ban: what it needs of those is its Host, which enrols who has come in. Of package room it has the ids of
// clients and the reasons of refusals, whose words it is given.
//
// # Goroutines
//
// A few goroutines for each door accept, and enrol. Go's poller tells them late that somebody has come, while the loops sleep: where clients have no preface the
// Host does so. A connection with a preface has a goroutine until it is over, one for a browser as many as net/http makes. A bounded
// number of clients that were refused have one each until they have closed their side. Doors and Door are safe for any goroutine; Close waits for those that
// accept, so it must not be called on a goroutine that Enrol waits for.
package door

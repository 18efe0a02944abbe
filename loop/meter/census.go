package meter

import "sync/atomic"

// Standing is what a connection is to the server.
type Standing uint8

// The standings of a connection, in the order in which most go through them.
const (
	Outside   Standing = iota // not enrolled, or closed
	Locked                    // has not said the server's password
	Guest                     // has not signed in
	SignedIn                  // has a name
	Lingering                 // closed on our side, and not yet on the client's
	standings
)

// Census counts a door's connections by their standing; those that are Outside are not counted. Safe for any goroutine.
type Census [standings]atomic.Int64

// Move counts a connection that was from as to.
func (c *Census) Move(from, to Standing) {
	if from == to {
		return
	}
	if from != Outside {
		c[from].Add(-1)
	}
	if to != Outside {
		c[to].Add(1)
	}
}

// Stats returns the census of the door with that URL.
func (c *Census) Stats(url string) DoorStats {
	return DoorStats{URL: url, Locked: c[Locked].Load(), Guests: c[Guest].Load(), SignedIn: c[SignedIn].Load(), Lingering: c[Lingering].Load()}
}

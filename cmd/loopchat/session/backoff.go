package session

import (
	"math/rand/v2"
	"time"
)

// The waits between attempts to connect.
const (
	firstWait = 500 * time.Millisecond
	maxWait   = 20 * time.Second
)

// backoff returns how long to wait after n attempts that failed, n > 0: doubled each time, and somewhere between half of that and all, so
// that the clients of a server that comes back don't come all at once.
func backoff(n int) time.Duration {
	wait := maxWait
	if n < 7 {
		wait = min(firstWait<<(n-1), maxWait)
	}
	return wait/2 + rand.N(wait/2)
}

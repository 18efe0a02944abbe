package session

import (
	"math/rand/v2"
	"slices"
	"sync"
	"time"
)

// spread is over how long clients come that look for another server: those of one that is gone must not come to the others all at once.
const spread = 2 * time.Second

// servers are where a session may connect, and where it does so next. Its methods may be called from any goroutine.
type servers struct {
	mu  sync.Mutex
	all []Address // at least one
	at  int
}

// newServers begins with the first address. The others follow in an order of this client's own, so that those of a server that is gone go to all that are left.
func newServers(all []Address) *servers {
	all = slices.Clone(all)
	rest := all[1:]
	rand.Shuffle(len(rest), func(i, j int) { rest[i], rest[j] = rest[j], rest[i] })
	return &servers{all: all}
}

// now is the server that is talked to, or tried, or will be.
func (s *servers) now() Address {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.all[s.at]
}

// next goes on to the next server, behind the last one to the first.
func (s *servers) next() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.at = (s.at + 1) % len(s.all)
}

func (s *servers) count() int { return len(s.all) }

// wait is how long to wait after so many attempts that failed, failures > 0, the last of them by err: with several servers not for long until each was tried once.
func (s *servers) wait(failures int, err error) time.Duration {
	n := s.count()
	switch {
	case n == 1 && Wrong(err):
		return maxWait
	case n == 1:
		return backoff(failures)
	case failures <= n:
		return rand.N(spread)
	}
	return backoff((failures-1)/n + 1)
}

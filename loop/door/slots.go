//go:build linux

package door

import (
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"time"

	"looproom/loop/room"
)

// MaxLoops is bounded by the bits that a client's tag has for its loop.
const MaxLoops = 256

// slots hands out the names of connections: small slot numbers, used again, under a tag that tells their users apart. It
// also counts the connections. Safe for any goroutine.
type slots struct {
	node   atomic.Uint32 // whose they are
	mu     sync.Mutex
	most   int
	free   []uint32
	rounds []uint32 // by slot: how often it was given out, from first on
	first  uint32
	used   int
	loops  []int      // how many of those each loop has
	peak   int        // the most that were used at once since swing was asked
	empty  *sync.Cond // used is 0
}

// newSlots returns slots for connections of so many loops, of which there may be none before setMost.
func newSlots(loops int) *slots {
	s := &slots{loops: make([]int, loops)}
	s.empty = sync.NewCond(&s.mu)
	return s
}

// take returns a name for a connection, of the loop that has the fewest; false if there are as many connections as there may be.
func (s *slots) take() (room.ClientID, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.used >= s.most {
		return 0, false
	}
	loop := 0
	for i, n := range s.loops {
		if n < s.loops[loop] {
			loop = i
		}
	}
	s.loops[loop]++
	s.used++
	s.peak = max(s.peak, s.used)
	var slot uint32
	if n := len(s.free); n > 0 {
		slot, s.free = s.free[n-1], s.free[:n-1]
	} else {
		slot = uint32(len(s.rounds))
		s.rounds = append(s.rounds, s.first)
	}
	s.rounds[slot]++
	return room.NewClientID(slot, s.rounds[slot]<<8|uint32(loop)).On(uint8(s.node.Load())), true
}

// setNode has names be of that node from now on. What the node has given out in an earlier life may still be remembered by others: names begin elsewhere in each.
func (s *slots) setNode(node uint8) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.node.Store(uint32(node))
	s.first = rand.Uint32()
}

// setMost changes how many connections there may be, of which room.MaxSlots is the most. Those that are there stay.
func (s *slots) setMost(most int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.most = min(most, room.MaxSlots)
}

// give takes a name back.
func (s *slots) give(id room.ClientID) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.free = append(s.free, id.Slot())
	s.loops[LoopOf(id)]--
	if s.used--; s.used == 0 {
		s.empty.Broadcast()
	}
}

// count is the number of connections.
func (s *slots) count() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.used
}

// swing is the number of connections, and the most that there have been since it was last asked.
func (s *slots) swing() (count, peak int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	count, peak = s.used, s.peak
	s.peak = s.used
	return count, peak
}

// waitEmpty waits until there are no connections or the deadline has come, and returns how many are left.
func (s *slots) waitEmpty(deadline time.Time) int {
	timer := time.AfterFunc(time.Until(deadline), func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.empty.Broadcast()
	})
	defer timer.Stop()
	s.mu.Lock()
	defer s.mu.Unlock()
	for s.used > 0 && time.Now().Before(deadline) {
		s.empty.Wait()
	}
	return s.used
}

// LoopOf is the index of the loop that the client belongs to.
func LoopOf(id room.ClientID) int { return int(id.Tag() & 0xff) }

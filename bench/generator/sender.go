//go:build linux

package generator

import (
	"math/rand/v2"
	"sync/atomic"
	"time"
)

// sender is a client that talks, in one room. Its sequence and schedule belong to its client's worker; the rings are shared by all workers.
type sender struct {
	number uint32 // among all senders; in its records
	inRoom int    // among the senders of its room: index in client.next
	room   int    // where it talks: its client's, or one of several that the client talks in by turns
	client *client
	worker *worker
	seq    uint64 // of its next message
	credit int    // how many more messages may be in flight (closed loops)

	// due and left are rings over the sequence: when the message was due, and how many workers have not had it everywhere yet.
	due  []atomic.Int64
	left []atomic.Int32
	mask uint64

	// first is the sequence of its first message in this phase. A delivery that comes behind the end of one can be looked at while the next one begins.
	first atomic.Uint64

	needs   []int32 // by worker: how many of its clients get each message
	workers int32   // how many workers have such clients
	total   int64   // how many clients get each message
}

// newRings makes room for messages in flight; beyond that a message that is still missing somewhere is forgotten and shows as lost.
func (s *sender) newRings(inFlight int) {
	size := 4
	for size < inFlight {
		size *= 2
	}
	s.due, s.left, s.mask = make([]atomic.Int64, size), make([]atomic.Int32, size), uint64(size-1)
}

// schedule is when messages of an open loop are due: a pure sequence of times.
type schedule struct {
	gap     time.Duration // mean
	next    time.Duration // since the generator began
	random  *rand.Rand    // nil: evenly
	stopped bool
}

func newSchedule(rate float64, poisson bool, start time.Duration, seed uint64) schedule {
	s := schedule{gap: time.Duration(float64(time.Second) / rate), next: start, stopped: rate <= 0}
	if poisson {
		s.random = rand.New(rand.NewPCG(seed, 1))
		s.next += s.step()
	}
	return s
}

// step is the time to the message after.
func (s *schedule) step() time.Duration {
	if s.random == nil {
		return s.gap
	}
	return time.Duration(s.random.ExpFloat64() * float64(s.gap))
}

// take returns when the next message is due and goes on to the one after, if that time has come.
func (s *schedule) take(now time.Duration) (due time.Duration, ok bool) {
	if s.stopped || s.next > now {
		return 0, false
	}
	due = s.next
	s.next += s.step()
	return due, true
}

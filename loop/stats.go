//go:build linux

package loop

import (
	"context"
	"fmt"
	"maps"
	"sync"
	"time"
)

// Stats is what a server has counted since it began, and what it holds just now.
type Stats struct {
	Loops []LoopStats
	Doors []DoorStats
	// Refused counts the connections that were not let in, by the code of the reason.
	Refused map[string]uint64
	// AcceptErrors counts the accepts that failed, as by lack of descriptors.
	AcceptErrors uint64
	// Prefaces are the connections that are just being made: a proxy's header or a TLS handshake is waited for.
	Prefaces int
	// Memory is what is counted of the server's memory.
	Memory MemoryStats
	// LogDropped counts the lines of log that were dropped because nobody took them in time.
	LogDropped uint64
}

// LoopStats is of one event loop.
type LoopStats struct {
	// Lines came from clients: whole lines, blocks or messages, without empty and overlong ones.
	Lines uint64
	// BytesIn and BytesOut passed the sockets; the bytes of uploads are counted in Uploads alone.
	BytesIn, BytesOut uint64
	// Deliveries counts each message, notice and answer once for every client that was to get it.
	Deliveries uint64
	// Writes counts the system calls that took the deliveries to the sockets.
	Writes uint64
	// LogBytes is how many bytes the delivery log holds.
	LogBytes int64
	// SlowDrops counts the clients that were disconnected because they read too slowly, Skipped the messages that slow clients were
	// spared instead.
	SlowDrops, Skipped uint64
	// Shed counts the clients that were disconnected because most waited for them when the server was short of memory.
	Shed uint64
	// FloodsDelayed counts how often a client's line had to wait because it came too soon, FloodsDropped the clients that were
	// disconnected because too much waited.
	FloodsDelayed, FloodsDropped uint64
	// InputsDeferred counts how often the rest of a client's input had to wait for its next turn, because there was so much of it.
	InputsDeferred uint64
	// PasswordsWrong counts those that were, AttemptsRefused those that were not looked at because an address had tried too many.
	PasswordsWrong, AttemptsRefused uint64
	// Panics were caught; each cost at most one client its connection.
	Panics uint64
	// Stalls counts what took 100 ms or more, by what the loop was at: apply, flush, batch, timer.
	Stalls  map[string]uint64
	Uploads UploadStats
	// Lag is how long the loop took from the first event of a batch to the end of its flush: what an event that came meanwhile waited.
	Lag Histogram
	// Apply is how long a command took from its line to the events that follow. Only the home loop, which is the first, has any.
	Apply Histogram
}

// UploadStats counts uploads; Bytes is of those that were kept.
type UploadStats struct {
	Begun, Kept, Failed, Bytes uint64
}

// DoorStats is the connections of a door.
type DoorStats struct {
	URL string
	// Locked ones have not said the server's password, guests have not signed in. Lingering ones are closed on our side, and not yet on the client's.
	Locked, Guests, SignedIn, Lingering int64
}

// Histogram is how long things took.
type Histogram struct {
	Count   uint64
	Sum     time.Duration
	Longest time.Duration
	// Buckets are in ascending order, each with how many took at most so long. What took longer than the last is in Count alone.
	Buckets []Bucket
}

// Bucket counts what took at most a time.
type Bucket struct {
	AtMost time.Duration
	Count  uint64
}

// Stats returns what the server has counted. It waits for no loop, and is safe for any goroutine. What a loop counts appears when
// it is done with a batch.
func (s *Server) Stats() Stats {
	stats := Stats{AcceptErrors: s.acceptErrors.Load(), Refused: s.refused.all(), Prefaces: s.prefaces.count(), Memory: s.memoryStats()}
	if s.cfg.LogDropped != nil {
		stats.LogDropped = s.cfg.LogDropped()
	}
	for _, l := range s.loops {
		stats.Loops = append(stats.Loops, l.meters.stats())
	}
	s.doors.mu.Lock()
	defer s.doors.mu.Unlock()
	for _, d := range s.doors.open {
		stats.Doors = append(stats.Doors, d.stats())
	}
	return stats
}

func (m *meters) stats() LoopStats {
	return LoopStats{
		Lines:           m.lines.Load(),
		BytesIn:         m.bytesIn.Load(),
		BytesOut:        m.bytesOut.Load(),
		Deliveries:      m.deliveries.Load(),
		Writes:          m.writes.Load(),
		LogBytes:        m.logBytes.Load(),
		SlowDrops:       m.slowDrops.Load(),
		Skipped:         m.skipped.Load(),
		Shed:            m.shed.Load(),
		FloodsDelayed:   m.floodsDelayed.Load(),
		InputsDeferred:  m.inputsDeferred.Load(),
		FloodsDropped:   m.floodsDropped.Load(),
		PasswordsWrong:  m.passwordsWrong.Load(),
		AttemptsRefused: m.attemptsRefused.Load(),
		Panics:          m.panics.Load(),
		Stalls:          m.stallStats(),
		Uploads: UploadStats{
			Begun:  m.uploads.begun.Load(),
			Kept:   m.uploads.kept.Load(),
			Failed: m.uploads.failed.Load(),
			Bytes:  m.uploads.bytes.Load(),
		},
		Lag:   m.lag.stats(),
		Apply: m.apply.stats(),
	}
}

func (m *meters) stallStats() map[string]uint64 {
	stalls := make(map[string]uint64, stallKinds)
	for kind, name := range stallNames {
		stalls[name] = m.stalls[kind].Load()
	}
	return stalls
}

func (h *histogram) stats() Histogram {
	s := Histogram{Sum: time.Duration(h.sum.Load()), Longest: time.Duration(h.longest.Load())}
	for i := range histogramBuckets {
		s.Count += h.counts[i].Load()
		s.Buckets = append(s.Buckets, Bucket{AtMost: histogramFrom << i, Count: s.Count})
	}
	s.Count += h.counts[histogramBuckets].Load()
	return s
}

func (d *Door) stats() DoorStats {
	return DoorStats{
		URL:       d.URL(),
		Locked:    d.census[locked].Load(),
		Guests:    d.census[guest].Load(),
		SignedIn:  d.census[signedIn].Load(),
		Lingering: d.census[lingering].Load(),
	}
}

// reasons counts by reason. Safe for any goroutine.
type reasons struct {
	mu     sync.Mutex
	counts map[string]uint64
}

func (r *reasons) add(reason string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.counts == nil {
		r.counts = map[string]uint64{}
	}
	r.counts[reason]++
}

func (r *reasons) all() map[string]uint64 {
	r.mu.Lock()
	defer r.mu.Unlock()
	return maps.Clone(r.counts)
}

// pulse is how others find out whether a loop is alive: a question that it answers when it comes to its mail. There is at most one
// under way, however many ask.
type pulse struct {
	mu       sync.Mutex
	question chan struct{} // closed by the answer; nil: none is under way
}

// feel returns a channel that is closed when the loop answers.
func (l *eventLoop) feel() <-chan struct{} {
	l.pulse.mu.Lock()
	defer l.pulse.mu.Unlock()
	if l.pulse.question == nil {
		l.pulse.question = make(chan struct{})
		l.post(l.beat)
	}
	return l.pulse.question
}

func (l *eventLoop) beat() {
	l.pulse.mu.Lock()
	defer l.pulse.mu.Unlock()
	close(l.pulse.question)
	l.pulse.question = nil
}

// Alive returns nil once all event loops have answered, or an error that names one that has not when ctx ends. Safe for any
// goroutine but those of the loops.
func (s *Server) Alive(ctx context.Context) error {
	answers := make([]<-chan struct{}, len(s.loops))
	for i, l := range s.loops {
		answers[i] = l.feel()
	}
	for i, answer := range answers {
		select {
		case <-answer:
		case <-ctx.Done():
			return fmt.Errorf("event loop %d does not answer", i)
		}
	}
	return nil
}

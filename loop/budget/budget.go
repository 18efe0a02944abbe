package budget

import (
	"math"
	"sync/atomic"
)

// Source is what memory is held for.
type Source uint8

// The sources.
const (
	Connections Source = iota // what each takes by itself
	TLS                       // and what it takes besides, if it is encrypted
	Prefaces                  // connections that are just being made
	SendQ                     // what waits to be sent: the delivery logs, and copies for slow clients
	RecvQ                     // input that waits to be handled
	Uploads                   // files that come, with what the kernel holds of them
	Downloads                 // files that go, the same
	Kernel                    // what the kernel holds for clients that take nothing
	History                   // messages kept for RECENT
	sources
)

var names = [sources]string{"connections", "tls", "prefaces", "sendq", "recvq", "uploads", "downloads", "kernel", "history"}

// String is the source's name in metrics.
func (s Source) String() string { return names[s] }

// All are the sources.
func All() (all []Source) {
	for s := range sources {
		all = append(all, s)
	}
	return all
}

// markShare is which part of the ceiling lies above the high water mark.
const markShare = 16

// sourceShare is which part of the ceiling each of Uploads, Downloads and Prefaces may take: so that together they leave some for clients
// who do nothing but come.
const sourceShare = 4

// Budget counts bytes by source. The zero value has no ceiling.
type Budget struct {
	most  atomic.Int64 // 0: any number
	total atomic.Int64
	held  [sources]atomic.Int64
}

// SetMost sets the ceiling in bytes, 0 for none. What is held stays.
func (b *Budget) SetMost(bytes int64) { b.most.Store(bytes) }

// Most is the ceiling in bytes, 0 for none.
func (b *Budget) Most() int64 { return b.most.Load() }

// Take counts so many bytes for a source, or returns false if there are not as many. Connections may be taken up to the ceiling, besides what
// SendQ, RecvQ and Kernel hold: those who hold that are dropped. For any other source all counts, up to the high water mark;
// and Uploads, Downloads and Prefaces get a quarter of the ceiling each. Who has taken bytes gives them back by Add.
func (b *Budget) Take(s Source, bytes int64) bool {
	most := b.mark()
	if s == Connections {
		most = b.ceiling()
		if others := b.Held(SendQ) + b.Held(RecvQ) + b.Held(Kernel); others < math.MaxInt64-most {
			most += others
		}
	}
	if b.total.Add(bytes) > most {
		b.total.Add(-bytes)
		return false
	}
	if held := b.held[s].Add(bytes); held > b.share(s) {
		b.Add(s, -bytes)
		return false
	}
	return true
}

// share is how many bytes a source may take.
func (b *Budget) share(s Source) int64 {
	switch s {
	case Uploads, Downloads, Prefaces:
		return b.ceiling() / sourceShare
	}
	return math.MaxInt64
}

// Add counts bytes that a source holds in any case, or with a negative number no longer does.
func (b *Budget) Add(s Source, bytes int64) {
	b.held[s].Add(bytes)
	b.total.Add(bytes)
}

// Over says whether more is held than the high water mark allows.
func (b *Budget) Over() bool { return b.total.Load() > b.mark() }

// Left is how many bytes there are up to the high water mark; 0 beyond it.
func (b *Budget) Left() int64 { return max(b.mark()-b.total.Load(), 0) }

// Held is how many bytes a source holds.
func (b *Budget) Held(s Source) int64 { return b.held[s].Load() }

// Total is how many bytes are held.
func (b *Budget) Total() int64 { return b.total.Load() }

func (b *Budget) ceiling() int64 {
	if most := b.most.Load(); most > 0 {
		return most
	}
	return math.MaxInt64
}

func (b *Budget) mark() int64 {
	most := b.ceiling()
	return most - most/markShare
}

// Gauge is a holder of a source's bytes who knows how many it holds, and not what has changed.
type Gauge struct {
	budget *Budget
	source Source
	held   int64
}

// Gauge returns one that holds nothing.
func (b *Budget) Gauge(s Source) Gauge { return Gauge{budget: b, source: s} }

// Set says how many bytes are held now.
func (g *Gauge) Set(bytes int64) {
	if bytes != g.held {
		g.budget.Add(g.source, bytes-g.held)
		g.held = bytes
	}
}

// Move adds to what is held, or with a negative number takes from it.
func (g *Gauge) Move(bytes int64) { g.Set(g.held + bytes) }

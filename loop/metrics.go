//go:build linux

package loop

import (
	"math/bits"
	"sync/atomic"
	"time"

	"looproom/loop/delivery"
)

// tally is what a loop has counted in the batch at hand: plain numbers, because some are counted per delivery.
type tally struct {
	lines, bytesIn, deliveries, writes, bytesOut uint64
}

// meters are a loop's counters. Anyone may read them. The loop alone writes those that come from its tally.
type meters struct {
	lines, bytesIn, deliveries, writes, bytesOut atomic.Uint64

	logBytes       atomic.Int64 // held by the delivery log
	slowDrops      atomic.Uint64
	shed           atomic.Uint64 // clients dropped because of the server's memory
	skipped        atomic.Uint64 // messages that slow clients were not told
	floodsDelayed  atomic.Uint64
	floodsDropped  atomic.Uint64
	inputsDeferred atomic.Uint64
	panics         atomic.Uint64

	passwordsWrong  atomic.Uint64
	attemptsRefused atomic.Uint64 // because of too many wrong ones

	stalls  [stallKinds]atomic.Uint64
	uploads uploadMeters

	lag   histogram // from the first event of a batch to the end of its flush
	apply histogram // of one command
}

// uploadMeters are counted by the goroutines of the uploads as well.
type uploadMeters struct {
	begun, kept, failed, bytes atomic.Uint64
}

// ended counts an upload that is kept, or has failed with err. Safe for any goroutine.
func (m *uploadMeters) ended(size int64, err error) {
	if err != nil {
		m.failed.Add(1)
		return
	}
	m.kept.Add(1)
	m.bytes.Add(uint64(size))
}

// take adds the tally to what others can read, and empties it.
func (m *meters) take(t *tally) {
	addSome(&m.lines, t.lines)
	addSome(&m.bytesIn, t.bytesIn)
	addSome(&m.deliveries, t.deliveries)
	addSome(&m.writes, t.writes)
	addSome(&m.bytesOut, t.bytesOut)
	*t = tally{}
}

// takeTally adds what the loop and its writer have counted to what others can read.
func (l *eventLoop) takeTally() {
	out := &l.writer.Tally
	l.tally.deliveries, l.tally.writes, l.tally.bytesOut = out.Deliveries, out.Writes, out.Bytes
	*out = delivery.Tally{}
	l.meters.take(&l.tally)
}

// addSome saves the bus lock where there is nothing to add, which is the most frequent case.
func addSome(to *atomic.Uint64, n uint64) {
	if n != 0 {
		to.Add(n)
	}
}

// The buckets of a histogram: the first holds what took at most histogramFrom, each further one up to twice as much, the last
// one all that took longer than 8.6 s.
const (
	histogramFrom    = 256 * time.Nanosecond
	histogramBuckets = 26
)

// histogram counts how long things took. One goroutine observes, anyone reads.
type histogram struct {
	counts  [histogramBuckets + 1]atomic.Uint64
	sum     atomic.Uint64 // nanoseconds
	longest atomic.Int64
}

func (h *histogram) observe(took time.Duration) {
	above := uint64(max(took-1, 0)) / uint64(histogramFrom)
	h.counts[min(bits.Len64(above), histogramBuckets)].Add(1)
	h.sum.Add(uint64(max(took, 0)))
	if int64(took) > h.longest.Load() {
		h.longest.Store(int64(took))
	}
}

// standing is what a connection is to the server.
type standing uint8

const (
	outside standing = iota // not enrolled, or closed
	locked                  // has not said the server's password
	guest
	signedIn
	lingering // closed on our side, and not yet on the client's
	standings
)

// census counts a door's connections by their standing.
type census [standings]atomic.Int64

// become counts p anew. Loop only.
func (p *peer) become(s standing) {
	if p.standing == s {
		return
	}
	if p.standing != outside {
		p.door.census[p.standing].Add(-1)
	}
	if s != outside {
		p.door.census[s].Add(1)
	}
	p.standing = s
}

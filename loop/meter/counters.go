package meter

import "sync/atomic"

// Counters are those of one event loop. Each is what the field of LoopStats with its name says. Safe for any goroutine; those that a Tally has are for the loop to add to.
type Counters struct {
	lines, bytesIn, deliveries, writes, bytesOut atomic.Uint64
	logBytes                                     atomic.Int64

	SlowDrops, Skipped, Shed                     atomic.Uint64
	FloodsDelayed, FloodsDropped, InputsDeferred atomic.Uint64
	PasswordsWrong, AttemptsRefused              atomic.Uint64
	Panics                                       atomic.Uint64
	Uploads                                      Uploads

	stalls [stallKinds]atomic.Uint64
	lag    histogram // from the first event of a batch to the end of its flush
	apply  histogram // of one command
}

// Uploads counts uploads. Safe for any goroutine.
type Uploads struct {
	Begun               atomic.Uint64
	kept, failed, bytes atomic.Uint64
}

// Ended counts an upload of size bytes that is kept, or has failed with err.
func (u *Uploads) Ended(size int64, err error) {
	if err != nil {
		u.failed.Add(1)
		return
	}
	u.kept.Add(1)
	u.bytes.Add(uint64(size))
}

// Tally is what a loop has counted in the batch at hand, and others can't see yet.
type Tally struct {
	// Lines and BytesIn are as in LoopStats.
	Lines, BytesIn uint64
}

// Sent is what was written in the batch at hand. Deliveries and Writes are as in LoopStats, Bytes is its BytesOut.
type Sent struct {
	Deliveries, Writes, Bytes uint64
}

// take adds the batch to what others can read.
func (c *Counters) take(t *Tally, out Sent) {
	addSome(&c.lines, t.Lines)
	addSome(&c.bytesIn, t.BytesIn)
	addSome(&c.deliveries, out.Deliveries)
	addSome(&c.writes, out.Writes)
	addSome(&c.bytesOut, out.Bytes)
	*t = Tally{}
}

// addSome saves the bus lock where there is nothing to add, which is the most frequent case.
func addSome(to *atomic.Uint64, n uint64) {
	if n != 0 {
		to.Add(n)
	}
}

// Stats returns them as they are now.
func (c *Counters) Stats() LoopStats {
	return LoopStats{
		Lines:           c.lines.Load(),
		BytesIn:         c.bytesIn.Load(),
		BytesOut:        c.bytesOut.Load(),
		Deliveries:      c.deliveries.Load(),
		Writes:          c.writes.Load(),
		LogBytes:        c.logBytes.Load(),
		SlowDrops:       c.SlowDrops.Load(),
		Skipped:         c.Skipped.Load(),
		Shed:            c.Shed.Load(),
		FloodsDelayed:   c.FloodsDelayed.Load(),
		InputsDeferred:  c.InputsDeferred.Load(),
		FloodsDropped:   c.FloodsDropped.Load(),
		PasswordsWrong:  c.PasswordsWrong.Load(),
		AttemptsRefused: c.AttemptsRefused.Load(),
		Panics:          c.Panics.Load(),
		Stalls:          c.stallStats(),
		Uploads: UploadStats{
			Begun:  c.Uploads.Begun.Load(),
			Kept:   c.Uploads.kept.Load(),
			Failed: c.Uploads.failed.Load(),
			Bytes:  c.Uploads.bytes.Load(),
		},
		Lag:   c.lag.stats(),
		Apply: c.apply.stats(),
	}
}

func (c *Counters) stallStats() map[string]uint64 {
	stalls := make(map[string]uint64, stallKinds)
	for kind, name := range stallNames {
		stalls[name] = c.stalls[kind].Load()
	}
	return stalls
}

//go:build linux

package generator

import (
	"time"

	"looproom/bench"
)

// counts is what a worker counts in one phase.
type counts struct {
	sent, expected, received, lost, duplicated, reordered int64
	late, skipped                                         int64
	asked, answers                                        int64 // questions, and answers to them
	stale                                                 int64 // of an earlier phase, which had given up waiting for them
	latency, across                                       tally // across is of those that came at another node
	last, lag                                             bench.Distribution
	lastArrival                                           int64 // when the last delivery came
}

func (c *counts) add(o *counts) {
	c.sent += o.sent
	c.expected += o.expected
	c.received += o.received
	c.lost += o.lost
	c.duplicated += o.duplicated
	c.reordered += o.reordered
	c.late += o.late
	c.skipped += o.skipped
	c.asked += o.asked
	c.answers += o.answers
	c.stale += o.stale
	o.latency.flush()
	c.latency.Merge(&o.latency.Distribution)
	o.across.flush()
	c.across.Merge(&o.across.Distribution)
	c.last.Merge(&o.last)
	c.lag.Merge(&o.lag)
	c.lastArrival = max(c.lastArrival, o.lastArrival)
}

// tally is a Distribution that is quick where one duration comes many times in a row, as it does in a read full of messages that were
// due together. It has to be flushed before it is read.
type tally struct {
	bench.Distribution
	repeated time.Duration
	times    int64
}

func (t *tally) record(d time.Duration) {
	if d != t.repeated {
		t.flush()
		t.repeated = d
	}
	t.times++
}

func (t *tally) flush() {
	if t.times > 0 {
		t.RecordTimes(t.repeated, t.times)
		t.times = 0
	}
}

// slot counts where a message has come, among one worker's clients.
type slot struct {
	seq  uint32
	here int32
}

// gap names a delivery that is missing: later ones of the same sender have come.
type gap struct {
	client int
	sender uint32
	seq    uint32
}

// lateBy is from when on a send counts as late.
const lateBy = 1_000_000 // ns

//go:build linux

package loop

import (
	"time"

	"looproom/loop/delivery"
	"looproom/loop/meter"
	"looproom/loop/reactor"
)

// batch is what comes to a loop between two rests, and how that ends: by a flush if anything is to be told, in which what the other loops have to know goes to them and a turn of
// the sweep writes what waits. It belongs to the loop's goroutine.
type batch struct {
	clock    func() time.Duration
	meter    *meter.Loop
	exchange *exchange
	writer   *delivery.Writer
	scale    *scale
	asked    bool           // flush is about to be called
	timer    *reactor.Timer // ends a wait for more messages, by a flush
	checking bool           // an alarm is set to look at those who read slowly

	submitted func() // sends on what this loop has submitted, where it has the room; else nil

	soon  func()            // has flush called behind all events that have come
	later func(work func()) // has work done when what has come meanwhile is read
	// check has checkSlow called after a time.
	check func(after time.Duration)
}

// ask has flush called once all events of this batch are done.
func (b *batch) ask() {
	if !b.asked {
		b.asked = true
		b.soon()
	}
}

// flush ends a batch. If more is left, the loop first reads what has come meanwhile.
func (b *batch) flush() {
	b.exchange.send()
	if b.submitted != nil {
		b.submitted()
	}
	began := b.clock()
	b.meter.Begin(began)
	more := b.writer.Sweep()
	now := b.clock()
	b.meter.Swept(now-began, b.writer.Tally.Writes)
	b.restAt(now)
	b.asked = false
	b.scale.weighOutput()
	if b.writer.Waiting() > 0 && !b.checking {
		b.checking = true
		b.check(time.Second)
	}
	if more || b.exchange.waits() {
		b.asked = true
		b.later(b.flush)
	}
}

// interrupted is when a panic has ended what was being done, a flush perhaps.
func (b *batch) interrupted() { b.asked = false }

// checkSlow looks at the peers that wait, once a second while there are any.
func (b *batch) checkSlow() {
	b.checking = false
	b.writer.Check()
	b.scale.weighSealed()
	b.ask()
}

// rest ends a batch that no flush will end.
func (b *batch) rest() {
	switch {
	case b.asked:
	case b.meter.Working():
		b.restAt(b.clock())
	default:
		b.meter.Settle(b.sent())
	}
}

// restAt notes that all is done that had come.
func (b *batch) restAt(now time.Duration) { b.meter.Rest(now, b.sent(), int64(b.writer.Held())) }

// sent takes what the writer has counted.
func (b *batch) sent() meter.Sent {
	out := b.writer.Tally
	b.writer.Tally = delivery.Tally{}
	return meter.Sent(out)
}

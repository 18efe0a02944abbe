//go:build linux

package generator

import (
	"context"
	"time"
)

// traffic has the senders talk for d, waits until all has come, and returns what was counted. Without a rate the senders of closed
// loops talk as fast as they may.
func (f *fleet) traffic(ctx context.Context, phase string, rate float64, d time.Duration) (counts, error) {
	f.each(func(w *worker) {
		w.counts = counts{}
		clear(w.gaps)
		w.heard.Store(0)
		w.await.Store(0)
	})
	f.talking.Store(true)
	f.each(func(w *worker) { w.startTalking(rate) })
	err := f.report(ctx, phase, d)
	f.talking.Store(false)
	f.each((*worker).stopTalking)
	f.settle(ctx)
	var sum counts
	f.each(func(w *worker) {
		w.resync()
		sum.add(&w.counts)
	})
	sum.lost = sum.expected - sum.received
	return sum, err
}

// report tells of the progress for d.
func (f *fleet) report(ctx context.Context, phase string, d time.Duration) error {
	const every = 100 * time.Millisecond
	var before int64
	for begin := f.now(); f.now()-begin < d; {
		left := d - (f.now() - begin)
		if err := pause(ctx, min(every, left)); err != nil {
			return err
		}
		heard := f.heard()
		f.options.Progress(Progress{
			Phase: phase, Clients: int(f.in()), Fraction: float64(f.now()-begin) / float64(d), Delivered: heard,
			Rate: float64(heard-before) / every.Seconds(),
		})
		before = heard
	}
	return nil
}

// settle waits until all that is expected has come, or for the patience nothing has.
func (f *fleet) settle(ctx context.Context) {
	last, since := f.heard(), time.Now()
	for f.awaited() > f.heard() && time.Since(since) < f.options.Patience {
		if pause(ctx, tick) != nil {
			return
		}
		if heard := f.heard(); heard != last {
			last, since = heard, time.Now()
		}
	}
}

func (f *fleet) heard() (n int64) {
	for _, w := range f.workers {
		n += w.heard.Load()
	}
	return n
}

func (f *fleet) awaited() (n int64) {
	for _, w := range f.workers {
		n += w.await.Load()
	}
	return n
}

// resync makes what is missing at the end of a phase no matter of the next one.
func (w *worker) resync() {
	for _, s := range w.senders {
		s.first.Store(s.seq)
		for i := range s.left {
			s.left[i].Store(0)
		}
	}
	for _, c := range w.clients {
		for i, s := range w.fleet.byRoom[c.room] {
			c.next[i] = uint32(s.seq)
		}
	}
}

//go:build linux

package delivery

import (
	"errors"
	"math"
	"time"
)

// ErrSlow is why a receiver fails that reads too slowly.
var ErrSlow = errors.New("reads too slowly")

// Block notes that r's socket is full: Writable says when it can take more. r must have an outbox.
func (w *Writer) Block(r *Receiver) {
	if r.Closed() || r.out == nil {
		return
	}
	w.wait(r)
	w.watch(r)
}

func (w *Writer) watch(r *Receiver) {
	w.setFull(r, true)
	if err := w.host.Watch(r); err != nil {
		w.host.Failed(r, err)
	}
}

// wait notes that r's outbox can't be emptied now.
func (w *Writer) wait(r *Receiver) {
	if r.out.waitingAt >= 0 {
		return
	}
	r.out.waitingAt = len(w.waiting)
	r.out.progress, r.out.queued = w.host.Now(), 0
	w.waiting = append(w.waiting, r)
	if !r.has(over) && r.out.owes() > w.limits.HardSendQ {
		w.added(r)
	}
}

func (w *Writer) stopWaiting(r *Receiver) {
	w.setFull(r, false)
	at := r.out.waitingAt
	if at < 0 {
		return
	}
	last := len(w.waiting) - 1
	moved := w.waiting[last]
	w.waiting[at] = moved
	moved.out.waitingAt = at
	w.waiting[last] = nil
	w.waiting = w.waiting[:last]
	r.out.waitingAt = -1
}

// Writable says that r's socket can take bytes again. The next sweep writes them.
func (w *Writer) Writable(r *Receiver) {
	if r.has(full) && !r.Closed() {
		w.setFull(r, false)
		w.Touch(r)
	}
}

// Check looks at those who wait, and ends the connections of those who have taken nothing for Limits.Grace though they owe more than Limits.SendQ, or are
// finished. It wants to be called about once a second.
func (w *Writer) Check() {
	now := w.host.Now()
	for i := len(w.waiting) - 1; i >= 0; i-- {
		if i >= len(w.waiting) {
			continue // the end of one has led to that of others
		}
		r := w.waiting[i]
		if !r.has(full) || r.out.owes() <= w.limits.SendQ && !r.has(finished) && !r.out.held() {
			continue
		}
		looked := r.out.queued > 0
		if r.takes() {
			r.out.progress = now
		}
		if looked && now-r.out.progress >= w.limits.Grace {
			w.tooSlow(r)
		}
	}
}

// takes says whether r's client has taken bytes since the last time that this was asked. Its socket may be full all the same: the kernel
// lets a third of the buffer go before it says that there is room.
func (r *Receiver) takes() bool {
	queued, err := r.inSocket()
	if err != nil {
		queued = math.MaxInt // nobody will see it become less
	}
	before := r.out.queued
	r.out.queued = queued
	return queued < before
}

// held says whether a source waits for the receiver: what it holds is not counted in bytes.
func (o *outbox) held() bool {
	for i := range o.waiting() {
		if p := &o.waiting()[i]; p.more != nil && p.more.source != nil {
			return true
		}
	}
	return false
}

// Forgive adds late to the time in which those who wait must make progress: the process was stopped, or the machine had no time for it.
func (w *Writer) Forgive(late time.Duration) {
	for _, r := range w.waiting {
		r.out.progress += late
	}
}

// dropSlow looks at those for whom too much waits, at most some at a time.
func (w *Writer) dropSlow() {
	n := min(len(w.tooMuch), visitsAtOnce)
	for _, r := range w.tooMuch[:n] {
		r.unset(over)
		if r.out != nil && r.out.owes() > w.limits.HardSendQ {
			w.tooSlow(r)
		}
	}
	w.tooMuch = w.tooMuch[:copy(w.tooMuch, w.tooMuch[n:])]
}

// tooSlow has r lose messages if it may and that helps, and ends its connection otherwise.
func (w *Writer) tooSlow(r *Receiver) {
	if r.out == nil || r.Closed() {
		return
	}
	if r.has(skips) && !r.has(finished) {
		w.skip(r, r.out.size-w.limits.SendQ/2)
		if r.out.owes() <= w.limits.SendQ {
			return
		} // what it has asked for itself is too much
	}
	w.host.Failed(r, ErrSlow)
}

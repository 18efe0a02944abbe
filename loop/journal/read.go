package journal

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"
	"time"

	"github.com/nats-io/nats.go"
)

const (
	// silence is how long nothing comes before the stream is asked whether there is more; hurry how long when it is known that there is, or may be.
	silence = 1500 * time.Millisecond
	hurry   = 100 * time.Millisecond

	// maxHoles is how often the stream may hand out a later entry than was asked for, though it says that it has it.
	maxHoles = 10
)

var (
	// ErrTooOld is the error of Read, and of Failed, when the entry that is next is no longer in the log.
	ErrTooOld = errors.New("the log no longer has that entry")
	// ErrAhead is the error when the entry that is next is beyond the end of the log: it has lost its end, or is another one.
	ErrAhead = errors.New("the log ends before that entry")
	// ErrEpoch is the error of Failed when the log has been made anew.
	ErrEpoch = errors.New("the log has been removed, or made anew")
	// ErrClosed is the error of what can't be done after Close.
	ErrClosed = errors.New("the log is closed")

	errReading = errors.New("the log is being read already")
)

// reader brings the entries into their order: republished messages as they come, and what is missing from the stream.
type reader struct {
	in      *inbox
	sub     *nats.Subscription
	fetch   *fetcher
	bounds  func() bounds // of the stream, as last heard
	deliver func([]Entry)
	end     context.CancelCauseFunc // ends it, with the error that Failed gets or nil
	look    chan struct{}           // rings when there may be more than has come
	stored  atomic.Uint64           // an entry that the stream has
	next    atomic.Uint64
	fetched atomic.Uint64
	gap     bool // what comes is not next: only the timer asks for what is
	holes   int
}

// bounds are the first and the last entry of a stream. An empty one has its last in front of its first.
type bounds struct {
	first, last uint64
	epoch       string
}

// check refuses to start at next.
func (b bounds) check(next uint64) error {
	switch {
	case next < b.first:
		return fmt.Errorf("%w: %d is next, its first is %d", ErrTooOld, next, b.first)
	case next > b.last+1:
		return fmt.Errorf("%w: %d is next, its last is %d", ErrAhead, next, b.last)
	}
	return nil
}

// storedAt tells the reader that the stream has an entry, from any goroutine.
func (r *reader) storedAt(seq uint64) {
	r.stored.Store(seq)
	if seq >= r.next.Load() {
		ring(r.look)
	}
}

// run delivers until the context is over or an entry can't be had any more.
func (r *reader) run(ctx context.Context) error {
	timer := time.NewTimer(0)
	defer timer.Stop()
	for {
		var err error
		wait := silence
		select {
		case <-ctx.Done():
			return whyEnded(ctx)
		case <-r.look:
			wait = hurry
		case <-r.in.bell:
			err = r.arrived(ctx, r.in.take())
		case <-timer.C:
			err = r.fill(ctx)
		}
		if err != nil {
			return err
		}
		if r.gap || r.stored.Load() >= r.next.Load() {
			wait = hurry
		}
		timer.Reset(wait)
	}
}

// whyEnded is the error with which a reader has been ended, nil if that was without one.
func whyEnded(ctx context.Context) error {
	if err := context.Cause(ctx); !errors.Is(err, context.Canceled) {
		return err
	}
	return nil
}

// arrived delivers what is next and asks for what is missing in front of the rest. Of a gap that can't be filled at once the rest is dropped: filling it brings that, too.
func (r *reader) arrived(ctx context.Context, entries []Entry) error {
	for len(entries) > 0 {
		n := r.inOrder(entries)
		if n > 0 {
			r.hand(ctx, entries[:n])
			r.gap = false
		}
		entries = r.newer(entries[n:])
		if len(entries) == 0 || entries[0].Seq == r.next.Load() {
			continue
		}
		if r.gap {
			return nil
		}
		r.gap = true
		before := r.next.Load()
		if err := r.fill(ctx); err != nil {
			return err
		}
		if r.next.Load() == before {
			return nil
		}
		entries = r.newer(entries)
	}
	return nil
}

// inOrder counts the entries that come one after the other from the one that is next.
func (r *reader) inOrder(entries []Entry) (n int) {
	next := r.next.Load()
	for n < len(entries) && entries[n].Seq == next+uint64(n) {
		n++
	}
	return n
}

// newer leaves out, at the front, what has been delivered.
func (r *reader) newer(entries []Entry) []Entry {
	for len(entries) > 0 && entries[0].Seq < r.next.Load() {
		entries = entries[1:]
	}
	return entries
}

// hand delivers, unless the reader has been ended: nothing comes after Failed.
func (r *reader) hand(ctx context.Context, entries []Entry) {
	if ctx.Err() == nil {
		r.deliver(entries)
	}
	r.next.Add(uint64(len(entries)))
}

// fill delivers what the stream has from the next entry on. That it has none, or that nobody answers, is no error.
func (r *reader) fill(ctx context.Context) error {
	for {
		entries, more, err := r.fetch.from(ctx, r.next.Load())
		if errors.Is(err, errNoAnswer) {
			return nil
		}
		if err != nil {
			return err
		}
		if len(entries) == 0 {
			return r.judgeEmpty()
		}
		n := r.inOrder(entries)
		if n == 0 {
			return r.judgeHole(entries[0].Seq)
		}
		r.holes = 0
		r.fetched.Add(uint64(n))
		r.hand(ctx, entries[:n])
		if !more {
			r.gap = false
			return nil
		}
	}
}

// judgeEmpty says what it means that a copy of the stream has nothing from the next entry on: mostly that there is nothing.
func (r *reader) judgeEmpty() error {
	if b := r.bounds(); r.next.Load() < b.first {
		return b.check(r.next.Load())
	}
	r.gap = r.gap && r.stored.Load() >= r.next.Load()
	return nil
}

// judgeHole says what it means that a copy of the stream has only later ones. It may be a copy that isn't whole yet.
func (r *reader) judgeHole(found uint64) error {
	r.holes++
	r.gap = true
	next := r.next.Load()
	if r.holes < maxHoles && next >= r.bounds().first {
		return nil
	}
	return fmt.Errorf("%w: %d is next, it has %d", ErrTooOld, next, found)
}

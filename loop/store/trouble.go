package store

import (
	"sync"
	"sync/atomic"
	"time"

	"github.com/rs/zerolog"
)

// hangs is how long the disk may take until the log says so.
const hangs = 2 * time.Second

// What is tried, besides the chores by their names.
const (
	theChanges    = "changes"    // that somebody waits for
	theRest       = "the rest"   // messages, and what came by Later
	theCheckpoint = "checkpoint" // of the write-ahead log
)

// trouble is what is wrong with the disk. It says so in the log, once, and again when nothing is any more. But for is, its methods are for the writer's goroutine.
type trouble struct {
	log   zerolog.Logger
	until map[string]time.Time // of what has failed last, when it is tried again
	fails atomic.Bool          // there is some
	slow  atomic.Bool          // the disk has not answered for that long

	mu      sync.Mutex
	writing bool
	watch   *time.Timer
}

// is says whether there is any. It may be called from any goroutine.
func (t *trouble) is() bool { return t.fails.Load() || t.slow.Load() }

// allows says whether something is to be tried now.
func (t *trouble) allows(what string, now time.Time) bool { return !now.Before(t.until[what]) }

// begin is before something is written.
func (t *trouble) begin() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.writing = true
	if t.watch == nil {
		t.watch = time.AfterFunc(hangs, t.hang)
	} else {
		t.watch.Reset(hangs)
	}
}

func (t *trouble) hang() {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.writing {
		t.slow.Store(true)
		t.log.Error().Msgf("the disk of the state has not answered for %v; what is to be stored waits", hangs)
	}
}

// end is when that has been written, or with an error not.
func (t *trouble) end(what string, err error) {
	t.answered()
	before := len(t.until)
	if err == nil {
		delete(t.until, what)
		delete(t.until, theChanges) // nobody tries these again
	} else {
		if t.until == nil {
			t.until = map[string]time.Time{}
		}
		t.until[what] = time.Now().Add(again)
	}
	t.fails.Store(len(t.until) > 0)
	switch {
	case err != nil && before == 0:
		t.log.Error().Err(err).Msgf("the state can't be stored; it waits, and is tried again each %v", again)
	case before > 0 && len(t.until) == 0:
		t.log.Warn().Msg("the state is stored again")
	}
}

func (t *trouble) answered() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.watch.Stop()
	t.writing = false
	if t.slow.Swap(false) {
		t.log.Warn().Msg("the disk of the state answers again")
	}
}

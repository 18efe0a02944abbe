package store

import (
	"sync"
	"sync/atomic"
	"time"

	"github.com/rs/zerolog"
)

// hangs is how long the disk may take until the log says so.
const hangs = 2 * time.Second

// trouble is what is wrong with the disk. It says so in the log, once, and again when it is over. But for is, its methods are for the writer's goroutine.
type trouble struct {
	log   zerolog.Logger
	fails atomic.Bool
	slow  atomic.Bool // it has not answered for that long
	until time.Time   // what can wait isn't tried before that
	mu    sync.Mutex
	watch *time.Timer // set while something is written
}

// is says whether there is any. It may be called from any goroutine.
func (t *trouble) is() bool { return t.fails.Load() || t.slow.Load() }

// wait is how long what can wait has to wait still.
func (t *trouble) wait(now time.Time) time.Duration {
	if !t.fails.Load() {
		return 0
	}
	return max(t.until.Sub(now), 0)
}

// begin is before something is written.
func (t *trouble) begin() {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.watch == nil {
		t.watch = time.AfterFunc(hangs, t.hang)
	} else {
		t.watch.Reset(hangs)
	}
}

func (t *trouble) hang() {
	t.slow.Store(true)
	t.log.Error().Msgf("the disk of the state has not answered for %v; what is to be stored waits", hangs)
}

// end is when that has been written, or with an error not.
func (t *trouble) end(err error) {
	t.watch.Stop()
	if t.slow.Swap(false) {
		t.log.Warn().Msg("the disk of the state answers again")
	}
	if err != nil {
		t.until = time.Now().Add(again)
	}
	switch failed := t.fails.Swap(err != nil); {
	case err != nil && !failed:
		t.log.Error().Err(err).Msgf("the state can't be stored; it waits, and is tried again each %v", again)
	case err == nil && failed:
		t.log.Warn().Msg("the state is stored again")
	}
}

package accounts

import (
	"sync"
	"time"
)

// workers do what takes long and no loop may wait for: a few goroutines, however many ask. A server has two such: one that computes, and one that
// writes, so that a disk that hangs keeps nobody from being let in. Safe for any goroutine.
type workers struct {
	jobs chan func()
	busy sync.WaitGroup
	mu   sync.Mutex
	shut bool
}

const (
	// checkers is how many passwords are looked at at once. Each takes 19 MiB and some 30 ms of a core, which the loops need for the others.
	checkers = 2
	// keepers is how many write the server's state: its files are written one at a time.
	keepers = 1
	// erasers is how many take out what was said: that can take long, and others who write don't wait for it.
	erasers = 1
	// sanctioners is how many set bans where there are several servers.
	sanctioners = 1
	// readers is how many read what is kept, for those who wait for a while and no longer.
	readers = 1
	// maxJobs is how many may wait for some workers.
	maxJobs = 512
	// closePatience is how long the end waits for what is being done.
	closePatience = time.Second
)

func newWorkers(n int) *workers {
	w := &workers{jobs: make(chan func(), maxJobs)}
	for range n {
		w.busy.Go(func() {
			for job := range w.jobs {
				if !w.isShut() {
					job()
				}
			}
		})
	}
	return w
}

// give has job done, or returns false if too much is waiting. job must not panic; see Answers.passOn.
func (w *workers) give(job func()) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.shut {
		return false
	}
	select {
	case w.jobs <- job:
		return true
	default:
		return false
	}
}

func (w *workers) isShut() bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.shut
}

// closeAll waits for what all of them are doing, but not for long, and drops the rest: nobody is there any more who waits for it.
func closeAll(all ...*workers) {
	for _, w := range all {
		w.shutDown()
	}
	idle := make(chan struct{})
	go func() {
		for _, w := range all {
			w.busy.Wait()
		}
		close(idle)
	}()
	select {
	case <-idle:
	case <-time.After(closePatience):
	}
}

func (w *workers) shutDown() {
	w.mu.Lock()
	defer w.mu.Unlock()
	if !w.shut {
		w.shut = true
		close(w.jobs)
	}
}

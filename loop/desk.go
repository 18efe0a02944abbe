//go:build linux

package loop

import (
	"sync"
	"time"
)

// desk does what takes long and no loop may wait for. A few goroutines do it, however many ask. A server has two: one that computes, and one that
// writes, so that a disk that hangs keeps nobody from being let in. Safe for any goroutine.
type desk struct {
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
	// maxJobs is how many may wait at a desk.
	maxJobs = 512
	// deskPatience is how long the end waits for what is being done.
	deskPatience = time.Second
)

func newDesk(clerks int) *desk {
	d := &desk{jobs: make(chan func(), maxJobs)}
	for range clerks {
		d.busy.Go(func() {
			for job := range d.jobs {
				if !d.isShut() {
					job()
				}
			}
		})
	}
	return d
}

// give has job done, or returns false if too much is waiting. job must not panic; see eventLoop.guardedBeside.
func (d *desk) give(job func()) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.shut {
		return false
	}
	select {
	case d.jobs <- job:
		return true
	default:
		return false
	}
}

func (d *desk) isShut() bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.shut
}

// close waits for what is being done, but not for long, and drops the rest: nobody is there any more who waits for it.
func (d *desk) close() {
	d.mu.Lock()
	if !d.shut {
		d.shut = true
		close(d.jobs)
	}
	d.mu.Unlock()
	idle := make(chan struct{})
	go func() { d.busy.Wait(); close(idle) }()
	select {
	case <-idle:
	case <-time.After(deskPatience):
	}
}

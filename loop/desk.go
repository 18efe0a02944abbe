//go:build linux

package loop

import "sync"

// desk does what takes long and no loop may wait for: it checks passwords, and writes the server's state to disk. A few goroutines do
// it, however many ask. Safe for any goroutine.
type desk struct {
	jobs chan func()
	busy sync.WaitGroup
	mu   sync.Mutex
	shut bool
}

const (
	// clerks is how many jobs are done at once. A password takes 19 MiB and some 30 ms of a core, which the loops need for the others.
	clerks = 2
	// maxJobs is how many may wait.
	maxJobs = 512
)

func newDesk() *desk {
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

// close waits for what is being done, and drops the rest: nobody is there any more who waits for it.
func (d *desk) close() {
	d.mu.Lock()
	if !d.shut {
		d.shut = true
		close(d.jobs)
	}
	d.mu.Unlock()
	d.busy.Wait()
}

package store

import (
	"runtime"
	"sync"
	"time"
)

// processors are those that Go has for the process, as many as there are cores. A reader that reads takes one: with a thread that gives way it may keep it long, and a loop that is woken has to wait for it
// to be given up, whoever has the core. So there is one more for each reader while looks are asked for. There are not always more, since idle ones cost.
type processors struct {
	mu      sync.Mutex
	reading int // of all stores
	more    int // that there are just now
	lower   *time.Timer
}

// lowerAfter is how long after the last look there are more: to change it stops all goroutines for some microseconds.
const lowerAfter = time.Second

// ofProcess are the only ones there are.
var ofProcess processors

// begin is before a reader reads.
func (p *processors) begin() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.reading++; p.reading > p.more {
		runtime.GOMAXPROCS(runtime.GOMAXPROCS(0) + p.reading - p.more)
		p.more = p.reading
	}
}

// end is when it has read.
func (p *processors) end() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.reading--; p.reading > 0 {
		return
	}
	if p.lower == nil {
		p.lower = time.AfterFunc(lowerAfter, p.rest)
	} else {
		p.lower.Reset(lowerAfter)
	}
}

// rest gives back those that were more, if nobody reads.
func (p *processors) rest() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.reading == 0 && p.more > 0 {
		runtime.GOMAXPROCS(runtime.GOMAXPROCS(0) - p.more)
		p.more = 0
	}
}

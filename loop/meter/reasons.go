package meter

import (
	"maps"
	"sync"
)

// Reasons counts by reason. The zero value is ready. Safe for any goroutine.
type Reasons struct {
	mu     sync.Mutex
	counts map[string]uint64
}

// Add counts one. Reasons are never forgotten, so there must be few.
func (r *Reasons) Add(reason string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.counts == nil {
		r.counts = map[string]uint64{}
	}
	r.counts[reason]++
}

// All returns a copy of the counts, nil if there are none.
func (r *Reasons) All() map[string]uint64 {
	r.mu.Lock()
	defer r.mu.Unlock()
	return maps.Clone(r.counts)
}

package quota

import (
	"sync"
	"time"
)

// Day is the time in which a whole Limit comes back.
const Day = 24 * time.Hour

// MaxKeys is how many keys a Ledger remembers, some 60 bytes each. Beyond that it forgets some of those that have taken something: who has
// as many addresses is not held by a limit for each of them.
const MaxKeys = 1 << 16

// fewKeys are kept without looking whether they are needed.
const fewKeys = 1024

// Limit is how much one key may take at once. It comes back evenly: what was taken is forgotten at the rate of one Limit a Day.
type Limit struct {
	Things int64 // 0 or less: any number
	Bytes  int64 // the same
}

// Ledger counts by key. Make it with NewLedger.
type Ledger[K comparable] struct {
	mu     sync.Mutex
	uses   map[K]use
	tidyAt int // from how many keys on those that owe nothing are looked for
}

// use is what a key had taken at a time and not got back.
type use struct {
	things, bytes float64
	at            time.Duration
}

// NewLedger returns an empty one.
func NewLedger[K comparable]() *Ledger[K] {
	return &Ledger[K]{uses: map[K]use{}, tidyAt: fewKeys}
}

// Take counts one thing of so many bytes, if the limit allows both; bytes may be 0. If not, nothing is counted, and wait is how long it is
// until it would be allowed, less than 0 if it never is. now is the time on a clock that never goes back.
func (l *Ledger[K]) Take(key K, bytes int64, limit Limit, now time.Duration) (wait time.Duration, ok bool) {
	if limit.Things <= 0 && limit.Bytes <= 0 {
		return 0, true
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	u := l.uses[key].faded(limit, now)
	wait = max(shortBy(u.things, 1, limit.Things), shortBy(u.bytes, bytes, limit.Bytes))
	if limit.Bytes > 0 && bytes > limit.Bytes {
		wait = -1
	}
	if wait != 0 {
		return wait, false
	}
	u.things++
	u.bytes += float64(bytes)
	if len(l.uses) >= l.tidyAt {
		l.tidy(limit, now)
	}
	l.uses[key] = u
	return 0, true
}

// Return takes back what Take has counted, because it came to nothing.
func (l *Ledger[K]) Return(key K, bytes int64) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if u, found := l.uses[key]; found {
		u.things, u.bytes = max(u.things-1, 0), max(u.bytes-float64(bytes), 0)
		l.uses[key] = u
	}
}

// Len is the number of keys that are remembered.
func (l *Ledger[K]) Len() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return len(l.uses)
}

// faded is u less what has come back since.
func (u use) faded(limit Limit, now time.Duration) use {
	days := float64(now-u.at) / float64(Day)
	return use{fade(u.things, limit.Things, days), fade(u.bytes, limit.Bytes, days), now}
}

func fade(used float64, limit int64, days float64) float64 {
	if limit <= 0 {
		return 0
	}
	// A limit that was lowered forgives what goes beyond it.
	return max(min(used, float64(limit))-float64(limit)*days, 0)
}

// shortBy is how long it takes until more fits within the limit beside what is used.
func shortBy(used float64, more, limit int64) time.Duration {
	if limit <= 0 {
		return 0
	}
	over := used + float64(more) - float64(limit)
	if over <= 1e-6 { // parts of a thing that arithmetic has left
		return 0
	}
	return time.Duration(over / float64(limit) * float64(Day))
}

// tidy forgets the keys that have got everything back, and others if there are too many all the same. The map is made anew: one that was
// large stays large.
func (l *Ledger[K]) tidy(limit Limit, now time.Duration) {
	kept := make(map[K]use, fewKeys)
	for key, u := range l.uses {
		if u = u.faded(limit, now); (u.things > 0 || u.bytes > 0) && len(kept) < MaxKeys/2 {
			kept[key] = u
		}
	}
	l.uses, l.tidyAt = kept, min(max(fewKeys, 2*len(kept)), MaxKeys)
}

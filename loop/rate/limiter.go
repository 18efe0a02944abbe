package rate

import (
	"sync"
	"time"
)

// Limiter counts what each address holds, and how fast it does something. Make it with NewLimiter; it is safe for any goroutine.
//
// Its memory is bounded: an address is known as long as it holds something or its bucket is not full, and of those that hold nothing no
// more than maxStrangers are.
type Limiter struct {
	mu     sync.Mutex
	uses   map[Key]use
	tidyAt int // from how many keys on those that owe nothing are looked for
}

// use is what is known of a key.
type use struct {
	held int32
	paid time.Duration // until when what it has done is paid for; see Rate
}

const (
	// fewKeys are kept without looking whether they are needed.
	fewKeys = 1024
	// maxStrangers is how many keys that hold nothing are remembered for their rate. Until it is looked at again, their number
	// can double: then they take about 3 MB. An address of IPv6 counts three times, with the networks that it is in.
	maxStrangers = 1 << 15
)

// NewLimiter returns one that knows nobody.
func NewLimiter() *Limiter {
	return &Limiter{uses: map[Key]use{}, tidyAt: fewKeys}
}

// Excess is why Hold has refused. The zero Excess is no reason.
type Excess struct {
	Held    int           // so much is held, and that is the limit; 0: it is the rate
	Wait    time.Duration // how long it is until the rate allows one more
	Network bool          // not the address alone is over its limit, but a network or a user that it belongs to
}

// Hold counts one more thing that an address holds until Release, if all its shares have room: most of them at once for the address itself
// (0: any number), as fast as rates say. Else it counts nothing and says why.
func (l *Limiter) Hold(key Key, most int, rates *Rates, now time.Duration) (why Excess, ok bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	shares, n := key.shares()
	for i, share := range shares[:n] {
		u := l.uses[share.key]
		if most := most * share.times; most > 0 && int(u.held) >= most {
			return Excess{Held: int(u.held), Network: i > 0}, false
		}
		if wait := rates[i].Wait(rates[i].Forgive(u.paid, now), now, 0); wait > 0 {
			return Excess{Wait: wait, Network: i > 0}, false
		}
	}
	l.pay(shares[:n], 1, rates, now)
	return Excess{}, true
}

// Release is the end of what Hold has counted.
func (l *Limiter) Release(key Key, now time.Duration) {
	l.mu.Lock()
	defer l.mu.Unlock()
	shares, n := key.shares()
	for _, share := range shares[:n] {
		u := l.uses[share.key]
		u.held--
		if u.held <= 0 && u.paid <= now {
			delete(l.uses, share.key)
			continue
		}
		l.uses[share.key] = u
	}
}

// Try counts something that is done at once, or returns how long the address must wait until it may. Rates without a limit count nothing.
func (l *Limiter) Try(key Key, rates *Rates, now time.Duration) (wait time.Duration) {
	if rates[0].Every == 0 {
		return 0
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	shares, n := key.shares()
	for i, share := range shares[:n] {
		wait = max(wait, rates[i].Wait(rates[i].Forgive(l.uses[share.key].paid, now), now, 0))
	}
	if wait == 0 {
		l.pay(shares[:n], 0, rates, now)
	}
	return wait
}

// pay counts one thing in each share, and so many more that it holds.
func (l *Limiter) pay(shares []share, holds int32, rates *Rates, now time.Duration) {
	for i, share := range shares {
		u := l.uses[share.key]
		u.held += holds
		if u.paid = rates[i].Forgive(u.paid, now); rates[i].Every > 0 {
			u.paid = rates[i].Pay(u.paid, now)
		}
		l.uses[share.key] = u
	}
	if len(l.uses) >= l.tidyAt {
		l.tidy(now)
	}
}

// Forgive takes back what Try has counted by these rates.
func (l *Limiter) Forgive(key Key, rates *Rates) {
	l.mu.Lock()
	defer l.mu.Unlock()
	shares, n := key.shares()
	for i, share := range shares[:n] {
		if u, known := l.uses[share.key]; known {
			u.paid -= rates[i].Every
			l.uses[share.key] = u
		}
	}
}

// tidy forgets the keys that can be forgotten, and strangers if there are too many all the same. The map is made anew: one that was large
// stays large.
func (l *Limiter) tidy(now time.Duration) {
	kept, strangers := make(map[Key]use, fewKeys), 0
	for key, u := range l.uses {
		if u.held > 0 {
			kept[key] = u
		} else if u.paid > now && strangers < maxStrangers {
			kept[key] = u
			strangers++
		}
	}
	l.uses, l.tidyAt = kept, max(fewKeys, 2*len(kept))
}

// Len is the number of addresses and networks that are known.
func (l *Limiter) Len() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return len(l.uses)
}

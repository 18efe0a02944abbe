//go:build linux

package loop

import (
	"sync"
	"time"
)

// attempts limits how often an address tries something: a password, or a request of HTTP. Safe for any goroutine. Its memory is bounded as that
// of admission: an address is known until what it has tried is paid for by time.
type attempts struct {
	mu     sync.Mutex
	paid   map[addressKey]time.Duration
	tidyAt int
}

// attemptRates is one try in ten seconds in the long run, and six at once: enough for a person who has several passwords, and 3 million
// tries a year for who guesses. A whole /56 of IPv6 has four times, a /48 sixteen times as many.
var attemptRates = newShareRates(0.1, 6)

// maxTriers is how many addresses are remembered. The number can double until it is looked at again.
const maxTriers = 1 << 15

func newAttempts() *attempts {
	return &attempts{paid: map[addressKey]time.Duration{}, tidyAt: fewAddresses}
}

// try counts an attempt, or returns how long the address must wait for the next one. Rates without a limit count nothing.
func (a *attempts) try(key addressKey, rates *shareRates, now time.Duration) (wait time.Duration) {
	if rates[0].every == 0 {
		return 0
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	shares, n := key.shares()
	for i, share := range shares[:n] {
		wait = max(wait, rates[i].wait(rates[i].forgive(a.paid[share.key], now), now, 0))
	}
	if wait > 0 {
		return wait
	}
	for i, share := range shares[:n] {
		a.paid[share.key] = rates[i].pay(rates[i].forgive(a.paid[share.key], now), now)
	}
	if len(a.paid) >= a.tidyAt {
		a.tidy(now)
	}
	return 0
}

// forgive takes an attempt at a password back: the password was right.
func (a *attempts) forgive(key addressKey) {
	a.mu.Lock()
	defer a.mu.Unlock()
	shares, n := key.shares()
	for i, share := range shares[:n] {
		if paid, ok := a.paid[share.key]; ok {
			a.paid[share.key] = paid - attemptRates[i].every
		}
	}
}

func (a *attempts) tidy(now time.Duration) {
	kept := make(map[addressKey]time.Duration, fewAddresses)
	for key, paid := range a.paid {
		if paid > now && len(kept) < maxTriers {
			kept[key] = paid
		}
	}
	a.paid, a.tidyAt = kept, max(fewAddresses, 2*len(kept))
}

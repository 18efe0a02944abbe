//go:build linux

package loop

import (
	"sync"
	"time"
)

// attempts limits how many passwords an address tries. Safe for any goroutine. Its memory is bounded as that of admission: an address is
// known until what it has tried is paid for by time.
type attempts struct {
	mu     sync.Mutex
	paid   map[addressKey]time.Duration
	tidyAt int
}

// attemptRate is one try in ten seconds in the long run, and six at once: enough for a person who has several passwords, and 3 million
// tries a year for who guesses.
var attemptRate = newRate(0.1, 6)

// maxTriers is how many addresses are remembered. The number can double until it is looked at again.
const maxTriers = 1 << 15

func newAttempts() *attempts {
	return &attempts{paid: map[addressKey]time.Duration{}, tidyAt: fewAddresses}
}

// try counts an attempt, or returns how long the address must wait for the next one.
func (a *attempts) try(key addressKey, now time.Duration) (wait time.Duration) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if wait = attemptRate.wait(a.paid[key], now, 0); wait > 0 {
		return wait
	}
	a.paid[key] = attemptRate.pay(a.paid[key], now)
	if len(a.paid) >= a.tidyAt {
		a.tidy(now)
	}
	return 0
}

// forgive takes an attempt back: the password was right.
func (a *attempts) forgive(key addressKey) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if paid, ok := a.paid[key]; ok {
		a.paid[key] = paid - attemptRate.every
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

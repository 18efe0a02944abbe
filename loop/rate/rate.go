package rate

import (
	"math"
	"time"
)

// Rate is a token bucket without tokens: each thing takes the time Every, and is paid for by the time that passes. One may be in debt by
// Ahead, which is what a burst needs. All that has to be kept per client is one time, paid: until when it has spent what it has. The zero
// Rate has no limit.
type Rate struct {
	Every time.Duration // 0: no limit
	Ahead time.Duration
}

// slowest bounds what a rate takes seriously: less than one thing a day is one a day, and a debt ends after a year.
const (
	slowest     = 24 * time.Hour
	longestDebt = 365 * 24 * time.Hour
)

// New is so many a second in the long run, and burst at once (at least 1). perSecond 0 or less: no limit.
func New(perSecond float64, burst int) Rate {
	if perSecond <= 0 {
		return Rate{}
	}
	every := time.Duration(min(float64(time.Second)/perSecond, float64(slowest)))
	ahead := min(float64(every)*float64(max(burst, 1)-1), float64(longestDebt))
	return Rate{Every: every, Ahead: time.Duration(math.Round(ahead))}
}

// Wait is how long it is until the next thing may be done; 0: it may be done now. overdraft is by how much the debt may be greater
// than usual.
func (r Rate) Wait(paid, now, overdraft time.Duration) time.Duration {
	return max(paid-now-r.Ahead-overdraft, 0)
}

// Pay returns what paid is after one more thing.
func (r Rate) Pay(paid, now time.Duration) time.Duration {
	return max(paid, now) + r.Every
}

// PayPart is Pay for what costs a part of a thing: one of so many.
func (r Rate) PayPart(paid, now time.Duration, part int) time.Duration {
	return max(paid, now) + r.Every/time.Duration(part)
}

// Forgive returns what paid is after a change of the rate: nobody has more debts than one could make with the new one.
func (r Rate) Forgive(paid, now time.Duration) time.Duration {
	return min(paid, now+2*(r.Ahead+r.Every))
}

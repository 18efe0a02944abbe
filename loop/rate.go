//go:build linux

package loop

import (
	"math"
	"time"
)

// rate is a token bucket without tokens: each thing takes the time every, and is paid for by the time that passes. One may be in debt by
// ahead, which is what a burst needs. All that has to be kept per client is one time: until when it has spent what it has. The zero
// rate has no limit.
type rate struct {
	every time.Duration
	ahead time.Duration
}

// slowest bounds what a rate takes seriously: less than one thing a day is one a day, and a debt ends after a year.
const (
	slowest     = 24 * time.Hour
	longestDebt = 365 * 24 * time.Hour
)

// newRate is so many a second in the long run, and burst at once (at least 1).
func newRate(perSecond float64, burst int) rate {
	if perSecond <= 0 {
		return rate{}
	}
	every := time.Duration(min(float64(time.Second)/perSecond, float64(slowest)))
	ahead := min(float64(every)*float64(max(burst, 1)-1), float64(longestDebt))
	return rate{every: every, ahead: time.Duration(math.Round(ahead))}
}

// wait is how long it is until the next thing may be done; 0: it may be done now. overdraft is by how much the debt may be greater
// than usual.
func (r rate) wait(paid, now, overdraft time.Duration) time.Duration {
	return max(paid-now-r.ahead-overdraft, 0)
}

// pay returns what paid is after one more thing.
func (r rate) pay(paid, now time.Duration) time.Duration {
	return max(paid, now) + r.every
}

// payPart is pay for what costs a part of a thing.
func (r rate) payPart(paid, now time.Duration, part int) time.Duration {
	return max(paid, now) + r.every/time.Duration(part)
}

// forgive returns what paid is after a change of the rate: nobody has more debts than one could make with the new one.
func (r rate) forgive(paid, now time.Duration) time.Duration {
	return min(paid, now+2*(r.ahead+r.every))
}

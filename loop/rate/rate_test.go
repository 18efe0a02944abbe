package rate

import (
	"testing"
	"time"
)

func TestRate(t *testing.T) {
	tests := []struct {
		name      string
		perSecond float64
		burst     int
		atOnce    int           // things at once
		after     time.Duration // then one more comes
		want      time.Duration // and waits so long
	}{
		{"no limit", 0, 1, 1000, 0, 0},
		{"within the burst", 10, 50, 49, 0, 0},
		{"over the burst", 10, 50, 50, 0, 100 * time.Millisecond},
		{"far over the burst", 10, 50, 60, 0, 1100 * time.Millisecond},
		{"after a rest", 10, 50, 60, time.Second, 100 * time.Millisecond},
		{"after a long rest", 10, 50, 60, time.Hour, 0},
		{"a burst of 0 is one of 1", 10, 0, 1, 0, 100 * time.Millisecond},
		{"less than one a second", 0.5, 1, 1, 0, 2 * time.Second},
		{"almost never", 1e-12, 1, 1, 0, slowest},
		{"a burst without an end", 1e-12, 1 << 60, 300, 0, 0},
		{"faster than the clock", 1e12, 1, 1000, 0, 0},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			r := New(test.perSecond, test.burst)
			now := time.Hour
			var paid time.Duration
			for range test.atOnce {
				paid = r.Pay(paid, now)
			}
			if got := r.Wait(paid, now+test.after, 0); got != test.want {
				t.Errorf("wait = %v, want %v", got, test.want)
			}
		})
	}
}

// TestRateIsForgiven: who has run into debt by a slow rate is not held to it by a faster one.
func TestRateIsForgiven(t *testing.T) {
	slow, fast := New(0.01, 2), New(10, 2)
	paid := slow.Pay(slow.Pay(0, 0), 0)
	if got, most := fast.Wait(fast.Forgive(paid, 0), 0, 0), time.Second; got > most {
		t.Errorf("wait = %v, want at most %v", got, most)
	}
}

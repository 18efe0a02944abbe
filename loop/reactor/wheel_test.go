//go:build linux

package reactor

import (
	"math/rand/v2"
	"testing"
	"time"
)

// TestWheelRingsEachAlarmOnceInItsTime sets random alarms and lets time pass in random steps, some of them longer than the wheel.
func TestWheelRingsEachAlarmOnceInItsTime(t *testing.T) {
	random := rand.New(rand.NewPCG(5, 6))
	var w wheel
	var now, before time.Duration
	set := map[uint64]time.Duration{}
	last := uint64(0)
	for step := range 5000 {
		for range random.IntN(4) {
			last++
			at := now + time.Duration(random.Int64N(int64(6*time.Second)))
			set[last] = at
			w.set(at, last, 1)
		}
		before, now = now, now+time.Duration(random.Int64N(int64(100*time.Millisecond)))
		if step%500 == 0 {
			now += 4 * time.Second
		}
		for _, a := range w.due(now, nil) {
			at, ok := set[a.id]
			if !ok || at > now || at < before-2*wheelTick {
				t.Fatalf("at %v (last looked at %v) an alarm rang that was set for %v (set: %v)", now, before, at, ok)
			}
			delete(set, a.id)
		}
		if next, ok := w.next(); ok != (len(set) > 0) || (ok && next <= now-wheelTick) {
			t.Fatalf("at %v next = %v, %v with %d alarms set", now, next, ok, len(set))
		}
	}
	w.due(now+time.Minute, nil)
	if w.count != 0 {
		t.Errorf("%d alarms have not rung", w.count)
	}
}

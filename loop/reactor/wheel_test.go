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

// TestWheelNext: the wheel is looked at again in the tick of its first alarm, or once round where that is farther.
func TestWheelNext(t *testing.T) {
	const turn = wheelSlots * wheelTick
	for _, row := range []struct {
		at   []time.Duration
		want time.Duration
	}{
		{[]time.Duration{1}, wheelTick},
		{[]time.Duration{0}, wheelTick},
		{[]time.Duration{wheelTick}, wheelTick},
		{[]time.Duration{wheelTick + 1}, 2 * wheelTick},
		{[]time.Duration{5 * wheelTick, 3 * wheelTick}, 3 * wheelTick},
		{[]time.Duration{turn}, turn},
		{[]time.Duration{turn + wheelTick}, wheelTick},
		{[]time.Duration{10*turn + 2*wheelTick}, 2 * wheelTick},
	} {
		var w wheel
		for _, at := range row.at {
			w.set(at, 1, 1)
		}
		if next, ok := w.next(); !ok || next != row.want {
			t.Errorf("next with alarms at %v = %v, %v, want %v", row.at, next, ok, row.want)
		}
	}
	var w wheel
	if next, ok := w.next(); ok {
		t.Errorf("next without alarms = %v, want none", next)
	}
}

// TestWheelKeepsNoBurst: the memory of many alarms in one tick is let go of, that of a few is used again, and alarms of another turn stay.
func TestWheelKeepsNoBurst(t *testing.T) {
	for _, row := range []struct {
		many, later int
		keeps       bool
	}{{64, 0, true}, {1000, 0, false}, {1000, 1, true}, {3, 2, true}} {
		var w wheel
		for range row.many {
			w.set(wheelTick, 1, 1)
		}
		for range row.later {
			w.set(wheelTick+wheelSlots*wheelTick, 2, 2)
		}
		if due := w.due(wheelTick, nil); len(due) != row.many {
			t.Errorf("%d alarms are due, want %d", len(due), row.many)
		}
		if slot := w.slots[1]; len(slot) != row.later || (cap(slot) > 0) != row.keeps {
			t.Errorf("behind %d alarms with %d later, the slot has %d and room for %d; want %d, and room: %v", row.many, row.later, len(slot), cap(slot), row.later, row.keeps)
		}
	}
}

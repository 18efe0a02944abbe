//go:build linux

package reactor

import "time"

const (
	wheelTick  = 10 * time.Millisecond
	wheelSlots = 256
)

// alarm is something to look at when its time has come.
type alarm struct {
	at   int64 // in ticks of the wheel
	id   uint64
	kind uint8
}

// wheel is a timing wheel: setting an alarm and finding those due cost the same however many there are.
type wheel struct {
	slots [wheelSlots][]alarm
	now   int64 // all alarms up to this tick have been taken
	count int
}

// set adds an alarm for the first tick that is not before at.
func (w *wheel) set(at time.Duration, id uint64, kind uint8) {
	tick := max(int64((at+wheelTick-1)/wheelTick), w.now+1)
	slot := tick % wheelSlots
	w.slots[slot] = append(w.slots[slot], alarm{at: tick, id: id, kind: kind})
	w.count++
}

// due appends the alarms whose time has come to dst.
func (w *wheel) due(now time.Duration, dst []alarm) []alarm {
	until := int64(now / wheelTick)
	from := w.now + 1
	if until-from >= wheelSlots {
		from = until - wheelSlots + 1
	}
	for tick := from; tick <= until; tick++ {
		dst = w.take(tick%wheelSlots, until, dst)
	}
	w.now = max(w.now, until)
	return dst
}

func (w *wheel) take(slot, until int64, dst []alarm) []alarm {
	kept := w.slots[slot][:0]
	for _, a := range w.slots[slot] {
		if a.at <= until {
			dst = append(dst, a)
			w.count--
		} else {
			kept = append(kept, a)
		}
	}
	if len(kept) == 0 && cap(kept) > 64 {
		kept = nil // a burst of alarms is not kept in memory
	}
	w.slots[slot] = kept
	return dst
}

// next is when the wheel wants to be looked at again, false if no alarm is set.
func (w *wheel) next() (time.Duration, bool) {
	if w.count == 0 {
		return 0, false
	}
	for tick := w.now + 1; tick <= w.now+wheelSlots; tick++ {
		if len(w.slots[tick%wheelSlots]) > 0 {
			return time.Duration(tick) * wheelTick, true
		}
	}
	return 0, false
}

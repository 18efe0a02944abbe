//go:build linux

package loop

import "looproom/loop/budget"

// historyShare is which part of the memory the messages that rooms keep may take, and leastHistory what each room may keep in any case, in
// bytes.
const (
	historyShare = 8
	leastHistory = 4 << 10
)

// historyWeight is how much memory goes to what rooms keep for RECENT.
type historyWeight struct {
	gauge budget.Gauge
	usual int // bytes that each room keeps at most as configured; 0: any number
	most  int // the same since memory was short; 0: as configured
}

// weigh says how many bytes each room is to keep from now on, and whether that is another number than it was: less while what all of them keep, bytes, is more than its share of
// memory (0: there is any amount), and again as much as it may when it is little.
func (w *historyWeight) weigh(bytes int, memory int64) (most int, changed bool) {
	share, usual, now := int(memory/historyShare), w.usual, w.most
	if now == 0 || now > usual && usual > 0 {
		now = usual
	}
	switch next := now; {
	case share > 0 && bytes > share:
		if next == 0 {
			next = share // it has been any number
		}
		w.most = max(next/2, leastHistory)
	case bytes < share/4 && now != usual:
		if next *= 2; usual > 0 {
			next = min(next, usual)
		}
		w.most = next
	default:
		return now, false
	}
	return w.most, true
}

//go:build linux

package loop

import (
	"looproom/loop/budget"
	"looproom/loop/room"
)

// historyShare is which part of the memory the messages that rooms keep may take, and leastHistory what each room may keep in any case, in
// bytes.
const (
	historyShare = 8
	leastHistory = 4 << 10
)

// historyWeight is how much memory goes to what rooms keep for RECENT.
type historyWeight struct {
	gauge budget.Gauge
	most  int // bytes that each room keeps at most since memory was short; 0: as configured
}

// weigh counts what rooms keep, and has each keep less while that is more than its share of memory (0: there is any amount), or again as much as it may (usual, 0: any
// number of bytes) when it is little.
func (w *historyWeight) weigh(state *room.State, memory int64, usual int) {
	bytes, most := state.HistoryBytes(), int(memory/historyShare)
	now := w.most
	if now == 0 || now > usual && usual > 0 {
		now = usual
	}
	switch next := now; {
	case most > 0 && bytes > most:
		if next == 0 {
			next = most // it has been any number
		}
		w.limit(state, max(next/2, leastHistory))
	case bytes < most/4 && now != usual:
		if next *= 2; usual > 0 {
			next = min(next, usual)
		}
		w.limit(state, next)
	}
	w.gauge.Set(int64(state.HistoryBytes()))
}

func (w *historyWeight) limit(state *room.State, bytes int) {
	w.most = bytes
	state.LimitHistory(bytes)
}

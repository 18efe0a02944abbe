//go:build linux

package loop

import "runtime/debug"

// housekeeping gives memory back to the kernel once a crowd has come or gone and it is quiet again: the garbage of so many arrivals
// would stay with the process, and with very many connections that are idle nothing would ever collect it.
type housekeeping struct {
	low, high int // the fewest and the most connections since it was last done
	last      int // connections a second ago
}

// crowd is from how many connections more or fewer on memory is worth giving back.
const crowd = 500

// due is asked once a second, with the number of connections and the most that there were since it was last asked: a crowd can come and go
// between.
func (h *housekeeping) due(count, peak int) bool {
	quiet := h.last == count
	h.last, h.low, h.high = count, min(h.low, count), max(h.high, peak)
	if change := h.high - h.low; !quiet || change < crowd || change < h.high/8 {
		return false
	}
	h.low, h.high = count, count
	return true
}

// tidy takes some milliseconds beside the loops, and not on them.
func (h *housekeeping) tidy() { go debug.FreeOSMemory() }

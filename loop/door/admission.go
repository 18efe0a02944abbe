//go:build linux

package door

import (
	"net/netip"

	"looproom/loop/rate"
	"looproom/loop/room"
)

// count counts a connection of the address, or returns why there must be none.
func (ds *Doors) count(address netip.Addr) (why room.Refusal, ok bool) {
	limit := ds.limits.Load()
	over, ok := ds.admission.Hold(rate.KeyOf(address), limit.PerAddress, &limit.Connects, ds.host.Now())
	switch {
	case ok:
		return why, true
	case over.Held > 0 && over.Network:
		return room.Refusal{Why: room.NetworkFull, N: int64(over.Held)}, false
	case over.Held > 0:
		return room.Refusal{Why: room.AddressFull, N: int64(over.Held)}, false
	case over.Network:
		return because(room.NetworkTooFast), false
	}
	return because(room.AddressTooFast), false
}

// uncount is the end of a connection that count has counted.
func (ds *Doors) uncount(address netip.Addr) {
	ds.admission.Release(rate.KeyOf(address), ds.host.Now())
}

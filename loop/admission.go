//go:build linux

package loop

import (
	"strconv"
	"sync"
	"time"

	"looproom/loop/room"
)

// admission counts the connections of each address, and how fast they come. Safe for any goroutine.
//
// Its memory is bounded: an address is known as long as it has a connection or its bucket is not full, and of those without a
// connection no more than maxStrangers are.
type admission struct {
	mu        sync.Mutex
	addresses map[addressKey]addressUse
	tidyAt    int // from how many addresses on those that owe nothing are looked for
}

// addressUse is what is known of an address.
type addressUse struct {
	held int32         // its connections
	paid time.Duration // until when they are paid for; see rate
}

const (
	// fewAddresses are kept without looking whether they are needed.
	fewAddresses = 1024
	// maxStrangers is how many addresses without a connection are remembered for their rate. Until it is looked at again, their number
	// can double: then they take about 3 MB. An address of IPv6 counts three
	// times, with the networks that it is in.
	maxStrangers = 1 << 15
)

func newAdmission() *admission {
	return &admission{addresses: map[addressKey]addressUse{}, tidyAt: fewAddresses}
}

// keyOfPeer reads the address from the name that a peer came by, false for one of a Unix socket.
func keyOfPeer(name string) (addressKey, bool) {
	address, ok := hostOf(name)
	return keyOf(address), ok
}

// groupOf is the room's name for all who come from the address of a peer, 0 for those of Unix sockets.
func groupOf(name string) uint64 {
	key, ok := keyOfPeer(name)
	switch {
	case !ok:
		return 0
	case key.kind == ofIPv6:
		return max(key.net, 1) // 0 is that of ::1
	}
	return 1<<32 | key.net // no /64 that is in use begins so
}

// enter counts a connection of the address, or returns why there must be none.
func (a *admission) enter(key addressKey, limit *limits, now time.Duration) *refusal {
	a.mu.Lock()
	defer a.mu.Unlock()
	shares, n := key.shares()
	for i, share := range shares[:n] {
		if why := a.mayEnter(share, limit, limit.connects[i], now); why != nil {
			return why
		}
	}
	for i, share := range shares[:n] {
		use, connects := a.addresses[share.key], limit.connects[i]
		use.held++
		if use.paid = connects.forgive(use.paid, now); connects.every > 0 {
			use.paid = connects.pay(use.paid, now)
		}
		a.addresses[share.key] = use
	}
	if len(a.addresses) >= a.tidyAt {
		a.tidy(now)
	}
	return nil
}

// mayEnter returns why there must be no connection more in a share.
func (a *admission) mayEnter(s share, limit *limits, connects rate, now time.Duration) *refusal {
	use, whose := a.addresses[s.key], "your address"
	if s.times > 1 {
		whose = "your network"
	}
	if most := limit.MaxPerAddress * s.times; most > 0 && int(use.held) >= most {
		return &refusal{room.TooManyConnections, whose + " has " + strconv.Itoa(int(use.held)) + " connections, and that is the limit"}
	}
	if paid := connects.forgive(use.paid, now); connects.every > 0 && connects.wait(paid, now, 0) > 0 {
		return &refusal{room.ConnectingTooFast, whose + " connects too often; try again later"}
	}
	return nil
}

// leave is the end of a connection that was counted.
func (a *admission) leave(key addressKey, now time.Duration) {
	a.mu.Lock()
	defer a.mu.Unlock()
	shares, n := key.shares()
	for _, share := range shares[:n] {
		use := a.addresses[share.key]
		use.held--
		if use.forgettable(now) {
			delete(a.addresses, share.key)
			continue
		}
		a.addresses[share.key] = use
	}
}

func (u addressUse) forgettable(now time.Duration) bool { return u.held <= 0 && u.paid <= now }

// tidy forgets the addresses that can be forgotten. The map is made anew: one that was large stays large.
func (a *admission) tidy(now time.Duration) {
	kept, strangers := make(map[addressKey]addressUse, fewAddresses), 0
	for key, use := range a.addresses {
		if use.held > 0 {
			kept[key] = use
		} else if use.paid > now && strangers < maxStrangers {
			kept[key] = use
			strangers++
		}
	}
	a.addresses, a.tidyAt = kept, max(fewAddresses, 2*len(kept))
}

// count is the number of addresses that are known.
func (a *admission) count() int {
	a.mu.Lock()
	defer a.mu.Unlock()
	return len(a.addresses)
}

package rate

import (
	"encoding/binary"
	"net/netip"
)

// Key is what counts as one address: an IPv4 address, a network of IPv6, or a user of this machine. It can be a key of a map. The zero Key is
// 0.0.0.0, from which nobody comes.
type Key struct {
	net  uint64 // the address, the first half of the address, or the number of the user with an address behind it
	kind keyKind
}

type keyKind uint8

const (
	ofIPv4      keyKind = iota
	ofIPv6              // a /64: what one customer of a provider has
	ofIPv6Site          // a /56, which many customers have
	ofIPv6Large         // a /48: the most that one customer has
	ofUser              // of this machine, at one of its own addresses
	ofWholeUser         // at all of them
)

// KeyOf returns what an address counts as. IPv4 within IPv6 is IPv4.
func KeyOf(address netip.Addr) Key {
	address = address.Unmap()
	if address.Is4() {
		four := address.As4()
		return Key{net: uint64(binary.BigEndian.Uint32(four[:]))}
	}
	sixteen := address.As16()
	return Key{net: binary.BigEndian.Uint64(sixteen[:8]), kind: ofIPv6}
}

// KeyOfUser is a user of this machine who comes from one of its own addresses, or by a Unix socket (the zero address).
func KeyOfUser(uid uint32, address netip.Addr) Key {
	key := Key{net: uint64(uid) << 32, kind: ofUser}
	switch {
	case address.Is4():
		key.net |= KeyOf(address).net
	case address.IsValid():
		key.net |= 1 // ::1, which is the only one of its kind
	}
	return key
}

// Number is a number that no other address has, nor network of IPv6, and never 0. Users of this machine have none.
func (k Key) Number() uint64 {
	if k.kind == ofIPv6 {
		return max(k.net, 1) // 0 is that of ::1
	}
	return 1<<32 | k.net // no /64 that is in use begins so
}

// How much more than a /64 the networks around it may take together: whoever has all 256 or 65,536 of their /64 must not have as many
// shares. A user of this machine has very many addresses, too: all of 127.0.0.0/8.
const (
	siteShares  = 4
	largeShares = 16
	maxShares   = 3 // that one address counts towards
)

// share is what an address counts towards, and how many times what one of its kind may have.
type share struct {
	key   Key
	times int
}

// shares are those of a key: its own first, then those of the networks that it is in. They are n.
func (k Key) shares() (all [maxShares]share, n int) {
	all[0] = share{k, 1}
	switch k.kind {
	case ofUser:
		all[1] = share{Key{k.net >> 32, ofWholeUser}, siteShares}
		return all, 2
	case ofIPv6:
	default:
		return all, 1
	}
	all[1] = share{Key{k.net &^ 0xff, ofIPv6Site}, siteShares}
	all[2] = share{Key{k.net &^ 0xffff, ofIPv6Large}, largeShares}
	return all, maxShares
}

// Rates are a Rate as it is for an address, and for each of the networks that it is in.
type Rates [maxShares]Rate

// NewRates is so many a second of one address in the long run, and burst at once, as New; and as many times more for the networks.
func NewRates(perSecond float64, burst int) (rates Rates) {
	for i, times := range [maxShares]int{1, siteShares, largeShares} {
		rates[i] = New(perSecond*float64(times), max(burst, 1)*times)
	}
	return rates
}

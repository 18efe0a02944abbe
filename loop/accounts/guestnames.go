package accounts

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base32"
	"fmt"
	"net/netip"
	"slices"
	"strconv"
	"sync/atomic"
)

// Addresses says what others are shown of a guest's address. Its zero value is ShowAddresses.
type Addresses uint8

const (
	// ShowAddresses names a guest by its address: 10.0.0.5:51234.
	ShowAddresses Addresses = iota
	// CloakAddresses names it so that guests of one address or one network can be told, but not their address: k3x9q2.m4t7wz:17.
	CloakAddresses
	// HideAddresses names it by a number alone: guest:17.
	HideAddresses
)

// addressWords are the Addresses as a person writes them.
var addressWords = []string{ShowAddresses: "yes", CloakAddresses: "cloak", HideAddresses: "no"}

// UnmarshalText reads yes, cloak or no.
func (a *Addresses) UnmarshalText(text []byte) error {
	i := slices.Index(addressWords, string(text))
	if i < 0 {
		return fmt.Errorf("%q is not yes, cloak or no", text)
	}
	*a = Addresses(i)
	return nil
}

// String is the word that UnmarshalText reads.
func (a Addresses) String() string { return addressWords[a] }

// CloakKeySize is the length in bytes of the key that cloaks are made with.
const CloakKeySize = 32

// GuestNames gives guests the names by which others see them. Safe for any goroutine.
type GuestNames struct {
	show    atomic.Uint32          // Addresses
	key     atomic.Pointer[[]byte] // what it points to is never changed
	counted atomic.Uint64          // those who got a number
	node    atomic.Uint32          // whose they are, 0 for a server that is alone
}

// NewGuestNames takes a random key if there is none: then cloaks are others after a restart.
func NewGuestNames(show Addresses, key []byte) *GuestNames {
	if len(key) == 0 {
		key = make([]byte, CloakKeySize)
		_, _ = rand.Read(key) // never fails, says its documentation
	}
	g := &GuestNames{}
	g.SetKey(key)
	g.Show(show)
	return g
}

// SetNode has names with a number be other ones than those of other nodes.
func (g *GuestNames) SetNode(node uint8) { g.node.Store(uint32(node)) }

// Of is the name for a guest with the address, which is shown as it is if it is of a Unix socket.
func (g *GuestNames) Of(address string) string {
	show := Addresses(g.show.Load())
	if show == ShowAddresses {
		return address
	}
	at, err := netip.ParseAddrPort(address)
	if err != nil {
		return address
	}
	prefix := "guest"
	if show == CloakAddresses {
		prefix = g.cloak(at.Addr())
	}
	name := prefix + ":" + strconv.FormatUint(g.counted.Add(1), 10)
	if node := g.node.Load(); node != 0 {
		name += "." + strconv.FormatUint(uint64(node), 10) // each node counts for itself
	}
	return name
}

// cloak stands for an address: a part for its network, and one for itself.
func (g *GuestNames) cloak(address netip.Addr) string {
	network, host := 24, 32
	if address.Is6() {
		network, host = 48, 64
	}
	return g.digest(address, network) + "." + g.digest(address, host)
}

// cloakAlphabet has no letters that are taken for digits, or the other way round.
var cloakAlphabet = base32.NewEncoding("0123456789abcdefghjkmnpqrstvwxyz")

// cloakPart is how many characters a part has; they tell a thousand million of them apart.
const cloakPart = 6

// digest is the part of a cloak for the first bits of the address. The length of the network is in it, so that none stands for two.
func (g *GuestNames) digest(address netip.Addr, bits int) string {
	mac := hmac.New(sha256.New, *g.key.Load())
	mac.Write([]byte(netip.PrefixFrom(address, bits).Masked().String()))
	return cloakAlphabet.EncodeToString(mac.Sum(nil))[:cloakPart]
}

// SetKey changes the key that cloaks are made with from now on: of several servers, all have the same. It must not be changed any more.
func (g *GuestNames) SetKey(key []byte) { g.key.Store(&key) }

// Show changes what is shown of the addresses of guests who come from now on.
func (g *GuestNames) Show(show Addresses) { g.show.Store(uint32(show)) }

// Host is what is shown of the address of a client that has a name of its own.
func (g *GuestNames) Host(address string) string {
	at, err := netip.ParseAddrPort(address)
	if err != nil {
		return "localhost"
	}
	switch Addresses(g.show.Load()) {
	case ShowAddresses:
		return at.Addr().Unmap().String()
	case CloakAddresses:
		return g.cloak(at.Addr())
	}
	return "guest"
}

package ban

import (
	"cmp"
	"errors"
	"fmt"
	"net/netip"
	"strconv"
	"strings"
)

// Target is whom an Entry means: exactly one of Net, Name and UID. Two targets are the same if they are equal by ==.
type Target struct {
	// Net is an address, as a network of that one address, or a network. No bits are set behind its length, and IPv4 is never written
	// as IPv6.
	Net netip.Prefix
	// Name is the key of a name: the form in which names are compared.
	Name string
	// Unix says that UID is set: a user of this machine, who comes by a Unix socket.
	Unix bool
	UID  uint32
}

// clientBits is how long the network is that one customer of a provider has in IPv6, and from any address of which they may come.
const clientBits = 64

// unixScheme begins a target that is a user of this machine.
const unixScheme = "unix:"

var (
	errTarget   = errors.New("a target is an address, a network such as 10.0.0.0/8 or 2001:db8::/32, the name of a user, or unix:UID")
	errZone     = errors.New("an address with a zone can't be a target, for nobody comes from one")
	errEveryone = errors.New("that is everyone; a target is one address, a smaller network, or the name of a user")
	errUID      = errors.New("behind unix: stands the number of a user of this machine, as WHO tells it")
)

// ParseTarget returns the target that a person wrote. nameKey is the key of the same as a name, "" if it can't be the name of a user;
// what is an address or a network is never a name. Bits behind the length of a network are cleared, and IPv4 within IPv6
// (::ffff:10.0.0.1) becomes IPv4. An address of IPv6 stands for its /64, because who has one has all of them; with /128 behind it, it stands
// for itself. The errors are for people.
func ParseTarget(written, nameKey string) (Target, error) {
	t, err := ParseKept(written)
	switch {
	case err == nil && t.Net.IsSingleIP() && t.Net.Addr().Is6() && !t.Net.Addr().IsLoopback() && !strings.Contains(written, "/"):
		t.Net = netip.PrefixFrom(t.Net.Addr(), clientBits).Masked()
		return t, nil
	case err == nil || !errors.Is(err, errTarget):
		return t, err
	}
	if nameKey != "" {
		return Target{Name: nameKey}, nil
	}
	if guest, err := netip.ParseAddrPort(written); err == nil {
		return Target{}, fmt.Errorf("a target has no port; write %s", guest.Addr().Unmap().WithZone(""))
	}
	return Target{}, errTarget
}

// ParseKept is ParseTarget for what String has returned, now or in an earlier version, and is no name: an address stands for itself alone.
func ParseKept(kept string) (Target, error) {
	if user, ok := strings.CutPrefix(kept, unixScheme); ok {
		uid, err := strconv.ParseUint(user, 10, 32)
		if err != nil {
			return Target{}, errUID
		}
		return Target{Unix: true, UID: uint32(uid)}, nil
	}
	network, err := parseNet(kept)
	return Target{Net: network}, err
}

// parseNet is ParseTarget without names. It returns errTarget for what is neither an address nor a network.
func parseNet(written string) (netip.Prefix, error) {
	if a, err := netip.ParseAddr(written); err == nil {
		if a.Zone() != "" {
			return netip.Prefix{}, errZone
		}
		a = a.Unmap()
		return netip.PrefixFrom(a, a.BitLen()), nil
	}
	p, err := netip.ParsePrefix(written)
	if err != nil {
		return netip.Prefix{}, errTarget
	}
	if p = canonical(p); p.Bits() == 0 {
		return netip.Prefix{}, errEveryone
	}
	return p, nil
}

// mappedBits are those of an IPv6 address that come before the IPv4 address in it.
const mappedBits = 96

// canonical returns the network as Target has it.
func canonical(p netip.Prefix) netip.Prefix {
	if p.Addr().Is4In6() && p.Bits() >= mappedBits {
		p = netip.PrefixFrom(p.Addr().Unmap(), p.Bits()-mappedBits)
	}
	return p.Masked()
}

// Valid says whether the target is one that ParseTarget could have returned, as far as that can be seen without knowing names.
func (t Target) Valid() bool {
	if t.Name != "" || t.Unix {
		return t.Net == netip.Prefix{} && (t.Name == "" || t == Target{Name: t.Name})
	}
	return t.UID == 0 && t.Net.Bits() > 0 && t.Net == canonical(t.Net)
}

// String returns the target as it is told to people: 10.0.0.1, 10.0.0.0/8, 2001:db8::/64, unix:1000 or the key of a name. ParseTarget reads it
// back.
func (t Target) String() string {
	switch {
	case t.Name != "":
		return t.Name
	case t.Unix:
		return unixScheme + strconv.FormatUint(uint64(t.UID), 10)
	case !t.Net.IsValid():
		return ""
	case t.Net.IsSingleIP() && (t.Net.Addr().Is4() || t.Net.Addr().IsLoopback()):
		return t.Net.Addr().String()
	}
	return t.Net.String()
}

// Compare orders targets: IPv4, IPv6, users of this machine, names; addresses by number and then larger networks first. It returns -1, 0 or +1.
func (t Target) Compare(other Target) int {
	return cmp.Or(
		compareBools(t.Name != "", other.Name != ""),
		strings.Compare(t.Name, other.Name),
		compareBools(t.Unix, other.Unix),
		cmp.Compare(t.UID, other.UID),
		t.Net.Addr().Compare(other.Net.Addr()),
		cmp.Compare(t.Net.Bits(), other.Net.Bits()),
	)
}

// compareBools puts false before true.
func compareBools(a, b bool) int {
	switch {
	case a == b:
		return 0
	case b:
		return -1
	}
	return 1
}

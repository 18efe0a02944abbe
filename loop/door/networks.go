//go:build linux

package door

import (
	"errors"
	"fmt"
	"net/netip"
	"strings"
)

// networks are those of proxies.
type networks []netip.Prefix

// parseNetworks reads networks and addresses with commas between them, of the option of that name.
func parseNetworks(option, s string) (ns networks, err error) {
	for word := range strings.SplitSeq(s, ",") {
		network, err := parseNetwork(word)
		if err != nil {
			return nil, fmt.Errorf("%s=%s: %q is no network; name those of the proxies, such as 10.0.0.0/8,127.0.0.1,::1", option, s, word)
		}
		ns = append(ns, network)
	}
	return ns, nil
}

// parseNetwork reads a network, or an address as the network of itself alone.
func parseNetwork(s string) (network netip.Prefix, err error) {
	if strings.Contains(s, "/") {
		network, err = netip.ParsePrefix(s)
	} else {
		var address netip.Addr
		address, err = netip.ParseAddr(s)
		network = netip.PrefixFrom(address, address.BitLen())
	}
	// No client's address has a zone or is one of IPv4 within IPv6, as addresses are looked at here.
	if err == nil && (strings.Contains(s, "%") || network.Addr().Is4In6()) {
		err = errors.New("an address with a zone, or of IPv4 within IPv6")
	}
	return network.Masked(), err
}

func (ns networks) have(address netip.Addr) bool {
	for _, network := range ns {
		if network.Contains(address) {
			return true
		}
	}
	return false
}

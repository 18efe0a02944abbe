//go:build linux

package loop

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"strings"
	"time"

	"github.com/pires/go-proxyproto"

	"looproom/loop/remote"
	"looproom/loop/room"
)

// proxyHeaderTimeout is how long a proxy may take for its header, which it should send before anything else and at once.
const proxyHeaderTimeout = 5 * time.Second

// proxies are the networks from which connections must begin with a PROXY header. The header is believed, so nobody else may send one,
// and nothing is guessed from what a connection begins with.
type proxies []netip.Prefix

// parseProxies reads networks and addresses with commas between them, of the option of that name.
func parseProxies(option, s string) (ps proxies, err error) {
	for word := range strings.SplitSeq(s, ",") {
		network, err := parseNetwork(word)
		if err != nil {
			return nil, fmt.Errorf("%s=%s: %q is no network; name those of the proxies, such as 10.0.0.0/8,127.0.0.1,::1", option, s, word)
		}
		ps = append(ps, network)
	}
	return ps, nil
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

func (ps proxies) have(address netip.Addr) bool {
	for _, network := range ps {
		if network.Contains(address) {
			return true
		}
	}
	return false
}

// readProxyHeader takes the client's address from the proxy's header, where the door has one. It returns false when it has refused the
// connection.
func (a *arrival) readProxyHeader() bool {
	trusted := a.door.url.proxies
	if len(trusted) == 0 {
		return true
	}
	if !trusted.have(a.address.Addr()) {
		a.refuse(refusal{room.NotAProxy, "this door is for its proxies only"})
		return false
	}
	client, err := a.hearProxy()
	switch {
	case errors.Is(err, net.ErrClosed): // the server ends
		a.giveUp()
		return false
	case err != nil:
		a.cause = err
		a.refuse(refusal{room.NotAProxy, "no valid PROXY header"})
		return false
	}
	if client.IsValid() {
		a.address, a.proxy = client, a.address
	}
	return true
}

// hearProxy reads the header. The address is the zero one when the proxy speaks for itself, or doesn't know for whom.
func (a *arrival) hearProxy() (client netip.AddrPort, err error) {
	if err := a.conn.SetReadDeadline(time.Now().Add(proxyHeaderTimeout)); err != nil {
		return client, err
	}
	header, rest, err := nextProxyHeader(a.conn)
	if err != nil {
		return client, err
	}
	if len(rest) > 0 {
		a.prefix = append([]byte(nil), rest...)
	}
	if client, err = proxied(header); err != nil {
		return client, err
	}
	return client, a.conn.SetReadDeadline(time.Time{})
}

// proxied is whom the header tells of.
func proxied(header *proxyproto.Header) (client netip.AddrPort, err error) {
	switch {
	case header.Command.IsLocal(), header.TransportProtocol == proxyproto.UnixStream:
		return client, nil
	case header.TransportProtocol != proxyproto.TCPv4 && header.TransportProtocol != proxyproto.TCPv6:
		return client, errors.New("the header is of no stream")
	}
	source, _, _ := header.TCPAddrs()
	return remote.Unmapped(source.AddrPort()), nil
}

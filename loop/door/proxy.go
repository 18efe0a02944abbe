//go:build linux

package door

import (
	"errors"
	"net"
	"net/netip"
	"time"

	"github.com/pires/go-proxyproto"

	"looproom/loop/remote"
	"looproom/loop/room"
)

// proxyHeaderTimeout is how long a proxy may take for its header, which it should send before anything else and at once.
const proxyHeaderTimeout = 5 * time.Second

// readProxyHeader takes the client's address from the proxy's header, where the door has one: then each connection must begin with it. The header is believed, so nobody but
// the door's proxies may send one, and nothing is guessed from what a connection begins with. It returns false when it has refused the
// connection.
func (a *Arrival) readProxyHeader() bool {
	trusted := a.door.proxies
	if len(trusted) == 0 {
		return true
	}
	if !trusted.have(a.address.Addr()) {
		a.refuse(because(room.NoProxyHere))
		return false
	}
	client, err := a.hearProxy()
	switch {
	case errors.Is(err, net.ErrClosed): // the server ends
		a.giveUp()
		return false
	case err != nil:
		a.cause = err
		a.refuse(because(room.NoProxyHeader))
		return false
	}
	if client.IsValid() {
		a.address, a.proxy = client, a.address
	}
	return true
}

// hearProxy reads the header. The address is the zero one when the proxy speaks for itself, or doesn't know for whom.
func (a *Arrival) hearProxy() (client netip.AddrPort, err error) {
	if err := a.Conn.SetReadDeadline(time.Now().Add(proxyHeaderTimeout)); err != nil {
		return client, err
	}
	header, rest, err := nextProxyHeader(a.Conn)
	if err != nil {
		return client, err
	}
	if len(rest) > 0 {
		a.Early = append([]byte(nil), rest...)
	}
	if client, err = proxied(header); err != nil {
		return client, err
	}
	return client, a.Conn.SetReadDeadline(time.Time{})
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

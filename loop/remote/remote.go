//go:build linux

package remote

import (
	"net/netip"
	"strconv"
	"syscall"

	"golang.org/x/sys/unix"

	"looproom/loop/ban"
	"looproom/loop/localuser"
	"looproom/loop/rate"
)

// Remote is where a client comes from. It can be compared.
type Remote struct {
	address netip.Addr // without its port, IPv4 as such; none: it is a user
	uid     uint32
}

// Of is who comes from that address.
func Of(address netip.Addr) Remote { return Remote{address: address.Unmap()} }

// OfPeer is who has the other end of a connection: the address in name, which is one with its port as package net writes it, or else the user who has the other end
// of the Unix socket fd. False: that can't be told, or no longer.
func OfPeer(name string, fd int) (Remote, bool) {
	if address, ok := Host(name); ok {
		return Of(address), true
	}
	return ofUnix(fd)
}

// OfConn is OfPeer for who has the other end of a Unix socket that is open.
func OfConn(conn syscall.Conn) (r Remote, ok bool) {
	raw, err := conn.SyscallConn()
	if err != nil {
		return r, false
	}
	err = raw.Control(func(fd uintptr) { r, ok = ofUnix(int(fd)) })
	return r, ok && err == nil
}

func ofUnix(fd int) (Remote, bool) {
	user, err := unix.GetsockoptUcred(fd, unix.SOL_SOCKET, unix.SO_PEERCRED)
	if err != nil {
		return Remote{}, false
	}
	return Remote{uid: user.Uid}, true
}

// Host is the address in the name that a peer came by, without its port; false for one of a Unix socket.
func Host(name string) (netip.Addr, bool) {
	address, err := netip.ParseAddrPort(name)
	return address.Addr().Unmap(), err == nil
}

// KeyOf is what the address in the name that a peer came by counts as; false for one of a Unix socket.
func KeyOf(name string) (rate.Key, bool) {
	address, ok := Host(name)
	return rate.KeyOf(address), ok
}

// LocalUser is the user of this machine who has the other end of the TCP connection fd, which came by name. The error is that of the kernel, or says that there is none.
func LocalUser(name string, fd int) (uid uint32, err error) {
	client, err := netip.ParseAddrPort(name)
	if err != nil {
		return 0, err
	}
	here, err := unix.Getsockname(fd)
	if err != nil {
		return 0, err
	}
	return localuser.OfTCP(Unmapped(client), addressOf(here))
}

// addressOf is an address of TCP as package net has it, the zero one for any other.
func addressOf(a unix.Sockaddr) netip.AddrPort {
	switch a := a.(type) {
	case *unix.SockaddrInet4:
		return netip.AddrPortFrom(netip.AddrFrom4(a.Addr), uint16(a.Port))
	case *unix.SockaddrInet6:
		return Unmapped(netip.AddrPortFrom(netip.AddrFrom16(a.Addr), uint16(a.Port)))
	}
	return netip.AddrPort{}
}

// Unmapped has IPv4 as such where it stands within IPv6.
func Unmapped(a netip.AddrPort) netip.AddrPort {
	return netip.AddrPortFrom(a.Addr().Unmap(), a.Port())
}

// Address is that of a remote that has one, without a zone; false: it is a user of this machine.
func (r Remote) Address() (netip.Addr, bool) { return r.address, r.address.IsValid() }

// String is the remote as operators are told of it, and as a target of a ban.
func (r Remote) String() string {
	if r.address.IsValid() {
		return r.address.String()
	}
	return "unix:" + strconv.FormatUint(uint64(r.uid), 10)
}

// Key is what it counts as.
func (r Remote) Key() rate.Key {
	if r.address.IsValid() {
		return rate.KeyOf(r.address)
	}
	return rate.KeyOfUser(r.uid, netip.Addr{})
}

// MeantBy says whether a target means it.
func (r Remote) MeantBy(t ban.Target) bool {
	if r.address.IsValid() {
		return t.Net.IsValid() && t.Net.Contains(r.address)
	}
	return t.Unix && t.UID == r.uid
}

// Ban returns the ban, or the shun, that it falls under at that time in Unix seconds.
func (r Remote) Ban(bans *ban.List, shun bool, now int64) (ban.Entry, bool) {
	if r.address.IsValid() {
		return bans.Address(r.address, shun, now)
	}
	return bans.User(r.uid, shun, now)
}

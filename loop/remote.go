//go:build linux

package loop

import (
	"net"
	"net/netip"
	"strconv"
	"syscall"

	"golang.org/x/sys/unix"

	"looproom/loop/ban"
	"looproom/loop/localuser"
)

// remote is where a client comes from: an address, or a user of this machine who has come by a Unix socket.
type remote struct {
	address netip.Addr // without its port; none: it is a user
	uid     uint32
}

// hostOf is the address in the name that a peer came by, without its port.
func hostOf(name string) (netip.Addr, bool) {
	address, err := netip.ParseAddrPort(name)
	return address.Addr().Unmap(), err == nil
}

// remote is where p comes from; false: that can't be told any more. A user is not remembered for each peer: the kernel knows.
func (p *peer) remote() (remote, bool) {
	if address, ok := hostOf(p.address); ok {
		return remote{address: address}, true
	}
	if p.closed() {
		return remote{}, false
	}
	user, err := unix.GetsockoptUcred(p.out.Descriptor(), unix.SOL_SOCKET, unix.SO_PEERCRED)
	if err != nil {
		return remote{}, false
	}
	return remote{uid: user.Uid}, true
}

// remote is where the connection comes from.
func (a *arrival) remote() (remote, bool) {
	if a.address.IsValid() {
		return remote{address: a.address.Addr().Unmap()}, true
	}
	conn, ok := a.conn.(*net.UnixConn)
	if !ok {
		return remote{}, false
	}
	return userOf(conn)
}

func userOf(conn syscall.Conn) (r remote, ok bool) {
	raw, err := conn.SyscallConn()
	if err != nil {
		return r, false
	}
	err = raw.Control(func(fd uintptr) {
		var user *unix.Ucred
		if user, err = unix.GetsockoptUcred(int(fd), unix.SOL_SOCKET, unix.SO_PEERCRED); err == nil {
			r, ok = remote{uid: user.Uid}, true
		}
	})
	return r, ok && err == nil
}

// localUser is the user of this machine who has the other end of p's connection, which is one of TCP.
func (p *peer) localUser() (uid uint32, err error) {
	client, err := netip.ParseAddrPort(p.address)
	if err != nil {
		return 0, err
	}
	here, err := unix.Getsockname(p.out.Descriptor())
	if err != nil {
		return 0, err
	}
	return localuser.OfTCP(unmapped(client), addressOf(here))
}

// addressOf is an address of TCP as package net has it, the zero one for any other.
func addressOf(a unix.Sockaddr) netip.AddrPort {
	switch a := a.(type) {
	case *unix.SockaddrInet4:
		return netip.AddrPortFrom(netip.AddrFrom4(a.Addr), uint16(a.Port))
	case *unix.SockaddrInet6:
		return netip.AddrPortFrom(netip.AddrFrom16(a.Addr).Unmap(), uint16(a.Port))
	}
	return netip.AddrPort{}
}

// String is the remote as operators are told of it, and as a target of a ban.
func (r remote) String() string {
	if r.address.IsValid() {
		return r.address.String()
	}
	return "unix:" + strconv.FormatUint(uint64(r.uid), 10)
}

// key is what it counts as.
func (r remote) key() addressKey {
	if r.address.IsValid() {
		return keyOf(r.address)
	}
	return keyOfUser(r.uid, netip.Addr{})
}

// meantBy says whether a target means it.
func (r remote) meantBy(t ban.Target) bool {
	if r.address.IsValid() {
		return t.Net.IsValid() && t.Net.Contains(r.address)
	}
	return t.Unix && t.UID == r.uid
}

// ban returns the ban, or the shun, that it falls under.
func (r remote) ban(bans *ban.List, shun bool, now int64) (ban.Entry, bool) {
	if r.address.IsValid() {
		return bans.Address(r.address, shun, now)
	}
	return bans.User(r.uid, shun, now)
}

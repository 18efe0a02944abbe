package localuser

import (
	"encoding/binary"
	"errors"
	"fmt"
	"net/netip"

	"golang.org/x/sys/unix"
)

// The parts of a request and of its answer, from linux/netlink.h, linux/sock_diag.h and linux/inet_diag.h, in bytes.
const (
	headerSize  = 16                  // struct nlmsghdr
	requestSize = headerSize + 8 + 48 // with struct inet_diag_req_v2
	uidAt       = headerSize + 4 + 60 // in struct inet_diag_msg: behind the state, the addresses, a timer and two queues
	answerSize  = headerSize + 4 + 68 // with struct inet_diag_msg
	noCookie    = ^uint32(0)          // INET_DIAG_NOCOOKIE
	anyState    = ^uint32(0)          // of TCP
	patience    = 100_000             // microseconds that the kernel may take, which answers at once
)

var errNoAnswer = errors.New("the kernel gives no answer")

// OfTCP returns the user who has the socket with the address local, which is connected to remote: both as that socket sees them. Where the
// kernel may not be asked, as in a service without AF_NETLINK, or there is no such socket, it returns an error.
func OfTCP(local, remote netip.AddrPort) (uid uint32, err error) {
	socket, err := unix.Socket(unix.AF_NETLINK, unix.SOCK_DGRAM|unix.SOCK_CLOEXEC, unix.NETLINK_SOCK_DIAG)
	if err != nil {
		return 0, fmt.Errorf("open a netlink socket: %w", err)
	}
	defer unix.Close(socket)
	if err := unix.SetsockoptTimeval(socket, unix.SOL_SOCKET, unix.SO_RCVTIMEO, &unix.Timeval{Usec: patience}); err != nil {
		return 0, fmt.Errorf("set a timeout: %w", err)
	}
	if err := unix.Sendto(socket, request(local, remote), 0, &unix.SockaddrNetlink{Family: unix.AF_NETLINK}); err != nil {
		return 0, fmt.Errorf("ask for the owner of %v: %w", local, err)
	}
	answer := make([]byte, 1024)
	n, _, err := unix.Recvfrom(socket, answer, 0)
	if err != nil {
		return 0, fmt.Errorf("ask for the owner of %v: %w", local, err)
	}
	return read(answer[:n])
}

// request asks for exactly one socket.
func request(local, remote netip.AddrPort) []byte {
	family := byte(unix.AF_INET)
	if local.Addr().Unmap().Is6() {
		family = unix.AF_INET6
	}
	b := make([]byte, requestSize)
	native := binary.NativeEndian
	native.PutUint32(b[0:], requestSize)
	native.PutUint16(b[4:], unix.SOCK_DIAG_BY_FAMILY)
	native.PutUint16(b[6:], unix.NLM_F_REQUEST)
	b[headerSize], b[headerSize+1] = family, unix.IPPROTO_TCP
	native.PutUint32(b[headerSize+4:], anyState)
	id := b[headerSize+8:] // struct inet_diag_sockid
	binary.BigEndian.PutUint16(id[0:], local.Port())
	binary.BigEndian.PutUint16(id[2:], remote.Port())
	copy(id[4:20], local.Addr().Unmap().AsSlice())
	copy(id[20:36], remote.Addr().Unmap().AsSlice())
	native.PutUint32(id[40:], noCookie)
	native.PutUint32(id[44:], noCookie)
	return b
}

// read reads the kernel's answer.
func read(answer []byte) (uid uint32, err error) {
	if len(answer) < headerSize+4 {
		return 0, errNoAnswer
	}
	native := binary.NativeEndian
	switch kind := native.Uint16(answer[4:]); {
	case kind == unix.NLMSG_ERROR:
		return 0, fmt.Errorf("ask for the owner of a socket: %w", unix.Errno(-int32(native.Uint32(answer[headerSize:]))))
	case kind != unix.SOCK_DIAG_BY_FAMILY || len(answer) < answerSize:
		return 0, errNoAnswer
	}
	return native.Uint32(answer[uidAt:]), nil
}

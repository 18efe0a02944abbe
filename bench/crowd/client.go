//go:build linux

package crowd

import (
	"errors"
	"fmt"
	"io"

	"golang.org/x/sys/unix"

	"looproom/bench"
)

// client is one connection of a part.
type client struct {
	fd    int
	index int               // among those of its part
	steps []bench.HelloStep // still to be done; the first one is under way
	stage stage
	tail  []byte   // of what has come: where words, or what is awaited, may have begun
	next  []uint32 // by talker: the number that is expected next
	out   []byte   // what the socket has not taken
}

type stage uint8

const (
	connecting stage = iota
	greeting
	inside
	ended
)

// dial begins to connect from a source address.
func (c *client) dial(from [4]byte, to *unix.SockaddrInet4) error {
	fd, err := unix.Socket(unix.AF_INET, unix.SOCK_STREAM|unix.SOCK_NONBLOCK|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return fmt.Errorf("socket: %w (the limit of descriptors is ulimit -n)", err)
	}
	c.fd = fd
	_ = unix.SetsockoptInt(fd, unix.IPPROTO_IP, unix.IP_BIND_ADDRESS_NO_PORT, 1) // without it ports run out sooner
	if err := unix.Bind(fd, &unix.SockaddrInet4{Addr: from}); err != nil {
		return fmt.Errorf("bind: %w", err)
	}
	if err := unix.Connect(fd, to); err != nil && !errors.Is(err, unix.EINPROGRESS) {
		return fmt.Errorf("connect: %w", err)
	}
	return nil
}

// send writes b, or what the socket didn't take before and then b.
func (c *client) send(b []byte) error {
	c.out = append(c.out, b...)
	n, err := unix.Write(c.fd, c.out)
	if err != nil && !errors.Is(err, unix.EAGAIN) {
		return fmt.Errorf("write: %w", err)
	}
	if c.out = c.out[max(n, 0):]; len(c.out) == 0 {
		c.out = nil // thousands of clients say one thing each
	}
	return nil
}

// wants is what epoll is to wait for.
func (c *client) wants() uint32 {
	if c.stage == connecting || len(c.out) > 0 {
		return unix.EPOLLIN | unix.EPOLLOUT
	}
	return unix.EPOLLIN
}

// receive reads into b. No bytes and no error are nothing just now.
func (c *client) receive(b []byte) (int, error) {
	n, err := unix.Read(c.fd, b)
	switch {
	case errors.Is(err, unix.EAGAIN) || errors.Is(err, unix.EINTR):
		return 0, nil
	case err != nil:
		return 0, fmt.Errorf("read: %w", err)
	case n == 0:
		return 0, io.EOF
	}
	return n, nil
}

//go:build linux

package generator

import (
	"errors"
	"fmt"
	"io"

	"golang.org/x/sys/unix"

	"looproom/bench"
	"looproom/bench/match"
)

// client is one connection. It belongs to one worker.
type client struct {
	fd     int
	index  int // among all clients
	room   int
	way    int // in which it reads, an index of fleet.ways
	node   int // to which it comes, an index of Options.addresses
	stage  stage
	steps  []bench.HelloStep // still to be done; the first one is under way
	hello  []byte            // what came since the step under way was sent
	tail   []byte            // the end of the last read, where a record may have begun
	out    []byte            // not taken by the socket yet
	next   []uint32          // by sender of the room: the sequence number that is expected next
	dialed int64             // when it began to connect
	slow   bool              // does not read once it is in
	polled uint32            // the events that epoll waits for
	asks   *match.Counter    // counts the answers to what it asks; nil: it asks nothing
}

// stage is how far a client is.
type stage uint8

const (
	idle stage = iota
	connecting
	greeting // says hello
	ready
	leaving
	closed
)

// dial begins to connect.
func (c *client) dial(t target) error {
	fd, err := unix.Socket(t.family, unix.SOCK_STREAM|unix.SOCK_NONBLOCK|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return fmt.Errorf("socket: %w (%s)", err, descriptorAdvice)
	}
	c.fd = fd
	if t.family != unix.AF_UNIX {
		_ = unix.SetsockoptInt(fd, unix.IPPROTO_TCP, unix.TCP_NODELAY, 1) // only a matter of latency
	}
	if c.slow {
		_ = unix.SetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_RCVBUF, 4096) // the sooner the server feels it
	}
	if t.loop4 {
		if err := bindTo(fd, c.index); err != nil {
			return err
		}
	}
	if err := unix.Connect(fd, t.address); err != nil && !errors.Is(err, unix.EINPROGRESS) {
		return fmt.Errorf("connect: %w", err)
	}
	c.stage = connecting
	return nil
}

const descriptorAdvice = "the limit of descriptors is ulimit -n"

// SourceAddresses is how many addresses of 127.0.0.0/8 the clients are spread over: each has ports of its own.
const SourceAddresses = 8

func bindTo(fd, index int) error {
	_ = unix.SetsockoptInt(fd, unix.IPPROTO_IP, unix.IP_BIND_ADDRESS_NO_PORT, 1) // without it ports run out sooner
	source := unix.SockaddrInet4{Addr: [4]byte{127, 0, 0, byte(1 + index%SourceAddresses)}}
	if err := unix.Bind(fd, &source); err != nil {
		return fmt.Errorf("bind: %w", err)
	}
	return nil
}

// send writes b, and keeps what the socket doesn't take.
func (c *client) send(b []byte) error {
	if len(c.out) > 0 {
		c.out = append(c.out, b...)
		return nil
	}
	n, err := unix.Write(c.fd, b)
	if err != nil && !errors.Is(err, unix.EAGAIN) {
		return err
	}
	c.out = append(c.out[:0], b[max(n, 0):]...)
	return nil
}

// sendMore writes what the socket did not take before.
func (c *client) sendMore() error {
	b := c.out
	c.out = nil
	return c.send(b)
}

// receive reads into b; io.EOF is the end of the stream, no bytes and no error that there is nothing just now.
func (c *client) receive(b []byte) (int, error) {
	n, err := unix.Read(c.fd, b)
	switch {
	case errors.Is(err, unix.EAGAIN):
		return 0, nil
	case err != nil:
		return 0, err
	case n == 0:
		return 0, io.EOF
	}
	return n, nil
}

// wants is the events that the client waits for.
func (c *client) wants() uint32 {
	events := uint32(unix.EPOLLIN)
	if c.slow && c.stage == ready {
		events = 0
	}
	if len(c.out) > 0 || c.stage == connecting {
		events |= unix.EPOLLOUT
	}
	return events
}

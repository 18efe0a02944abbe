//go:build linux

package bystander

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"strings"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"

	"looproom/bench"
	"looproom/bench/match"
)

// member is one connection.
type member struct {
	fd      int     // -1: it is over
	sent    []int64 // when each question was asked that has not been answered, in nanoseconds of wall clock; at most maxWaiting
	answers match.Counter
	in      []byte
	control []byte
}

// enterPatience is how long a connection and its hello may take.
const enterPatience = 30 * time.Second

// enter connects and says hello.
func enter(ctx context.Context, o *Options, number int) (*member, error) {
	network := "tcp"
	dialer := net.Dialer{Timeout: enterPatience}
	if strings.HasPrefix(o.Address, "/") {
		network = "unix"
	} else if o.From != "" {
		dialer.LocalAddr = &net.TCPAddr{IP: net.ParseIP(o.From)}
	}
	conn, err := dialer.DialContext(ctx, network, o.Address)
	if err != nil {
		return nil, err
	}
	defer conn.Close()
	if err := conn.SetDeadline(time.Now().Add(enterPatience)); err != nil {
		return nil, err
	}
	for _, step := range o.Dialect.Hello(number, o.Room) {
		if err := say(conn, o.Dialect, step); err != nil {
			return nil, err
		}
	}
	fd, err := copyOf(conn)
	if err != nil {
		return nil, err
	}
	_ = unix.SetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_TIMESTAMPNS, 1) // without it the clock is asked
	return &member{
		fd: fd, answers: match.Counter{Pattern: o.Dialect.Answer()}, in: make([]byte, 64<<10), control: make([]byte, unix.CmsgSpace(int(unsafe.Sizeof(unix.Timespec{})))),
	}, nil
}

// say does one step of a hello.
func say(conn net.Conn, d bench.Dialect, step bench.HelloStep) error {
	if _, err := conn.Write(step.Send); err != nil {
		return err
	}
	// What has come, of which only the end is kept when it is long, such as the names of thousands.
	var in []byte
	buf := make([]byte, 16<<10)
	for !bytes.Contains(in, step.Await) {
		if len(step.Refused) > 0 && bytes.Contains(in, step.Refused) {
			return fmt.Errorf("refused by the server: %q", in[max(0, len(in)-200):])
		}
		in = in[max(0, len(in)-cap(buf)):]
		n, err := conn.Read(buf)
		in = append(in, buf[:n]...)
		if err != nil {
			return fmt.Errorf("say hello: %w", err)
		}
		if _, err := conn.Write(d.Control(nil, buf[:n])); err != nil {
			return err
		}
	}
	return nil
}

// copyOf returns a descriptor of conn that Go's epoll knows nothing of, and that doesn't block.
func copyOf(conn net.Conn) (int, error) {
	file, err := conn.(interface{ File() (*os.File, error) }).File()
	if err != nil {
		return -1, err
	}
	defer file.Close()
	fd, err := unix.FcntlInt(file.Fd(), unix.F_DUPFD_CLOEXEC, 0)
	if err != nil {
		return -1, os.NewSyscallError("fcntl", err)
	}
	return fd, os.NewSyscallError("fcntl", unix.SetNonblock(fd, true))
}

// send writes b, which is short. A socket that is full of earlier ones ends it: nobody could tell what was asked.
func (m *member) send(b []byte) error {
	n, err := unix.Write(m.fd, b)
	if err == nil && n < len(b) {
		err = unix.EAGAIN
	}
	if errors.Is(err, unix.EAGAIN) {
		return errors.New("the server took no more questions")
	}
	return err
}

// receive returns what has come, borrowed until the next call, and when, in nanoseconds of wall clock.
func (m *member) receive() (in []byte, at int64, err error) {
	n, controls, _, _, err := unix.Recvmsg(m.fd, m.in, m.control, 0)
	switch {
	case errors.Is(err, unix.EAGAIN) || errors.Is(err, unix.EINTR):
		return nil, 0, nil
	case err != nil:
		return nil, 0, err
	case n == 0:
		return nil, 0, io.EOF
	}
	return m.in[:n], stampIn(m.control[:controls]), nil
}

// stampIn is when the kernel had what was read; without its word for it, now.
func stampIn(control []byte) int64 {
	messages, err := unix.ParseSocketControlMessage(control)
	if err != nil {
		return wallClock()
	}
	for _, message := range messages {
		var t unix.Timespec
		if message.Header.Level == unix.SOL_SOCKET && message.Header.Type == unix.SCM_TIMESTAMPNS && len(message.Data) >= int(unsafe.Sizeof(t)) {
			copy(unsafe.Slice((*byte)(unsafe.Pointer(&t)), unsafe.Sizeof(t)), message.Data)
			return t.Nano()
		}
	}
	return wallClock()
}

func (m *member) close() {
	if m.fd >= 0 {
		_ = unix.Close(m.fd)
		m.fd = -1
	}
}

//go:build linux

package bystander

import (
	"context"
	"errors"
	"io"
	"unsafe"

	"golang.org/x/sys/unix"

	"looproom/bench/guest"
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

// enter connects and says hello.
func enter(ctx context.Context, o *Options, number int) (*member, error) {
	fd, err := guest.Enter(ctx, guest.Options{Address: o.Address, Dialect: o.Dialect, Number: number, Room: o.Room, From: o.From})
	if err != nil {
		return nil, err
	}
	_ = unix.SetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_TIMESTAMPNS, 1) // without it the clock is asked
	return &member{
		fd: fd, answers: match.Counter{Pattern: o.Dialect.Answer()}, in: make([]byte, inSize), control: make([]byte, unix.CmsgSpace(int(unsafe.Sizeof(unix.Timespec{})))),
	}, nil
}

// inSize is how much is read at once, in bytes. Little comes where it is quiet.
const inSize = 4 << 10

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

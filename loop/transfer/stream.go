//go:build linux

package transfer

import (
	"errors"
	"io"
	"net"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// Stream is what a client sends, decrypted if it was encrypted. It is read on the goroutine of an upload.
type Stream interface {
	// Read gives what has come, and waits for the first byte. It is asked for no more than is the upload's.
	io.Reader
	// WaitReadable returns once there is something to be read, or Read would fail, so that a client that sends nothing occupies no buffer.
	WaitReadable() error
	// InHand is what has been taken from the connection to find that out, and not been read. It is borrowed.
	InHand() []byte
}

// stall is how long an upload may bring no byte before it counts as broken.
const stall = time.Minute

// Socket is a connection that is one of the system, as a Stream.
type Socket struct{ net.Conn }

// WaitReadable implements Stream.
func (s Socket) WaitReadable() error {
	if err := s.SetReadDeadline(time.Now().Add(stall)); err != nil {
		return err
	}
	raw, err := s.Conn.(syscall.Conn).SyscallConn()
	if err != nil {
		return err
	}
	return raw.Read(func(fd uintptr) bool {
		var one [1]byte
		_, _, err := unix.Recvfrom(int(fd), one[:], unix.MSG_PEEK|unix.MSG_DONTWAIT)
		return !errors.Is(err, unix.EAGAIN)
	})
}

// InHand implements Stream: nothing is.
func (s Socket) InHand() []byte { return nil }

// source is what an upload is read from, until it ends.
type source interface {
	io.Reader
	WaitReadable() error // see files.Upload.Receive
	// end tells how many bytes of the upload are still in the stream, what has been read behind it, and why the stream gave no more.
	end() (left int64, rest []byte, broken error)
}

// plain is an upload whose bytes stand in the stream as they are.
type plain struct {
	early  []byte // had come with the command
	stream Stream
	left   int64
	broken error // why the stream gave no more
}

// Read implements io.Reader.
func (s *plain) Read(b []byte) (int, error) {
	if len(s.early) > 0 {
		n := copy(b, s.early)
		s.early = s.early[n:]
		s.left -= int64(n)
		return n, nil
	}
	b = b[:min(int64(len(b)), s.left)]
	if len(b) == 0 {
		return 0, io.EOF
	}
	n, err := s.stream.Read(b)
	s.left -= int64(n)
	return n, s.note(err)
}

// WaitReadable implements source.
func (s *plain) WaitReadable() error {
	if len(s.early) > 0 || s.left == 0 {
		return nil
	}
	return s.note(s.stream.WaitReadable())
}

// note remembers why the stream broke, if it did.
func (s *plain) note(err error) error {
	s.broken = whole(err)
	return s.broken
}

// end implements source. What is in hand has left the stream.
func (s *plain) end() (left int64, rest []byte, broken error) {
	return s.left - int64(len(s.early)) - int64(len(s.stream.InHand())), nil, s.broken
}

// whole is err, but the end of a stream in the middle of a file is no regular one.
func whole(err error) error {
	if err == io.EOF {
		return io.ErrUnexpectedEOF
	}
	return err
}

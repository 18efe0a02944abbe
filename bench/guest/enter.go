//go:build linux

// Package guest brings one client of a server in: it connects, says hello, and hands over the descriptor. It knows of no server; what to say comes
// from a bench.Dialect. Any number of goroutines may enter at once. It builds on Linux only.
package guest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"strings"
	"syscall"
	"time"

	"golang.org/x/sys/unix"

	"looproom/bench"
)

// Options is who comes in, and where.
type Options struct {
	// Address is host:port, or the path of a Unix socket when it begins with a slash.
	Address string
	Dialect bench.Dialect
	// Number is the client's, for its name. Clients of one Dialect must have different ones.
	Number int
	Room   int
	// From is the address that it comes from; "": the system's choice.
	From string
	// Buffer is how much the kernel is to keep for it while it doesn't read, in bytes; 0: as much as it likes.
	Buffer int
}

// Patience is how long a connection and its hello may take.
const Patience = 60 * time.Second

// Enter returns the descriptor of a client that is in. It doesn't block, and the caller closes it.
func Enter(ctx context.Context, o Options) (fd int, err error) {
	ctx, cancel := context.WithTimeout(ctx, Patience)
	defer cancel()
	network, dialer := "tcp", net.Dialer{Control: o.limitBuffer}
	if strings.HasPrefix(o.Address, "/") {
		network = "unix"
	} else if o.From != "" {
		dialer.LocalAddr = &net.TCPAddr{IP: net.ParseIP(o.From)}
	}
	conn, err := dialer.DialContext(ctx, network, o.Address)
	if err != nil {
		return -1, err
	}
	defer conn.Close()
	defer context.AfterFunc(ctx, func() { conn.Close() })()
	for _, step := range o.Dialect.Hello(o.Number, o.Room) {
		if err := say(conn, o.Dialect, step); err != nil {
			return -1, fmt.Errorf("client %d says hello: %w", o.Number, err)
		}
	}
	return copyOf(conn)
}

// limitBuffer has to be done before the connection: then the peer learns of the small window at once.
func (o Options) limitBuffer(_, _ string, raw syscall.RawConn) error {
	if o.Buffer == 0 {
		return nil
	}
	var failed error
	err := raw.Control(func(fd uintptr) { failed = unix.SetsockoptInt(int(fd), unix.SOL_SOCKET, unix.SO_RCVBUF, o.Buffer) })
	return errors.Join(err, failed)
}

// say does one step of a hello.
func say(conn net.Conn, d bench.Dialect, step bench.HelloStep) error {
	if _, err := conn.Write(step.Send); err != nil {
		return err
	}
	// Of what has come only the end is kept when it is long, such as the names of thousands.
	const keep = 4 << 10
	var in []byte
	buf := make([]byte, keep)
	for !bytes.Contains(in, step.Await) {
		if len(step.Refused) > 0 && bytes.Contains(in, step.Refused) {
			return fmt.Errorf("refused by the server: %q", in[max(0, len(in)-200):])
		}
		in = in[max(0, len(in)-keep):]
		n, err := conn.Read(buf)
		in = append(in, buf[:n]...)
		if err != nil {
			return fmt.Errorf("%w behind %q", err, in[max(0, len(in)-100):])
		}
		if answer := d.Control(nil, buf[:n]); len(answer) > 0 {
			if _, err := conn.Write(answer); err != nil {
				return err
			}
		}
	}
	return nil
}

// copyOf returns a descriptor of conn that Go's epoll knows nothing of, and that doesn't block.
func copyOf(conn net.Conn) (int, error) {
	source, ok := conn.(interface{ File() (*os.File, error) })
	if !ok {
		return -1, errors.New("not a socket of the system")
	}
	file, err := source.File()
	if err != nil {
		return -1, err
	}
	defer file.Close()
	fd, err := unix.FcntlInt(file.Fd(), unix.F_DUPFD_CLOEXEC, 0)
	if err != nil {
		return -1, os.NewSyscallError("fcntl", err)
	}
	if err := unix.SetNonblock(fd, true); err != nil {
		return -1, errors.Join(os.NewSyscallError("fcntl", err), unix.Close(fd))
	}
	return fd, nil
}

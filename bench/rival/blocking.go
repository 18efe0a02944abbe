//go:build linux

package rival

import (
	"errors"
	"os"
	"sync"
	"time"

	"golang.org/x/sys/unix"
)

// sendPatience is how long a blocking write may make no progress at all until its receiver is given up.
const sendPatience = 5 * time.Second

// lingerFor is how long a connection that was closed on our side waits for the client to close its own: a socket closed with
// input unread is reset, and a reset destroys what the client has not read yet.
const lingerFor = time.Second

// Bounds of a read buffer in bytes: small, because most clients are idle, and doubled for those that fill it.
const (
	minRead = 4 << 10
	maxRead = 64 << 10
)

// blockingConn is a connection whose calls block the thread. One thread reads and closes it; any may write, and hang up.
type blockingConn struct {
	fd   int
	name string // the client's address
	buf  []byte

	writing sync.Mutex // held for a whole message

	mu     sync.Mutex
	closed bool // fd is another's by now, or nobody's
}

func newBlockingConn(fd int, name string) *blockingConn {
	patience := unix.NsecToTimeval(int64(sendPatience))
	_ = unix.SetsockoptTimeval(fd, unix.SOL_SOCKET, unix.SO_SNDTIMEO, &patience) // can't fail on a socket
	return &blockingConn{fd: fd, name: name, buf: make([]byte, minRead)}
}

// read waits for bytes. None means that nothing more comes; broken says that the connection was reset or hung up. The bytes are valid until
// the next read.
func (c *blockingConn) read() (b []byte, broken bool) {
	for {
		n, err := unix.Read(c.fd, c.buf)
		if err == unix.EINTR {
			continue
		}
		if err != nil || n <= 0 {
			return nil, err != nil
		}
		b = c.buf[:n]
		if n == len(c.buf) && n < maxRead {
			c.buf = make([]byte, 2*n)
		}
		return b, false
	}
}

// write writes all of b. An error means that the connection is of no use any more: it broke, or the client took nothing for
// sendPatience (EAGAIN); rest is what is not written. Whoever calls it holds writing, or is the only one who writes.
func (c *blockingConn) write(b []byte) (rest []byte, err error) {
	for len(b) > 0 {
		n, err := unix.Write(c.fd, b)
		if n > 0 {
			b = b[n:]
		}
		if err != nil && err != unix.EINTR {
			return b, os.NewSyscallError("write", err)
		}
	}
	return nil, nil
}

// hangUp ends both directions, so that reads and writes that wait return. Any thread may call it, at any time.
func (c *blockingConn) hangUp() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.closed {
		_ = unix.Shutdown(c.fd, unix.SHUT_RDWR) // fails where the client was faster
	}
}

// close gives the descriptor back. Nobody may read or write any more.
func (c *blockingConn) close() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.closed = true
	_ = unix.Close(c.fd)
}

// linger says to the client that nothing more comes, and waits for a moment until it has closed its side.
func (c *blockingConn) linger() {
	if unix.Shutdown(c.fd, unix.SHUT_WR) != nil {
		return
	}
	end := time.Now().Add(lingerFor)
	for left := lingerFor; left > 0; left = time.Until(end) {
		patience := unix.NsecToTimeval(max(int64(left), int64(time.Millisecond))) // 0 would be for ever
		_ = unix.SetsockoptTimeval(c.fd, unix.SOL_SOCKET, unix.SO_RCVTIMEO, &patience)
		if n, err := unix.Read(c.fd, c.buf); err != unix.EINTR && (err != nil || n <= 0) {
			return
		}
	}
}

// converse does what the client says until it leaves (true) or its stream ends.
func (c *blockingConn) converse(talk *session) (left bool) {
	for !talk.over() {
		b, broken := c.read()
		switch {
		case broken:
			talk.drop()
			return false
		case len(b) == 0:
			talk.end()
			return false
		}
		talk.read(b)
	}
	return true
}

// echo gives back what comes, until the client has closed its side and has got all. Nobody else waits for a client that doesn't
// read, so it may take its time.
func (c *blockingConn) echo() {
	for {
		b, _ := c.read()
		if len(b) == 0 {
			return
		}
		rest, err := c.write(b)
		for errors.Is(err, unix.EAGAIN) {
			rest, err = c.write(rest)
		}
		if err != nil {
			return
		}
	}
}

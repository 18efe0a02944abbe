//go:build linux && soak

package main_test

import (
	"crypto/sha256"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"strings"
	"syscall"
	"time"
)

// visit is somebody who comes, talks a little, walks through rooms, and leaves in one of several ways.
func (l *load) visit(random *rand.Rand, n int) {
	c, end := l.dial(0)
	if c == nil {
		return
	}
	defer end()
	name := fmt.Sprintf("visitor%d.%d", n, random.IntN(1000))
	script := []string{"ADD " + name, "hello", fmt.Sprintf("JOIN #room%d", random.IntN(50)), "ME waves", "TOPIC of " + name, "LIST", "NICK " + name + "x", "PART"}
	script = script[:1+random.IntN(len(script))]
	if _, err := fmt.Fprintf(c.input, "%s\nPING done\n", strings.Join(script, "\n")); err != nil {
		l.fail("visit: %v", err)
		return
	}
	if err := c.skipTo("PONG done"); err != nil {
		l.fail("visit: after %q: %v", script, err)
		return
	}
	l.count("visits")
	l.leave(c, random.IntN(4))
}

// leave ends a visit: as one should, by a half-close, by a reset, or by a close.
func (l *load) leave(c *talker, how int) {
	conn := c.input.(*net.TCPConn)
	switch how {
	case 0:
		if _, err := conn.Write([]byte("END\n")); err == nil && c.skipTo("= END") == nil {
			l.count("ENDs")
		}
	case 1:
		if conn.CloseWrite() == nil {
			_, _ = io.Copy(io.Discard, c.output)
			l.count("half-closes")
		}
	case 2:
		_ = conn.SetLinger(0)
		l.count("resets")
	}
}

// skipTo takes lines up to want. It runs beside the test.
func (c *talker) skipTo(want string) error {
	for {
		line, err := c.line()
		if err != nil || line == want {
			return err
		}
	}
}

// exchangeFile sends a file and gets it back.
func (l *load) exchangeFile(random *rand.Rand, n int) {
	c, end := l.dial(0)
	if c == nil {
		return
	}
	defer end()
	name, data := fmt.Sprintf("file%d.bin", n), randomBytes(random.Uint64(), 1+random.IntN(100_000))
	if _, err := fmt.Fprintf(c.input, "SEND %d %s\n%sGET %s\n", len(data), name, data, name); err != nil {
		l.fail("SEND: %v", err)
		return
	}
	if err := c.skipTo(fmt.Sprintf("= SENT %d %s %x", len(data), name, sha256.Sum256(data))); err != nil {
		l.fail("SEND of %d bytes: %v", len(data), err)
		return
	}
	back := make([]byte, len(data))
	err := c.skipTo(fmt.Sprintf("= FILE %d %s", len(data), name))
	if err == nil {
		_, err = io.ReadFull(c.output, back)
	}
	if err != nil || string(back) != string(data) {
		l.fail("GET of %d bytes: %v", len(data), err)
		return
	}
	l.count("files")
}

// makeNoise sends random bytes to one of the doors.
func (l *load) makeNoise(random *rand.Rand, _ int) {
	c, end := l.dial(random.IntN(3))
	if c == nil {
		return
	}
	defer end()
	go discard(c.input.(net.Conn))
	if _, err := c.input.Write(noise(random, random.IntN(20_000))); err != nil {
		l.count("noises that were cut off")
		return
	}
	l.count("noises")
}

// neglect asks for much and reads nothing, until the server has had enough of it.
func (l *load) neglect(*rand.Rand, int) {
	_, address := l.s.address(0)
	conn, err := (&net.Dialer{Timeout: patience, Control: narrow}).Dial("tcp", address)
	if err != nil {
		l.fail("dial: %v", err)
		return
	}
	defer conn.Close()
	for {
		_ = conn.SetWriteDeadline(time.Now().Add(patience))
		if _, err := conn.Write([]byte(strings.Repeat("HELP\n", 20))); err != nil {
			l.count("dropped for reading too slowly")
			return
		}
		select {
		case <-l.ctx.Done():
			return
		case <-time.After(100 * time.Millisecond):
		}
	}
}

// narrow makes a socket's receive buffer small.
func narrow(_, _ string, raw syscall.RawConn) error {
	return raw.Control(func(fd uintptr) { _ = syscall.SetsockoptInt(int(fd), syscall.SOL_SOCKET, syscall.SO_RCVBUF, 4096) })
}

// stay is somebody who talks all the time and must never lose the connection.
func (l *load) stay(n int) {
	c, end := l.dial(0)
	if c == nil {
		return
	}
	defer end()
	name, pace := fmt.Sprintf("regular%d", n), time.NewTicker(200*time.Millisecond)
	defer pace.Stop()
	for said := 0; ; said++ {
		line := fmt.Sprintf("line %d of %s", said, name)
		switch said % 100 {
		case 0:
			line = "NICK " + name
		case 50:
			line = "NICK " + name + "too"
		}
		if _, err := fmt.Fprintf(c.input, "%s\nPING %d\n", line, said); err != nil {
			l.fail("%s: %v", name, err)
			return
		}
		if err := c.skipTo(fmt.Sprintf("PONG %d", said)); err != nil {
			l.fail("%s: %v", name, err)
			return
		}
		l.count("lines by those who stay")
		select {
		case <-l.ctx.Done():
			return
		case <-pace.C:
		}
	}
}

// idle is somebody who listens.
func (l *load) idle() {
	c, end := l.dial(0)
	if c == nil {
		return
	}
	defer end()
	discard(c.input.(net.Conn))
	l.fail("an idle client lost its connection")
}

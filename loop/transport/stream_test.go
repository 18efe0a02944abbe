//go:build linux

package transport

import (
	"bytes"
	"crypto/tls"
	"io"
	"net"
	"strings"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"
)

// readable returns what waits until c can be read.
func readable(t *testing.T, c net.Conn) func() error {
	raw, err := c.(syscall.Conn).SyscallConn()
	if err != nil {
		t.Fatal(err)
	}
	return func() error {
		return raw.Read(func(fd uintptr) bool {
			_, _, err := unix.Recvfrom(int(fd), make([]byte, 1), unix.MSG_PEEK|unix.MSG_DONTWAIT)
			return err != unix.EAGAIN
		})
	}
}

// A goroutine reads a file that comes in any pieces, waits where it has to, and has what TLS says to KeyUpdates sent; what is behind the file is left to the loop.
func TestStream(t *testing.T) {
	s, c := connect(t, tls.VersionTLS13)
	near, far := tcpPair(t)
	file := strings.Repeat("bytes of a file, ", 10_000)
	hand := c.byHand()
	var sent []byte
	for rest := []byte(file); len(rest) > 0; {
		n := min(recordSize, len(rest))
		sent = append(append(sent, hand.record(applicationRecord, rest[:n])...), hand.keyUpdate(true)...)
		rest = rest[n:]
	}
	sent = append(sent, hand.record(applicationRecord, []byte("a line behind it\n"))...)
	go func() {
		for size := 1; len(sent) > 0; size = size*3 + 1 {
			n, err := far.Write(sent[:min(size, len(sent))])
			if err != nil {
				return // the test has failed
			}
			sent = sent[n:]
		}
	}()
	answers := 0
	stream := s.Stream(near, readable(t, near), func() { answers++ })
	if err := stream.WaitReadable(); err != nil || string(stream.InHand()) != file[:1] {
		t.Fatalf("in hand is %q, %v; want the first byte", stream.InHand(), err)
	}
	got, err := io.ReadAll(io.LimitReader(stream, int64(len(file))))
	if err != nil || string(got) != file {
		t.Fatalf("read %d bytes of %d, %v", len(got), len(file), err)
	}
	if err := stream.WaitReadable(); err != nil {
		t.Fatal(err)
	}
	line := bytes.Clone(stream.InHand())
	s.Divert(nil)
	rest, err := pump(s, nil, make([]byte, recordSize))
	if got := string(line) + rest; got != "a line behind it\n" || err != ErrNeedInput {
		t.Errorf("behind the file: %q, %v", got, err)
	}
	if answers == 0 || s.Waits() == 0 {
		t.Errorf("asked %d times to have TLS answer, and %d bytes wait", answers, s.Waits())
	}
}

// The end of the connection in the middle of a file is an error, and comes behind all that has come.
func TestStreamBreaks(t *testing.T) {
	s, c := connect(t, tls.VersionTLS13)
	near, far := tcpPair(t)
	if _, err := far.Write(c.say("half of")); err != nil {
		t.Fatal(err)
	}
	far.Close()
	stream := s.Stream(near, readable(t, near), func() {})
	got, buf := "", make([]byte, 100)
	for {
		n, err := stream.Read(buf)
		got += string(buf[:n])
		if err != nil {
			break
		}
	}
	if got != "half of" {
		t.Errorf("read %q before the end", got)
	}
	if err := stream.WaitReadable(); err == nil {
		t.Error("it waits once more, behind the end")
	}
}

//go:build linux

package rollcall

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"time"
)

// client is one connection. Its view belongs to the goroutine that runs it, until that has told that it is done.
type client struct {
	number int
	part   part
	view   *view
	conn   net.Conn
	in     *bufio.Reader
	bytes  int64  // that have come
	last   string // what the server has said before it ended the connection
	left   bool   // it has said QUIT
	err    error  // what kept it from playing its part
	lost   error  // what ended it later
	came   time.Time
	took   time.Duration // from when it was due until it came, and had the names
}

// part is what a client does when it is in, line by line, and what follows from it.
type part struct {
	lines   []string
	renamed bool // it has its second name at the end
	heard   bool // it is a member and has talked since it came in: everybody sees it
	absent  bool // it is no member at the end
}

// The lines of parts, with the channel and the client's second name to be filled in.
const (
	talk   = "PRIVMSG CHANNEL :hello all"
	leave  = "PART CHANNEL"
	enter  = "JOIN CHANNEL"
	rename = "NICK SECOND"
	quit   = "QUIT :enough"
)

// parts are those that are dealt out by turns, to few. All others only listen.
var parts = []part{
	{lines: []string{talk}, heard: true},
	{lines: []string{talk, leave}, absent: true},
	{lines: []string{talk, quit}, absent: true},
	{lines: []string{talk, rename}, renamed: true, heard: true},
	{lines: []string{rename}, renamed: true},
	{lines: []string{leave, enter}},
	{lines: []string{quit}, absent: true},
	{lines: []string{talk, leave, enter}},
	{lines: []string{rename, talk}, renamed: true, heard: true},
}

// partOf deals them out: to one client in each stretch of that many.
func partOf(client, stretch int) part {
	if n := client % stretch; n > 0 && n <= len(parts) {
		return parts[n-1]
	}
	return part{}
}

// channel is where all meet.
const channel = "#hall"

// capabilities are asked for by turns. A server that knows none of them says so, and goes on.
var capabilities = []string{"", "server-time", "message-tags server-time account-tag", "multi-prefix userhost-in-names", "extended-join account-tag"}

// readSize is the buffer of a client in bytes: no line is longer.
const readSize = 4 << 10

// call does all until the client is in and has played its part.
func (c *client) call(ctx context.Context, address string, due time.Time) error {
	dialer := net.Dialer{LocalAddr: &net.TCPAddr{IP: net.IPv4(127, 0, 0, byte(1+c.number%sources))}}
	conn, err := dialer.DialContext(ctx, "tcp", address)
	if err != nil {
		return err
	}
	context.AfterFunc(ctx, func() { hangUp(conn) })
	c.conn, c.in = conn, bufio.NewReaderSize(conn, readSize)
	hello := fmt.Sprintf("NICK %s\r\nUSER lb 0 * :loopbench\r\n", c.view.names.of(c.number))
	if asked := capabilities[c.number%len(capabilities)]; asked != "" {
		hello = fmt.Sprintf("CAP REQ :%s\r\n%sCAP END\r\n", asked, hello)
	}
	if err := c.say(hello, func() bool { return c.view.welcomed }); err != nil {
		return err
	}
	if err := c.say("JOIN "+channel+"\r\n", func() bool { return c.view.in }); err != nil {
		return err
	}
	c.came = time.Now()
	c.took = c.came.Sub(due)
	return c.play()
}

// sources is from how many addresses they come: each has ports of its own.
const sources = 8

// hangUp closes by a reset, which leaves no port in TIME_WAIT behind.
func hangUp(conn net.Conn) {
	_ = conn.(*net.TCPConn).SetLinger(0) // else the port is only free later
	_ = conn.Close()
}

// ask is what a server answers when all that came before is done.
const ask = "PING fence\r\n"

// play plays the client's part, one line after the other.
func (c *client) play() error {
	second := c.view.names.of(c.number + c.view.names.clients)
	for _, line := range c.part.lines {
		line = strings.NewReplacer("CHANNEL", channel, "SECOND", second).Replace(line)
		if strings.HasPrefix(line, quit) {
			c.left = true
			return c.leave(line)
		}
		if err := c.say(line+"\r\n"+ask, c.answered()); err != nil {
			return err
		}
	}
	return nil
}

// leave says a last line and reads up to the end of the connection.
func (c *client) leave(line string) error {
	err := c.say(line+"\r\n", func() bool { return false })
	hangUp(c.conn)
	if errors.Is(err, io.EOF) {
		return nil
	}
	return err
}

// listen reads until one more ask has been answered, which another goroutine sends.
func (c *client) listen() error { return c.hear(c.answered()) }

// answered is when one more has been than now.
func (c *client) answered() func() bool {
	pongs := c.view.pongs
	return func() bool { return c.view.pongs > pongs }
}

// say sends lines and reads until it is so.
func (c *client) say(lines string, until func() bool) error {
	if _, err := io.WriteString(c.conn, lines); err != nil {
		return err
	}
	return c.hear(until)
}

// hear reads until it is so.
func (c *client) hear(until func() bool) error {
	for !until() {
		line, err := c.in.ReadSlice('\n')
		c.bytes += int64(len(line))
		if err != nil {
			return c.end(err)
		}
		line = bytes.TrimRight(line, "\r\n")
		switch {
		case bytes.HasPrefix(line, []byte("PING ")):
			if _, err := fmt.Fprintf(c.conn, "PONG %s\r\n", line[len("PING "):]); err != nil {
				return err
			}
		case bytes.HasPrefix(line, []byte("ERROR ")):
			c.last = string(line)
		default:
			c.view.hear(line)
		}
	}
	return nil
}

// end is why a connection has ended, with what the server has said of it.
func (c *client) end(err error) error {
	if c.last != "" && !c.left {
		return fmt.Errorf("%w behind %q", err, c.last)
	}
	return err
}

// askNames asks for the names anew, and reads until they have come.
func (c *client) askNames() error {
	c.view.fresh = c.view.names.set()
	return c.say("NAMES "+channel+"\r\n", func() bool { return c.view.listed })
}

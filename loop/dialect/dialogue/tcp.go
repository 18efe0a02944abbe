package dialogue

import (
	"bufio"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/netip"
	"os"
	"strings"
	"syscall"
	"time"
)

// TCP is a server behind a socket: the address of a door where lines end in LF. One goroutine at a time may use it.
type TCP struct {
	addr    string
	irc     string      // that of a door for IRC; "": there is none
	secure  *tls.Config // nil: in clear
	overWeb bool        // lines travel by WebSocket
	conns   map[string]*conn
}

var _ Stage = (*TCP)(nil)

// NewTCP returns a stage for the server at addr, a host and port as net.Dial takes it. It must be reachable from 127.0.1.0/24.
func NewTCP(addr string) *TCP {
	return &TCP{addr: addr, conns: map[string]*conn{}}
}

// WithIRC has the clients that speak IRC connect to that address, and returns the stage. By WebSocket they come to the same address as the others, and need
// no such door.
func (s *TCP) WithIRC(addr string) *TCP {
	s.irc = addr
	return s
}

// NewTLS returns a stage for a server that talks TLS at addr, as NewTCP does for one that talks in clear.
func NewTLS(addr string, config *tls.Config) *TCP {
	return &TCP{addr: addr, secure: config, conns: map[string]*conn{}}
}

// stream is a connection whose two sides can be closed one by one.
type stream interface {
	net.Conn
	CloseWrite() error
}

// conn is one client's connection.
type conn struct {
	stream
	tcp  *net.TCPConn // what stream goes through
	in   *bufio.Reader
	part string // of a line whose end has not come
	end  string // how lines end that come to it
	bare bool   // a CR at the end of what it sends is left out
}

// Connect dials the server from exactly that address, as Stage says.
func (s *TCP) Connect(client string, voice Voice, from netip.AddrPort) error {
	if s.conns[client] != nil {
		return fmt.Errorf("connect %s: the name is in use", client)
	}
	addr := s.addr
	if voice == IRC && !s.overWeb {
		addr = s.irc
	}
	if addr == "" {
		return fmt.Errorf("connect %s: %w", client, ErrNoVoice)
	}
	dialer := net.Dialer{LocalAddr: net.TCPAddrFromAddrPort(from), Timeout: patience, Control: reuseAddress}
	c, err := dialer.Dial("tcp", addr)
	if err != nil {
		return fmt.Errorf("connect %s: %w", client, err)
	}
	made := &conn{stream: c.(*net.TCPConn), tcp: c.(*net.TCPConn), end: voice.lineEnd()}
	if s.secure != nil {
		made.stream = tls.Client(c, s.secure)
	}
	if s.overWeb {
		if err := made.overWeb(c, voice); err != nil {
			return fmt.Errorf("connect %s: %w", client, err)
		}
	}
	made.in = bufio.NewReader(made.stream)
	s.conns[client] = made
	return nil
}

// overWeb does the handshake of a WebSocket, where each line is a message without an end.
func (c *conn) overWeb(raw net.Conn, voice Voice) error {
	const irc = "text.ircv3.net"
	c.end = "\n"
	header := ""
	if voice == IRC {
		c.bare = true
		header = "Sec-WebSocket-Protocol: " + irc + "\r\n"
	}
	w, err := OpenWebSocket(raw, header)
	if err == nil && voice == IRC && w.Protocol != irc {
		err = fmt.Errorf("%w: the server has chosen the subprotocol %q", ErrNoVoice, w.Protocol)
	}
	c.stream = w
	return err
}

// reuseAddress lets a client come from an address that an earlier dialogue has used, or one on another server uses now.
func reuseAddress(_, _ string, raw syscall.RawConn) error {
	var failed error
	err := raw.Control(func(fd uintptr) {
		failed = os.NewSyscallError("setsockopt", syscall.SetsockoptInt(int(fd), syscall.SOL_SOCKET, syscall.SO_REUSEADDR, 1))
	})
	return errors.Join(err, failed)
}

func (s *TCP) find(client string) (*conn, error) {
	if c := s.conns[client]; c != nil {
		return c, nil
	}
	return nil, fmt.Errorf("%s: %w", client, net.ErrClosed)
}

// Send sends bytes from a client, as Stage says.
func (s *TCP) Send(client, text string) error {
	c, err := s.find(client)
	if err != nil {
		return err
	}
	if err := c.SetWriteDeadline(time.Now().Add(patience)); err != nil {
		return err
	}
	if c.bare {
		text = strings.ReplaceAll(text, "\r\n", "\n")
	}
	_, err = io.WriteString(c, text)
	return err
}

// Next takes a line, as Stage says. A connection that was reset, or that ends within a line, is an error, and so is a line that doesn't end as the voice has it.
func (s *TCP) Next(client string, patience time.Duration) (string, error) {
	c, err := s.find(client)
	if err != nil {
		return "", err
	}
	if err := c.SetReadDeadline(time.Now().Add(patience)); err != nil {
		return "", err
	}
	text, err := c.in.ReadString('\n')
	c.part += text
	switch {
	case errors.Is(err, os.ErrDeadlineExceeded):
		return "", ErrNothing
	case err == io.EOF && c.part != "":
		return "", fmt.Errorf("the connection ended within the line %q", c.part)
	case err != nil:
		return "", err
	}
	line, ended := strings.CutSuffix(c.part, c.end)
	c.part = ""
	if !ended {
		return "", fmt.Errorf("the line %q has no %q at its end", line, c.end)
	}
	return line, nil
}

// Cut resets a connection, as Stage says.
func (s *TCP) Cut(client string) error {
	c, err := s.find(client)
	if err != nil {
		return err
	}
	delete(s.conns, client)
	return c.reset()
}

// reset closes c so that no TIME_WAIT remains: the next dialogue's client comes from the same address.
func (c *conn) reset() error {
	return errors.Join(c.tcp.SetLinger(0), c.tcp.Close())
}

// CloseWrite ends what a client sends, as Stage says.
func (s *TCP) CloseWrite(client string) error {
	c, err := s.find(client)
	if err != nil {
		return err
	}
	return c.stream.CloseWrite()
}

// Pass does nothing: time passes by itself, and expected lines are waited for.
func (s *TCP) Pass(time.Duration) {}

// Secure says whether the stage was made by NewTLS.
func (s *TCP) Secure() bool { return s.secure != nil }

// Close ends all connections.
func (s *TCP) Close() {
	for client, c := range s.conns {
		delete(s.conns, client)
		_ = c.reset() // The dialogue is over: nobody is left to be told.
	}
}

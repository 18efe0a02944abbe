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
	secure  *tls.Config // nil: in clear
	overWeb bool        // lines travel by WebSocket
	conns   map[string]*conn
}

var _ Stage = (*TCP)(nil)

// NewTCP returns a stage for the server at addr, a host and port as net.Dial takes it. It must be reachable from 127.0.1.0/24.
func NewTCP(addr string) *TCP {
	return &TCP{addr: addr, conns: map[string]*conn{}}
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
}

// Connect dials the server from exactly that address, as Stage says.
func (s *TCP) Connect(client string, from netip.AddrPort) error {
	if s.conns[client] != nil {
		return fmt.Errorf("connect %s: the name is in use", client)
	}
	dialer := net.Dialer{LocalAddr: net.TCPAddrFromAddrPort(from), Timeout: patience, Control: reuseAddress}
	c, err := dialer.Dial("tcp", s.addr)
	if err != nil {
		return fmt.Errorf("connect %s: %w", client, err)
	}
	made := &conn{stream: c.(*net.TCPConn), tcp: c.(*net.TCPConn)}
	if s.secure != nil {
		made.stream = tls.Client(c, s.secure)
	}
	if s.overWeb {
		if made.stream, err = OpenWebSocket(c, ""); err != nil {
			return fmt.Errorf("connect %s: %w", client, err)
		}
	}
	made.in = bufio.NewReader(made.stream)
	s.conns[client] = made
	return nil
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
	_, err = io.WriteString(c, text)
	return err
}

// Next takes a line, as Stage says. A connection that was reset, or that ends within a line, is an error.
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
	line := strings.TrimSuffix(c.part, "\n")
	c.part = ""
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

// Close ends all connections.
func (s *TCP) Close() {
	for client, c := range s.conns {
		delete(s.conns, client)
		_ = c.reset() // The dialogue is over: nobody is left to be told.
	}
}

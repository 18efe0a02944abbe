//go:build linux

package main

import (
	"bufio"
	"io"
	"net"
	"os/exec"
	"strings"
	"testing"
	"time"
)

// server is a looproom that a test has started.
type server struct {
	t         *testing.T
	arguments []string
	command   *exec.Cmd
	addresses []string // of the doors, in order
}

// startServer starts looproom with a line door in front of what else the arguments say.
func startServer(t *testing.T, arguments ...string) *server {
	t.Helper()
	s := &server{t: t, arguments: append([]string{"--listen", "line://127.0.0.1:0"}, arguments...)}
	s.start()
	t.Cleanup(s.kill)
	return s
}

func (s *server) start() {
	s.t.Helper()
	s.command = exec.Command(looproom, s.arguments...)
	out, err := s.command.StdoutPipe()
	if err != nil {
		s.t.Fatal(err)
	}
	if err := s.command.Start(); err != nil {
		s.t.Fatal(err)
	}
	s.addresses = nil
	lines := bufio.NewScanner(out)
	for range strings.Count(strings.Join(s.arguments, " "), "--listen") {
		if !lines.Scan() {
			s.t.Fatalf("%s printed %d doors: %v", s.command, len(s.addresses), s.command.Wait())
		}
		url, _, _ := strings.Cut(lines.Text(), " ")
		url, _, _ = strings.Cut(url, "?")
		_, address, _ := strings.Cut(url, "://")
		s.addresses = append(s.addresses, address)
	}
	go func() { _, _ = io.Copy(io.Discard, out) }()
}

// address is that of the first door.
func (s *server) address() string { return s.addresses[0] }

func (s *server) kill() {
	_ = s.command.Process.Kill()
	_ = s.command.Wait()
}

// restart starts the killed server again on the same port.
func (s *server) restart() {
	s.t.Helper()
	address := s.address()
	s.arguments[1] = "line://" + address
	s.start()
}

// talker is a line client of the test's own.
type talker struct {
	t    *testing.T
	conn net.Conn
	in   *bufio.Reader
}

// join connects and signs in.
func (s *server) join(name string) *talker {
	s.t.Helper()
	conn, err := net.DialTimeout("tcp", s.address(), limit)
	if err != nil {
		s.t.Fatal(err)
	}
	s.t.Cleanup(func() { conn.Close() })
	c := &talker{s.t, conn, bufio.NewReader(conn)}
	c.say("ADD " + name)
	c.until("= ADD " + name)
	return c
}

func (c *talker) say(line string) {
	c.t.Helper()
	if _, err := io.WriteString(c.conn, line+"\n"); err != nil {
		c.t.Fatal(err)
	}
}

// until takes lines up to the one that is wanted, and returns those before it.
func (c *talker) until(want string) (before []string) {
	c.t.Helper()
	for {
		_ = c.conn.SetReadDeadline(time.Now().Add(limit))
		line, err := c.in.ReadString('\n')
		if line = strings.TrimSuffix(line, "\n"); line == want {
			return before
		}
		if err != nil {
			c.t.Fatalf("no line %q: %v; lines before: %q", want, err, before)
		}
		before = append(before, line)
	}
}

// next takes one line.
func (c *talker) next() string {
	c.t.Helper()
	_ = c.conn.SetReadDeadline(time.Now().Add(limit))
	line, err := c.in.ReadString('\n')
	if err != nil {
		c.t.Fatalf("no further line: %v", err)
	}
	return strings.TrimSuffix(line, "\n")
}

// answer takes lines up to the next one that is an answer or an error.
func (c *talker) answer() (line string) {
	c.t.Helper()
	for !strings.HasPrefix(line, "= ") && !strings.HasPrefix(line, "! ") {
		line = c.next()
	}
	return line
}

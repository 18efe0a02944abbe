//go:build linux

package main_test

import (
	"bufio"
	"io"
	"net"
	"os/exec"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"looproom/loop/logtext"
)

// server is a looproom that a test has started. The end of the test ends it, and finds out whether it ended well.
type server struct {
	t       *testing.T
	command *exec.Cmd
	count   int           // of its doors
	opened  chan []string // them, when they are open
	doors   []string      // the URLs that it printed, in the order of --listen
	log     logtext.Text
	ended   chan error // the end of the process, once
	over    bool       // ended has been read
}

// startServer starts looproom. Without --listen it has one line door. Limits that a test's own load would run into are off, unless the
// arguments set them.
func startServer(t *testing.T, arguments ...string) *server {
	t.Helper()
	arguments = append(limitsOff(), arguments...)
	if !slices.Contains(arguments, "--listen") {
		arguments = append(arguments, "--listen", "line://127.0.0.1:0")
	}
	return startCommand(t, exec.Command(binary, arguments...), countOf(arguments, "--listen"))
}

// startCommand starts looproom by a command of the test's own. It has that many doors. The log is the server's, unless the command has a place for it.
func startCommand(t *testing.T, command *exec.Cmd, count int) *server {
	t.Helper()
	s := launch(t, command, count)
	s.opens()
	return s
}

// launch is startCommand that doesn't wait for the doors: opens does.
func launch(t *testing.T, command *exec.Cmd, count int) *server {
	t.Helper()
	s := &server{t: t, command: command, ended: make(chan error, 1), count: count, opened: make(chan []string, 1)}
	if s.command.Stderr == nil {
		s.command.Stderr = &s.log
	}
	out, err := s.command.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := s.command.Start(); err != nil {
		t.Fatal(err)
	}
	go s.watch(out, count, s.opened)
	if command.Path == binary { // no faults are planted in it
		t.Cleanup(s.expectNoPanic)
	}
	t.Cleanup(s.cleanup)
	return s
}

// opens waits until its doors are open.
func (s *server) opens() {
	s.t.Helper()
	select {
	case s.doors = <-s.opened:
	case <-time.After(4 * patience): // it may have a table to make of very many files
	}
	if len(s.doors) != s.count {
		s.t.Fatalf("%s printed the doors %q; its log:\n%s", s.command, s.doors, s.log.String())
	}
}

// watch reads all that the server prints, until it ends.
func (s *server) watch(out io.Reader, count int, doors chan<- []string) {
	var urls []string
	lines := bufio.NewScanner(out)
	for len(urls) < count && lines.Scan() {
		url, _, _ := strings.Cut(lines.Text(), " ")
		urls = append(urls, url)
	}
	doors <- urls
	_, _ = io.Copy(io.Discard, out)
	s.ended <- s.command.Wait()
}

// address returns the network and the address of the n-th door.
func (s *server) address(n int) (network, address string) {
	scheme, rest, _ := strings.Cut(s.doors[n], "://")
	rest, _, _ = strings.Cut(rest, "?")
	if strings.HasSuffix(scheme, "+unix") {
		return "unix", rest
	}
	return "tcp", rest
}

// dial connects to the n-th door. The end of the test closes the connection.
func (s *server) dial(t *testing.T, n int) net.Conn {
	t.Helper()
	network, address := s.address(n)
	conn, err := net.DialTimeout(network, address, patience)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	return conn
}

// hostPort returns the host and the port of the n-th door.
func (s *server) hostPort(n int) (host, port string) {
	s.t.Helper()
	_, address := s.address(n)
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		s.t.Fatalf("door %q: %v", s.doors[n], err)
	}
	return host, port
}

func (s *server) signal(signal syscall.Signal) {
	s.t.Helper()
	if err := s.command.Process.Signal(signal); err != nil {
		s.t.Fatal(err)
	}
}

// wait returns the exit status when the server has ended.
func (s *server) wait() int {
	s.t.Helper()
	select {
	case <-s.ended:
		s.over = true
		return s.command.ProcessState.ExitCode()
	case <-time.After(patience):
		s.t.Fatalf("looproom has not ended after %v; its log:\n%s", patience, s.log.String())
		return -1
	}
}

// stop ends the server as an operator does.
func (s *server) stop() {
	s.t.Helper()
	s.signal(syscall.SIGTERM)
	if status := s.wait(); status != 0 {
		s.t.Errorf("exit status after SIGTERM = %d, want 0; the log:\n%s", status, s.log.String())
	}
}

// cleanup ends the server, if the test has not done so.
func (s *server) cleanup() {
	if s.over {
		return
	}
	_ = s.command.Process.Signal(syscall.SIGTERM)
	select {
	case <-s.ended:
	case <-time.After(patience):
		_ = s.command.Process.Kill()
	}
	if status := s.command.ProcessState; status == nil || status.ExitCode() != 0 {
		s.t.Errorf("looproom ended with %v, want exit status 0; its log:\n%s", status, s.log.String())
	}
}

// expectNoPanic looks through the log at the end: a panic costs one client its connection, or one message, which another test may not see.
func (s *server) expectNoPanic() {
	if log := s.log.String(); strings.Contains(log, `"message":"panic"`) {
		s.t.Errorf("looproom has panicked; its log:\n%s", log)
	}
}

func countOf(words []string, word string) (n int) {
	for _, w := range words {
		if w == word {
			n++
		}
	}
	return n
}

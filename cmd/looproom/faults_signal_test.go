//go:build linux

package main_test

import (
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// TestTerminatedUnderLoad: four clients talk as fast as they can when SIGTERM comes. What the server has answered a PING behind is
// delivered to all, without a gap, and then everyone is told and sees the end of the stream.
func TestTerminatedUnderLoad(t *testing.T) {
	s := startServer(t, "--loops", "2", "--drain", "30s")
	readers := []*talker{connect(t, s, 0, "reader1"), connect(t, s, 0, "reader2"), connect(t, s, 0, "reader3")}
	const senders = 4
	accepted := make([]int, senders)
	var load sync.WaitGroup
	busy := make(chan struct{}, senders)
	for n := range senders {
		c := signedIn(t, s, 0, fmt.Sprintf("sender%d", n))
		load.Go(func() { accepted[n] = c.talkToTheEnd(busy) })
	}
	heard := make([]map[string]int, len(readers))
	for n, c := range readers {
		load.Go(func() { heard[n] = c.countToTheEnd() })
	}
	for range senders {
		<-busy
	}
	s.signal(syscall.SIGTERM)
	load.Wait()
	if status := s.wait(); status != 0 {
		t.Errorf("exit status = %d, want 0", status)
	}
	for n := range senders {
		name := fmt.Sprintf("sender%d", n)
		for i, c := range readers {
			if got := heard[i][name]; got < accepted[n] {
				t.Errorf("%s heard %d lines of %s, want at least the %d that were answered", c.name, got, name, accepted[n])
			}
		}
	}
	t.Logf("lines answered %v, heard %v", accepted, heard[0])
}

// talkToTheEnd says numbered lines, ten and a PING at a time, until the server ends, and returns how many of them the server has answered
// for. It says so in busy when it is well under way. It runs beside the test.
func (c *talker) talkToTheEnd(busy chan<- struct{}) (answered int) {
	for said := 0; ; said += 10 {
		var lines strings.Builder
		for n := range 10 {
			fmt.Fprintf(&lines, "%d of %s\n", said+n, c.name)
		}
		fmt.Fprintf(&lines, "PING %d\n", said+10)
		if _, err := c.input.Write([]byte(lines.String())); err != nil {
			return answered
		}
		for {
			line, err := c.line()
			if err != nil {
				return answered
			}
			if line == "PONG "+strconv.Itoa(said+10) {
				break
			}
		}
		if answered = said + 10; answered == 1000 {
			busy <- struct{}{}
		}
	}
}

// countToTheEnd returns how many lines of each sender came, one after the other without a gap, before the server said that it closes. It
// runs beside the test.
func (c *talker) countToTheEnd() map[string]int {
	heard := map[string]int{}
	for closing := false; ; {
		line, err := c.line()
		if err != nil {
			if !closing {
				c.t.Errorf("%s: %v before the word that the server closes", c.name, err)
			}
			return heard
		}
		closing = closing || strings.HasPrefix(line, "! closing ")
		var number int
		var name string
		if _, said, found := strings.Cut(line, "] "); found {
			if _, err := fmt.Sscanf(said, "%d of %s", &number, &name); err == nil {
				if number != heard[name] {
					c.t.Errorf("%s: line %d of %s, want line %d", c.name, number, name, heard[name])
				}
				heard[name]++
			}
		}
	}
}

// TestSignalsThatDoNothing: SIGPIPE, and a reader of the log and of the standard output that goes away, end nothing.
func TestSignalsThatDoNothing(t *testing.T) {
	s := startServer(t)
	bob := signedIn(t, s, 0, "bob")
	for range 3 {
		s.signal(syscall.SIGPIPE)
		bob.fence()
	}
}

// TestLogReaderGone: whoever reads the log and the standard output goes away; the next lines of log meet a broken pipe.
func TestLogReaderGone(t *testing.T) {
	read, write, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	listening, err := os.CreateTemp(t.TempDir(), "out")
	if err != nil {
		t.Fatal(err)
	}
	command := exec.Command(binary, "--listen", "line://127.0.0.1:0")
	command.Stdout, command.Stderr = listening, write
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	write.Close()
	s := &server{t: t, command: command, ended: make(chan error, 1)}
	go func() { s.ended <- command.Wait() }()
	t.Cleanup(s.cleanup)
	waitFor(t, "the door", func() bool {
		text, _ := os.ReadFile(listening.Name())
		s.doors = strings.Fields(string(text))
		return strings.Contains(string(text), "\n")
	})
	bob := signedIn(t, s, 0, "bob")
	read.Close()
	for n := range 5 { // each end is a line of log
		name := fmt.Sprintf("visitor%d", n)
		c := signedIn(t, s, 0, name)
		c.reset()
		bob.until("< The user " + name + " left")
	}
}

// TestStopped: the process is stopped for a while and goes on. Nobody is timed out: not who is quiet, not who was being sent a lot.
func TestStopped(t *testing.T) {
	t.Run("quiet", func(t *testing.T) {
		s := startServer(t, "--ping-every", "1s", "--ping-timeout", "1s")
		quiet := make([]*talker, 20)
		for n := range quiet {
			quiet[n] = connect(t, s, 0, fmt.Sprintf("quiet%d", n))
		}
		s.signal(syscall.SIGSTOP)
		<-time.After(3 * time.Second)
		s.signal(syscall.SIGCONT)
		for _, c := range quiet {
			c.fence()
		}
	})
	// Not with such pings: TCP's own clock goes on while the process is stopped, and --ping-every and --ping-timeout bound how long a client may have no room for a byte.
	// Where all but the stop took half of what a client has, the machine was too busy for the test to say anything: clients have more time then.
	t.Run("behind", func(t *testing.T) {
		for grace := 4 * time.Second; ; grace *= 2 {
			lost, busy := stopFor(t, grace+time.Second, "--sendq", "64KiB", "--sendq-grace", grace.String())
			if len(lost) == 0 {
				return
			}
			t.Logf("besides the stop it took %v", busy)
			if busy < grace/2 || grace > 16*time.Second {
				t.Fatal(lost)
			}
		}
	})
}

// stopFor stops the server while lines wait for 20 clients that don't read; they begin to read while it is stopped. It returns who was lost, and how long it took from the
// first line to the last, without the stop.
func stopFor(t *testing.T, pause time.Duration, flags ...string) (lost []error, busy time.Duration) {
	t.Helper()
	s := startServer(t, append(flags, "--announce-max", "1")...)
	quiet := make([]*talker, 20)
	for n := range quiet {
		quiet[n] = connect(t, s, 0, fmt.Sprintf("quiet%d", n))
	}
	behind := make([]*talker, 20)
	for n := range behind {
		behind[n] = slowReader(t, s, fmt.Sprintf("behind%d", n))
	}
	const lines = 1000
	heard := make(chan error)
	for _, c := range quiet {
		go func() { heard <- c.hearLines(lines) }()
	}
	began := time.Now()
	speak(t, s, lines)
	s.signal(syscall.SIGSTOP)
	stopped := time.Now()
	for _, c := range behind {
		go func() { heard <- c.hearLines(lines) }()
	}
	<-time.After(pause)
	goesOn := time.Now()
	s.signal(syscall.SIGCONT)
	all := append(quiet, behind...)
	for range all {
		if err := <-heard; err != nil {
			lost = append(lost, err)
		}
	}
	busy = time.Since(goesOn) + stopped.Sub(began)
	if len(lost) == 0 {
		for _, c := range all {
			c.fence()
		}
	}
	return lost, busy
}

// hearLines takes lines until n of ana's have come. It runs beside the test.
func (c *talker) hearLines(n int) error {
	for heard := 0; heard < n; {
		line, err := c.line()
		if err != nil {
			return fmt.Errorf("%s: after %d of %d lines: %w", c.name, heard, n, err)
		}
		if strings.HasPrefix(line, "[ana] ") {
			heard++
		}
	}
	return nil
}

//go:build linux

package main_test

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"regexp"
	"strconv"
	"strings"
	"syscall"
	"testing"
)

// startUnread starts looproom with a log that goes into a pipe, which nobody reads as yet, and makes it log more than the pipe takes.
func startUnread(t *testing.T, arguments ...string) (s *server, op *talker, log *os.File) {
	t.Helper()
	read, write, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { read.Close() })
	command := exec.Command(binary, append(append(limitsOff(), "--operator", "ann:"+operHash, "--listen", "line://127.0.0.1:0"), arguments...)...)
	command.Stderr = write
	s = startCommand(t, command, 1)
	write.Close()
	op = oper(t, s)
	logMuch(op, 100) // 160 KiB; the pipe takes 64
	return s, op, read
}

// logMuch has so many lines of 1.7 KB logged.
func logMuch(op *talker, lines int) {
	op.t.Helper()
	line := "BAN 192.0.2.1 1h " + strings.Repeat("🎉", 390) + "\n" // the longest words
	for range lines / 20 {
		op.write(strings.Repeat(line, 20)) // less than --recvq
		for range 20 {
			op.until("= BAN 192.0.2.1 ")
		}
	}
}

// TestLogNotRead: whoever reads the log has stopped. Everybody is served, newcomers too, and SIGTERM ends the server with a drain.
func TestLogNotRead(t *testing.T) {
	for _, loops := range []string{"1", "2"} {
		t.Run(loops+" loops", func(t *testing.T) {
			s, op, _ := startUnread(t, "--loops", loops)
			bystanders := []*talker{signedIn(t, s, 0, "bob"), signedIn(t, s, 0, "eve")}
			logMuch(op, 20)
			for n, c := range bystanders {
				c.fence()
				visitor := signedIn(t, s, 0, fmt.Sprintf("visitor%d", n))
				visitor.reset() // its end is a line of log
				c.until(fmt.Sprintf("< The user visitor%d left", n))
			}
			s.signal(syscall.SIGTERM)
			for _, c := range bystanders {
				c.until("! closing ")
				c.expectEnd()
			}
			if status := s.wait(); status != 0 {
				t.Errorf("exit status = %d, want 0", status)
			}
		})
	}
}

// TestLogNotReadSecondSignal: nobody reads the log, and a client holds the drain up; a second SIGTERM ends the server.
func TestLogNotReadSecondSignal(t *testing.T) {
	s, op, _ := startUnread(t, "--drain", "10m")
	slowReader(t, s, "stuck")
	speak(t, s, 8000)
	bob := signedIn(t, s, 0, "bob")
	s.signal(syscall.SIGTERM)
	bob.until("! closing ")
	op.until("! closing ")
	s.signal(syscall.SIGTERM)
	if status := s.wait(); status != 1 {
		t.Errorf("exit status after a second signal = %d, want 1", status)
	}
}

// TestLogDropped: what is too much for a log that nobody reads is dropped and counted; when somebody reads again, the log says how much is
// missing, what was queued comes, and the end waits for the last line.
func TestLogDropped(t *testing.T) {
	s, op, log := startUnread(t, "--admin", "127.0.0.1:0")
	dropped := uint64(0)
	for dropped < 3 {
		logMuch(op, 500)
		dropped = stat(op, "log-dropped")
	}
	came, first := make(chan int), make(chan string, 1)
	go func() { came <- s.takeLog(bufio.NewReader(log), first) }()
	if text := <-first; text == "" {
		t.Error("the log says of no line that it is missing")
	}
	if got := scrape(t, adminOf(t, s)).sum("looproom_log_dropped_lines_total"); got < float64(dropped) {
		t.Errorf("looproom_log_dropped_lines_total = %v, want at least the %d of STATS", got, dropped)
	}
	bob := signedIn(t, s, 0, "bob")
	bob.reset()
	op.until("< The user bob left")
	logged := int(stat(op, "log-dropped"))
	s.signal(syscall.SIGTERM)
	if status := s.wait(); status != 0 {
		t.Errorf("exit status = %d, want 0", status)
	}
	if missing := <-came; missing != logged {
		t.Errorf("the log says of %d lines that they are missing, want the %d that were dropped", missing, logged)
	}
	s.awaitLog(`"draining"`)
	s.awaitLog("connection reset by peer")
}

var droppedLines = regexp.MustCompile(`"dropped":(\d+)`)

// takeLog reads the log to its end into s.log, and returns how many lines it says are missing. first gets the first line that says so, or "".
func (s *server) takeLog(from *bufio.Reader, first chan<- string) (missing int) {
	defer close(first)
	for {
		line, err := from.ReadString('\n')
		if err != nil {
			return missing
		}
		_, _ = s.log.Write([]byte(line))
		if found := droppedLines.FindStringSubmatch(line); found != nil {
			n, _ := strconv.Atoi(found[1])
			if missing == 0 {
				first <- line
			}
			missing += n
		}
	}
}

// stat is a number of STATS.
func stat(op *talker, name string) uint64 {
	op.t.Helper()
	op.say("STATS")
	line, _ := op.until("= STAT " + name + " ")
	n, err := strconv.ParseUint(line[strings.LastIndexByte(line, ' ')+1:], 10, 64)
	if err != nil {
		op.t.Fatal(err)
	}
	return n
}

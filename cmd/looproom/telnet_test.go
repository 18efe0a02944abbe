//go:build linux

package main_test

import (
	"fmt"
	"io"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"

	"looproom/codec"
)

// TestTelnetGoesOn: telnet(1) on a terminal shows nothing any more from Ctrl-C, Ctrl-\ or Ctrl-Z on until the server has answered its
// question. What is said afterwards shows, and the keys reach nobody as text.
func TestTelnetGoesOn(t *testing.T) {
	need(t, "telnet")
	for _, keys := range []struct {
		name    string
		command string // of telnet's own
		shows   string // what it answers
		typed   string
	}{
		{"Ctrl-C", "", "", "\x03"},
		{"Ctrl-C thrice", "", "", "\x03\x03\x03"},
		{"Ctrl-backslash", "", "", "\x1c"},
		{"Ctrl-Z", "", "", "\x1a"},
		{"Ctrl-C in urgent mode", "toggle autosynch", "Will send interrupt characters in urgent mode", "\x03"},
		{"are you there", "send ayt", "= HERE", ""},
		{"Ctrl-C in binary mode", "toggle binary", "Negotiating binary mode", "\x03"},
	} {
		t.Run(keys.name, func(t *testing.T) {
			t.Parallel()
			s := startServer(t)
			bob := signedIn(t, s, 0, "bob")
			host, port := s.hostPort(0)
			ana := startTelnet(t, host, port)
			ana.waitFor(t, "(2 users online)")
			bob.until("> New user ")
			ana.typed(t, "ADD ana\r")
			ana.waitFor(t, "= ADD ana")
			bob.until("> ")
			if keys.command != "" {
				ana.typed(t, "\x1d")
				ana.waitFor(t, "telnet> ")
				ana.typed(t, keys.command+"\r")
				ana.waitFor(t, keys.shows)
			}
			ana.typed(t, keys.typed+"did it work?\r")
			bob.expect("[ana] did it work?")
			bob.say("it did")
			ana.waitFor(t, "[bob] it did")
		})
	}
}

// startTelnet starts telnet on a terminal.
func startTelnet(t *testing.T, host, port string) *terminal {
	t.Helper()
	p := &terminal{}
	p.person, p.program = openTerminal(t)
	p.command = exec.Command("telnet", host, port)
	p.command.Stdin, p.command.Stderr, p.command.Stdout = p.program, p.program, p.program
	p.command.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true}
	if err := p.command.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { endProgram(t, "telnet", p.command) })
	go p.show()
	return p
}

func (p *terminal) typed(t *testing.T, text string) {
	t.Helper()
	if _, err := io.WriteString(p.person, text); err != nil {
		t.Fatal(err)
	}
}

// waitFor waits until the terminal shows text.
func (p *terminal) waitFor(t *testing.T, text string) {
	t.Helper()
	waitFor(t, fmt.Sprintf("telnet to show %q", text), func() bool { return strings.Contains(p.said(), text) })
}

// TestTelnetQuestions: each is answered in its place among the answers to lines, and options once.
func TestTelnetQuestions(t *testing.T) {
	for _, loops := range []string{"1", "2"} {
		s := startServer(t, "--loops", loops)
		for _, name := range []string{"ana", "bob"} { // one of them on each loop, where there are two
			ana := connect(t, s, 0, name)
			ana.write("PING 1\n\xff\xfd\x06PING 2\n\xff\xf6PI\xff\xfd\x01NG\xff\xfb\x1f 3\n\xff\xfd\x01\xff\xfb\x1f\xff\xfd\x06PING 4\n")
			for _, want := range []string{"PONG 1\n", "\xff\xfc\x06", "PONG 2\n", codec.Here, "\xff\xfc\x01\xff\xfe\x1f", "PONG 3\n", "\xff\xfc\x06", "PONG 4\n"} {
				if got := ana.bytes(len(want)); string(got) != want {
					t.Fatalf("loops=%s: the next bytes are %q, want %q", loops, got, want)
				}
			}
		}
	}
}

// TestTelnetQuestionsElsewhere: where there are no lines, nothing is taken for telnet's, and before the password it is answered.
func TestTelnetQuestionsElsewhere(t *testing.T) {
	s := startServer(t, "--listen", "fixed://127.0.0.1:0", "--listen", "chunk://127.0.0.1:0", "--listen", "line://127.0.0.1:0", "--password", operHash)
	for n, answered := range []bool{false, false, true} {
		c := dial(t, s, n, "ana")
		c.write("\xff\xf6\xff\xfd\x06\n")
		c.closeInput()
		told, err := io.ReadAll(c.output)
		if got := strings.HasSuffix(string(told), codec.Here+"\xff\xfc\x06"); err != nil || got != answered || strings.Contains(string(told), "\xff") != got {
			t.Errorf("door %d answers %q, %v; want an answer to telnet: %v", n, told, err, answered)
		}
	}
}

// TestTelnetQuestionsCountAsLines: they can't be had faster than lines.
func TestTelnetQuestionsCountAsLines(t *testing.T) {
	s := startServer(t, "--lines-per-second", "20", "--lines-burst", "1")
	ana := dial(t, s, 0, "ana")
	ana.until("> Connected")
	begun := time.Now()
	ana.write(strings.Repeat("\xff\xf6", 11))
	for range 11 {
		ana.expect(strings.TrimSuffix(codec.Here, "\n"))
	}
	if took, least := time.Since(begun), 480*time.Millisecond; took < least {
		t.Errorf("11 questions are answered after %v, want 20 a second: %v or more", took, least)
	}
}

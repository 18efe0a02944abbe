//go:build linux

package main

import (
	"fmt"
	"os"
	"os/exec"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"looproom/loop/logtext"
)

// many is more than a server takes in the time of these tests.
const many = 500

func manyLines() string {
	var b strings.Builder
	for i := range many {
		fmt.Fprintf(&b, "line %d\n", i)
	}
	return b.String()
}

// heardOf leaves the room of who has left, and returns how many lines of theirs came, which must be the first ones in order.
func heardOf(t *testing.T, bob *talker, name string) (count int) {
	t.Helper()
	for _, line := range bob.until("< The user " + name + " left (1 user online)") {
		if words, ok := strings.CutPrefix(line, "["+name+"] "); ok {
			if want := fmt.Sprintf("line %d", count); words != want {
				t.Fatalf("bob heard %q, want %q", words, want)
			}
			count++
		}
	}
	return count
}

var notDelivered = regexp.MustCompile(`loopchat: (?:.*: )?(\d+) lines? not delivered`)

// checkLoss checks that what was said and what was told to be missing are all.
func checkLoss(t *testing.T, output string, heard int) {
	t.Helper()
	m := notDelivered.FindStringSubmatch(output)
	if m == nil {
		t.Fatalf("bob heard %d lines, and the output is %q, want how many were not delivered", heard, output)
	}
	// What was under way at the end is told as missing, perhaps.
	lost, _ := strconv.Atoi(m[1])
	perhaps := 0
	if m := regexp.MustCompile(`and (\d+) perhaps not`).FindStringSubmatch(output); m != nil {
		perhaps, _ = strconv.Atoi(m[1])
	}
	if heard+lost > many || heard+lost+perhaps < many {
		t.Errorf("bob heard %d lines, %d were told not to be delivered and %d perhaps; want %d together", heard, lost, perhaps, many)
	}
}

// TestFilterTellsWhatIsLost: a filter that is ended, or that loses its connection, says how many of the lines it has read are missing.
func TestFilterTellsWhatIsLost(t *testing.T) {
	t.Parallel()
	for _, how := range []string{"SIGINT", "the server ends"} {
		t.Run(how, func(t *testing.T) {
			t.Parallel()
			s := startServer(t)
			bob := s.join("bob")
			command := exec.Command(loopchat, "--name", "pipe", s.address())
			var errs logtext.Text
			command.Stdin, command.Stderr = strings.NewReader(manyLines()), &errs
			if err := command.Start(); err != nil {
				t.Fatal(err)
			}
			heard := 10
			for i := range heard {
				bob.until(fmt.Sprintf("[pipe] line %d", i))
			}
			if how == "SIGINT" {
				if err := command.Process.Signal(os.Interrupt); err != nil {
					t.Fatal(err)
				}
			} else {
				s.kill()
			}
			_ = command.Wait()
			if got := command.ProcessState.ExitCode(); got != 1 {
				t.Errorf("exit status %d, want 1", got)
			}
			if how == "SIGINT" {
				for _, line := range bob.until("< The user pipe left (1 user online)") {
					if strings.HasPrefix(line, "[pipe] ") {
						heard++
					}
				}
				checkLoss(t, errs.String(), heard)
			} else if !notDelivered.MatchString(errs.String()) {
				t.Errorf("errors = %q, want how many lines were not delivered", errs.String())
			}
		})
	}
}

// TestWindowLeavesNothingUnsaid: who pastes much and leaves is told how much is still to go; a second Ctrl-C leaves without, and says so.
func TestWindowLeavesNothingUnsaid(t *testing.T) {
	need(t, "tmux")
	t.Parallel()
	s := startServer(t)
	bob := s.join("bob")
	ana := chatAs(t, "ana", s.address())
	paste(ana, manyLines())
	ana.see("…[You] line 499", "lines waiting")
	bob.until("[ana] line 40")
	ana.keys("C-c")
	ana.see("lines still to go", "Ctrl-C again")
	bob.until("[ana] line 60")
	ana.keys("C-c")
	ana.ended(1)
	heard := 61
	for _, line := range bob.until("< The user ana left (1 user online)") {
		if strings.HasPrefix(line, "[ana] ") {
			heard++
		}
	}
	checkLoss(t, ana.text(), heard)
}

// TestWindowLeavesWhenAllIsSaid: one Ctrl-C leaves as soon as all has arrived.
func TestWindowLeavesWhenAllIsSaid(t *testing.T) {
	need(t, "tmux")
	t.Parallel()
	s := startServer(t, "--lines-per-second", "200")
	bob := s.join("bob")
	ana := chatAs(t, "ana", s.address())
	paste(ana, manyLines())
	ana.keys("C-c")
	if got := heardOf(t, bob, "ana"); got != many {
		t.Errorf("bob heard %d lines, want %d", got, many)
	}
	ana.ended(0)
}

// TestWindowLeavesWhileDown: what was said while the server is down is counted when one leaves.
func TestWindowLeavesWhileDown(t *testing.T) {
	need(t, "tmux")
	t.Parallel()
	s := startServer(t)
	ana := chatAs(t, "ana", s.address())
	s.kill()
	ana.see("Server is down")
	ana.line("one")
	ana.line("two")
	ana.see("2 lines waiting")
	ana.line("/quit")
	ana.see("2 lines still to go", "leaving, 2 lines waiting")
	ana.line("/quit")
	ana.ended(1)
	ana.see("loopchat: 2 lines not delivered")
}

// paste pastes lines and says yes.
func paste(s *screen, text string) {
	s.t.Helper()
	s.tmux("set-buffer", text)
	s.tmux("paste-buffer", "-p")
	s.see(fmt.Sprintf("Say %d lines", strings.Count(text, "\n")))
	s.keys("Enter")
}

// TestWindowPerhaps: of what an old server, which knows no numbers, has not confirmed nobody knows whether it has arrived. It is marked, and said
// again by hand only.
func TestWindowPerhaps(t *testing.T) {
	need(t, "tmux")
	t.Parallel()
	f := startReplying(t, func(line string) string {
		switch {
		case line == "ADD ana":
			return "= ADD ana\n"
		case strings.HasPrefix(line, "ADD ana "):
			return "! bad-argument ADD takes one name\n"
		}
		return ""
	}, greeting)
	ana := chatAs(t, "ana", f.address())
	ana.line("it arrives")
	ana.see(" [You] it arrives")
	ana.miss("…[You]")
	f.deaf.Store(true)
	ana.line("it may be lost")
	f.hear("TEXT TO #lobby it may be lost")
	ana.see("…[You] it may be lost")
	f.drop()
	ana.see("?[You] it may be lost", "1 line perhaps not delivered")
	f.deaf.Store(false)
	ana.see("Connected again.")
	ana.miss("server is down")
	ana.line("/resend")
	f.hear("TEXT TO #lobby it may be lost")
	ana.see(" [You] it may be lost")
	ana.miss("?[You]")
	ana.line("/resend")
	ana.see("There is nothing that has perhaps not arrived.")
	if text := ana.text(); strings.Contains(text, "bad-argument") {
		t.Errorf("the person sees what was tried with the server:\n%s", text)
	}
	ana.keys("C-c")
	ana.ended(0)
}

// TestWindowOnceAfterLoss: who loses the connection in the middle of many lines has the name back at once, and all arrive once.
func TestWindowOnceAfterLoss(t *testing.T) {
	need(t, "tmux")
	t.Parallel()
	s := startServer(t, "--lines-per-second", "100")
	bob := s.join("bob")
	c := newCutter(t, s.address(), blackHole, 60)
	ana := chatAs(t, "ana", c.listener.Addr().String())
	paste(ana, manyLines())
	count := 0
	for count < many {
		words, ok := strings.CutPrefix(bob.next(), "[ana] ")
		if want := fmt.Sprintf("line %d", count); ok && words != want {
			t.Fatalf("bob heard %q, want %q", words, want)
		} else if ok {
			count++
		}
	}
	ana.miss("…[You]")
	ana.see("Connected again.")
	if text := ana.text(); strings.Contains(text, "still in use") {
		t.Errorf("ana had to wait for her own name:\n%s", text)
	}
}

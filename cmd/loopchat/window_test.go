//go:build linux

package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestWindow(t *testing.T) {
	need(t, "tmux")
	t.Parallel()
	s := startServer(t)
	ana := chat(t, 100, 30, "--name", "ana", s.address())
	bob := s.join("bob")
	eve := chat(t, 100, 30, "--name", "eve", s.address())
	ana.see("> New user", "is now called bob", "│ 3 users", "│ bob", "│ eve")

	ana.line("hello, all")
	ana.see("[You] hello, all")
	bob.until("[ana] hello, all")
	eve.see("[ana] hello, all")
	bob.say("¿qué tal? 日本語 🎉")
	ana.see("[bob] ¿qué tal? 日本語 🎉")
	bob.say("/me waves")
	ana.see("* bob waves")
	bob.say("/msg ana psst")
	ana.see("[bob → You] psst")
	ana.line("/msg bob yes?")
	bob.until("*ana* yes?")
	ana.see("[You → bob] yes?")
	ana.line("TEXT LIST is a verb")
	bob.until("[ana] LIST is a verb")
	ana.line("/nope")
	ana.see("! unknown-command")
	ana.line("/msg nobody hello")
	ana.see("! no-such-user")

	ana.keys("C-c")
	bob.until("< The user ana left (2 users online)")
	eve.see("< The user ana left")
	ana.ended(0)
	eve.line("/quit")
	bob.until("< The user eve left (1 user online)")
	eve.ended(0)
}

func TestWindowScrolls(t *testing.T) {
	need(t, "tmux")
	t.Parallel()
	s := startServer(t, "--lines-per-second", "0")
	bob := s.join("bob")
	ana := chat(t, 60, 12, s.address())
	for i := range 50 {
		bob.say(fmt.Sprintf("line %d.", i))
	}
	ana.see("line 49.")
	ana.keys("PPage")
	ana.see("rows more below (PgDn", "line 40.")
	ana.miss("line 49.")
	ana.see("more below")
	bob.say("line 50.")
	ana.keys("PPage", "PPage")
	ana.see("line 24.", "25 rows more below")
	ana.tmux("resize-window", "-x", "40", "-y", "10")
	ana.see("more below")
	ana.keys("Escape")
	ana.see("line 50.")
	ana.miss("more below")
}

func TestWindowSizes(t *testing.T) {
	need(t, "tmux")
	t.Parallel()
	s := startServer(t)
	bob := s.join("bob")
	ana := chat(t, 40, 12, "--name", "ana", s.address())
	bob.say("a line of words that is much longer than forty columns are wide, so that it is cut 日本語日本語日本語日本語日本語日本語")
	ana.see("[bob] a line", "日本語")
	for _, size := range [][2]string{{"40", "12"}, {"200", "30"}, {"10", "4"}, {"2", "2"}, {"100", "3"}, {"79", "20"}, {"80", "20"}} {
		ana.tmux("resize-window", "-x", size[0], "-y", size[1])
		bob.say("at " + size[0])
	}
	ana.see("[bob] at 80", "│ bob")
	ana.line("still here")
	bob.until("[ana] still here")
	ana.tmux("resize-window", "-x", "200", "-y", "30")
	ana.see("so that it is cut 日本語日本語日本語日本語日本語日本語")
}

func TestWindowGoesAway(t *testing.T) {
	need(t, "tmux")
	t.Parallel()
	s := startServer(t)
	bob := s.join("bob")
	ana := chat(t, 100, 20, "--name", "ana", "--away-after", "1s", s.address())
	bob.until("> ana is away")
	ana.see("ana (away)")
	ana.typed("x")
	bob.until("> ana is back")
	ana.miss("(away)")
	bob.until("> ana is away")
	ana.keys("C-u", "C-c")
	ana.ended(0)
}

func TestWindowServerComesBack(t *testing.T) {
	need(t, "tmux")
	t.Parallel()
	s := startServer(t)
	ana := chatAs(t, "ana", "--room", "'#go'", s.address())
	ana.see("You are in #go", "│ ana")
	s.kill()
	ana.see("Server is down, join later once it is up!")
	ana.line("said while it was down")
	ana.line("and this")
	ana.see("2 lines waiting")
	s.restart()
	ana.see("Connected again.")
	ana.miss("waiting")
	bob := s.join("bob")
	bob.say("JOIN #go")
	bob.say("LIST")
	bob.until("= LIST 2 ana bob")
	bob.say("RECENT")
	before := strings.Join(bob.until("= RECENT 2 #go"), "\n")
	if strings.Contains(before, "! ") {
		t.Errorf("bob was told of an error: %s", before)
	}
	bob.say("welcome back")
	ana.see("[bob] welcome back")
	if n := strings.Count(ana.text(), "] said while it was down"); n != 1 {
		t.Errorf("the line is %d times on the screen, want 1:\n%s", n, ana.text())
	}
}

func TestWindowSignals(t *testing.T) {
	need(t, "tmux")
	for _, signal := range []string{"TERM", "HUP", "INT"} {
		t.Run(signal, func(t *testing.T) {
			t.Parallel()
			s := startServer(t)
			bob := s.join("bob")
			ana := newScreen(t, 80, 20)
			pid := filepath.Join(t.TempDir(), "pid")
			ana.line(fmt.Sprintf("sh -c 'echo $$ >%s; exec %s --name ana %s'", pid, loopchat, s.address()))
			ana.see("You are ana now.")
			text, err := os.ReadFile(pid)
			if err != nil {
				t.Fatal(err)
			}
			signalled(t, strings.TrimSpace(string(text)), signal)
			bob.until("< The user ana left (1 user online)")
			ana.ended(0)
		})
	}
}

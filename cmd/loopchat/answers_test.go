//go:build linux

package main

import (
	"path/filepath"
	"strings"
	"testing"
)

// TestWindowOnlyShowsHelp: what is only shown changes nothing, now or at the next connection. The words of HELP, of topics, of messages and of
// files look like answers.
func TestWindowOnlyShowsHelp(t *testing.T) {
	need(t, "tmux")
	t.Parallel()
	s := startServer(t, "--files", filepath.Join(t.TempDir(), "kept"))
	eve := s.join("eve")
	eve.say("TOPIC = JOIN #trap 1")
	eve.say("= ADD mallory")
	eve.say("SEND 1 = NICK mallory")
	eve.say("x")
	eve.say("PING over")
	eve.until("PONG over")
	ana := newScreen(t, 110, 50)
	ana.line(loopchat + " --name ana --room '#go' " + s.address())
	ana.see("· ana ·", "[2:#go]")
	for _, command := range []string{"/help more", "/help", "/files"} {
		ana.line(command)
	}
	ana.see("is answered with PONG token", "from eve")
	ana.keys("M-1")
	for _, command := range []string{"/topic", "/recent", "/ping = ADD mallory"} {
		ana.line(command)
	}
	ana.see("recent message", "PONG = ADD mallory", "[eve] = ADD mallory", "[1:#lobby] 2:#go", "· ana ·")
	if text := ana.text(); strings.Contains(text, " 3:#") || strings.Contains(text, "You are mallory") {
		t.Errorf("the window believes what it was only shown:\n%s", text)
	}
	s.kill()
	ana.see("Server is down, join later once it is up! (loopchat does so by itself; ")
	s.restart()
	ana.see("Connected again.")
	ana.miss("server is down")
	bob := s.join("bob")
	var last string
	waitFor(t, "ana in #lobby and #go", func() string { return last }, func() bool {
		bob.say("WHO ana")
		last = bob.answer()
		_, rooms, _ := strings.Cut(last, " rooms ")
		return rooms == "#go,#lobby" || rooms == "#lobby,#go"
	})
}

// TestWindowFilesWithoutSums: a list of files is for people.
func TestWindowFilesWithoutSums(t *testing.T) {
	need(t, "tmux")
	t.Parallel()
	s := startServer(t, "--files", filepath.Join(t.TempDir(), "kept"))
	eve := s.join("eve")
	eve.say("SEND 1536 my notes.txt")
	eve.say(strings.Repeat("x", 1535))
	eve.say("PING over")
	eve.until("PONG over")
	ana := chatAs(t, "ana", s.address())
	ana.line("/files")
	ana.see(`1.5 KiB  "my notes.txt"  from eve`)
	if text := ana.text(); strings.Contains(text, "STORED") {
		t.Errorf("the list is that of the protocol:\n%s", text)
	}
}

// TestWindowIsCalled: the bell rings, and the name has a color.
func TestWindowIsCalled(t *testing.T) {
	need(t, "tmux")
	t.Parallel()
	s := startServer(t)
	bob := s.join("bob")
	ana := chatAs(t, "ana", s.address())
	ana.tmux("set-option", "-g", "monitor-bell", "on")
	bell := func() string { return strings.TrimSpace(ana.tmux("display-message", "-p", "#{window_bell_flag}")) }
	bob.say("bananas for all")
	ana.see("[bob] bananas for all")
	if got := bell(); got != "0" {
		t.Errorf("the flag of the bell = %q before ana was called, want 0", got)
	}
	bob.say("hello, Ana!")
	waitFor(t, "the bell", bell, func() bool { return bell() == "1" })
	ana.see("[bob] hello, Ana!")
	if got := ana.tmux("capture-pane", "-p", "-e"); !strings.Contains(got, "mAna\x1b") {
		t.Errorf("ana's name has no color of its own:\n%q", got)
	}
}

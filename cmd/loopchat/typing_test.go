//go:build linux

package main

import (
	"fmt"
	"strings"
	"testing"
)

func TestWindowCompletes(t *testing.T) {
	need(t, "tmux")
	t.Parallel()
	s := startServer(t)
	s.join("bertha")
	s.join("bob")
	ana := chat(t, 100, 20, s.address())
	ana.see("│ bertha", "│ bob")
	ana.typed("b")
	for _, want := range []string{"> bertha: ", "> bob: ", "> bertha: "} {
		ana.keys("Tab")
		ana.see("\n" + strings.TrimRight(want, " "))
	}
	ana.keys("C-u")
	ana.typed("/wh")
	ana.keys("Tab")
	ana.typed("bo")
	ana.keys("Tab", "Enter")
	ana.see("WHO bob since")
	ana.typed("/part #lo")
	ana.keys("Tab")
	ana.see("\n> /part #lobby")
}

func TestWindowEdits(t *testing.T) {
	need(t, "tmux")
	t.Parallel()
	s := startServer(t)
	bob := s.join("bob")
	ana := chat(t, 100, 20, "--name", "ana", s.address())
	ana.typed("two three")
	ana.keys("C-a")
	ana.typed("one ")
	ana.keys("C-e")
	ana.typed(" four five")
	ana.keys("C-w", "BSpace", "Enter")
	bob.until("[ana] one two three four")
	ana.typed("a 👩‍👩‍👧x")
	ana.keys("Left", "BSpace", "Enter")
	bob.until("[ana] a x")
	ana.typed("draft")
	ana.keys("Up", "Up", "Enter")
	bob.until("[ana] one two three four")
	ana.typed("cut this")
	ana.keys("Home", "C-k", "Up", "Up", "Down", "Down")
	ana.typed("fresh")
	ana.keys("Enter")
	bob.until("[ana] fresh")
}

func TestWindowPaste(t *testing.T) {
	need(t, "tmux")
	t.Parallel()
	s := startServer(t)
	bob := s.join("bob")
	ana := chat(t, 100, 20, "--name", "ana", s.address())
	var lines []string
	for i := range 80 {
		lines = append(lines, fmt.Sprintf("/quit LIST %d", i))
	}
	ana.tmux("set-buffer", strings.Join(lines, "\n")+"\n")
	ana.tmux("paste-buffer", "-p")
	ana.see("Say 80 lines")
	ana.keys("Escape")
	ana.miss("Say 80 lines")
	ana.tmux("paste-buffer", "-p")
	ana.see("Say 80 lines")
	ana.keys("Enter")
	for _, line := range lines {
		bob.until("[ana] " + line)
	}
	ana.tmux("set-buffer", "just one\n")
	ana.tmux("paste-buffer", "-p")
	ana.see("\n> just one")
	ana.keys("Enter")
	bob.until("[ana] just one")
	if text := ana.text(); strings.Contains(text, "! flood") {
		t.Errorf("the server complained of a paste:\n%s", text)
	}
}

// TestWindowKeepsPasswords: what looks like a password is neither said, typed or pasted, nor shown again.
func TestWindowKeepsPasswords(t *testing.T) {
	need(t, "tmux")
	t.Parallel()
	s := startServer(t)
	bob := s.join("bob")
	ana := chatAs(t, "ana", s.address())
	ana.line("hello")
	bob.until("[ana] hello")
	ana.line("oper ann hunter22secret")
	ana.see("! looks-like-a-password")
	ana.keys("Up")
	ana.see("\n> hello")
	ana.keys("C-u")
	ana.tmux("set-buffer", "one\npass hunter22secret\ntwo\n")
	ana.tmux("paste-buffer", "-p")
	ana.see("Say 3 lines")
	ana.keys("Enter")
	if before := bob.until("[ana] two"); strings.Join(before, "\n") != "[ana] one" {
		t.Errorf("bob heard %q before the last line, want [ana] one", before)
	}
	if text := ana.text(); strings.Contains(text, "hunter22") {
		t.Errorf("the password is on the screen:\n%s", text)
	}
}

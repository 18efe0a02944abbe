//go:build linux

package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestWindowConversation: what is written with one user has a pane of its own with what was written before, and goes to that user alone.
func TestWindowConversation(t *testing.T) {
	need(t, "tmux")
	t.Parallel()
	a := startArchive(t, 300)
	s := archived(t, a, 30)
	s.line("/query bob")
	s.see("[3:bob]", "bob (private)", "[You] letter 300", "Only you and bob read this")
	a.hear("/history bob 50")
	s.line("hello, bob")
	a.hear("TEXT TO bob hello, bob")
	s.see("[You] hello, bob")
	s.line("/me waves")
	s.see("That is for rooms")
	s.keys("M-1")
	s.see("[1:#lobby]")
	a.say("@1-9001 *bob* psst\n@1-9002 *eve* from eve\n@1-9003 > you told bob: by phone\n")
	s.see("3:bob(1)", "[eve → You] from eve")
	s.keys("M-3")
	s.see("[bob] psst", "[You] by phone")
	a.hear("/read bob 1-9003")
	s.press("PPage", "letter 240")
	a.hear("/history bob before 1-251 100")
	a.say("> bob is now called rob\n")
	s.see("[3:rob]")
	s.keys("Escape")
	s.miss("more below")
	s.line("hello, rob")
	a.hear("TEXT TO rob hello, rob")
	s.line("/part")
	s.see("1:#lobby [2:#go]")
	s.line("/history bob")
	s.see("[3:bob]", "letter 300")
}

// TestWindowExportsAndForgets: a file that is there is asked about, and what can't be taken back isn't done by Enter.
func TestWindowExportsAndForgets(t *testing.T) {
	need(t, "tmux")
	t.Parallel()
	a := startArchive(t, 1200)
	s := archived(t, a, 20)
	path := filepath.Join(t.TempDir(), "mine.jsonl")
	s.line("/export " + path)
	s.see("(1200 messages)")
	if text, err := os.ReadFile(path); err != nil || strings.Count(string(text), "\n") != 1200 {
		t.Errorf("the file has %d lines, %v; want 1200", strings.Count(string(text), "\n"), err)
	}
	s.line("/export " + path)
	s.see("is there already. Replace it?")
	s.keys("n")
	s.miss("Replace it?")
	s.line("/forget me")
	s.see("for ever? y: yes")
	s.keys("Enter")
	s.keys("n")
	s.miss("y: yes")
	s.line("/room clear")
	s.see("Forget all that was ever said in #go")
	s.keys("Enter", "y")
	a.hear("/room #go clear")
	if got := strings.Join(a.before, "\n"); strings.Contains(got, "/forget") {
		t.Errorf("the client has said what nobody has agreed to:\n%s", got)
	}
	s.line("/forget me")
	s.see("y: yes")
	s.keys("y")
	a.hear("/forget me")
	s.see("What you have said (12 messages) and the account ana are gone for ever.")
}

//go:build linux

package main

import (
	"testing"
)

func TestWindowRooms(t *testing.T) {
	need(t, "tmux")
	t.Parallel()
	s := startServer(t)
	ana := chatAs(t, "ana", "--room", "'#go'", s.address())
	bob := s.join("bob")
	bob.say("TEXT TO #lobby zero")
	ana.see("[2:#go]", "1:#lobby(1)")
	ana.keys("M-1")
	ana.see("[1:#lobby]", "[bob] zero")
	ana.miss("(1)")
	bob.say("JOIN #go")
	bob.say("TOPIC all about Go")
	bob.say("one")
	bob.say("two")
	ana.see("2:#go(2)")
	ana.keys("C-n")
	ana.see("[2:#go]", "bob set the topic: all about Go", "[bob] two", "│ bob")
}

func TestWindowRoomsSpeak(t *testing.T) {
	need(t, "tmux")
	t.Parallel()
	s := startServer(t)
	bob := s.join("bob")
	bob.say("JOIN #go")
	ana := chat(t, 100, 20, "--name", "ana", s.address())
	ana.line("/join #go")
	ana.see("[2:#go]", "You are in #go", "│ bob")
	ana.line("in go")
	bob.until("[ana] in go")
	ana.keys("C-p")
	ana.see("[1:#lobby]")
	ana.line("in the lobby")
	bob.until("#lobby [ana] in the lobby")
	ana.line("/me waves there")
	bob.until("#lobby * ana waves there")
	ana.keys("M-2")
	ana.line("/me waves here")
	bob.until("* ana waves here")
	ana.line("/list")
	ana.see("2 users: ana bob")
	ana.line("/part")
	bob.until("< The user ana left (1 user online)")
	ana.see("You have left #go.")
	ana.line("back in the lobby")
	bob.until("#lobby [ana] back in the lobby")
}

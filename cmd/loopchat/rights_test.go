//go:build linux

package main

import "testing"

// TestWindowRoomRights: the rights of a room are set and shown in the room in sight, and its key is asked for.
func TestWindowRoomRights(t *testing.T) {
	need(t, "tmux")
	t.Parallel()
	s := startServer(t, "--state", t.TempDir())
	s.register("ana")
	ana, _ := device(t, s, "--room", "go")
	ana.see("[2:#go]")
	bob := chatAs(t, "bob", s.address())
	ana.keys("M-1")
	ana.line("/room")
	ana.see("Nobody has rights of their own in #lobby.")
	ana.keys("M-2")
	ana.line("/room key open sesame")
	ana.see("#go: KEY")
	ana.line("/room lock")
	ana.see("#go: LOCK")
	bob.line("/join #go")
	bob.see("! room-locked")
	ana.line("/invite bob")
	ana.see("#go: INVITE bob")
	bob.see("ana invites you to #go; /join #go enters it.")
	ana.line("/room")
	ana.see("#go: 4 rights", "  founder ana by ana at 20", "  invite bob by ana at 20", "  key by ana at 20", "  locked by ana at 20")
	bob.line("/join #go")
	bob.see("[2:#go]")
	ana.line("/room kick bob not here")
	ana.see("bob left (1 user online)")
	bob.see("! put-out of #go by ana: not here", "#go (not in it)")
	ana.line("/room lock off")
	ana.see("#go: LOCK OFF")
	bob.line("/join #go")
	bob.see("Type the key of #go", "\n> /join #go")
	bob.typed("open sesame")
	bob.see("> /join #go ***********")
	bob.keys("Enter")
	bob.miss("(not in it)")
	bob.line("thanks")
	ana.see("[bob] thanks")
}

//go:build linux

package main_test

import (
	"net"
	"strings"
	"testing"
)

// TestGreeting: a door for people tells of HELP in its second line, and others have the lines that they always had.
func TestGreeting(t *testing.T) {
	s := startServer(t, "--listen", "line://127.0.0.1:0?greeting=yes", "--listen", "line://127.0.0.1:0", "--listen", "fixed://127.0.0.1:0?greeting=yes",
		"--listen", "line://127.0.0.1:0?greeting=no")
	bob := signedIn(t, s, 1, "bob")
	bob.say("said before")
	bob.fence()
	for n, second := range []string{"= HELP says what you can do", "= RECENT 1 #lobby", "= HELP says what you can do", "= RECENT 1 #lobby"} {
		c := dial(t, s, n, "ana")
		first, got := "", ""
		if n == 2 {
			first, got = text(c.bytes(512)), text(c.bytes(512))
		} else {
			first, got = c.next(), c.next()
		}
		if !strings.HasPrefix(first, "> Connected to the chat server (") || got != second {
			t.Errorf("door %d greets by %q and %q, want the second line %q", n, first, got, second)
		}
	}
}

// TestGreetingBehindThePassword: who has to say the server's password is greeted when it has.
func TestGreetingBehindThePassword(t *testing.T) {
	s := startServer(t, "--listen", "line://127.0.0.1:0?greeting=yes", "--password", serverHash)
	ana := dial(t, s, 0, "ana")
	ana.until("! need-password ")
	ana.say("PASS " + serverPassword)
	ana.expect("= PASS", "> Connected to the chat server (1 user online)", "= HELP says what you can do")
}

// TestGuestsMayBeLetReadOnly: and speak again after a reload.
func TestGuestsMayBeLetReadOnly(t *testing.T) {
	path := configFile(t, "guests = \"read\"\n")
	s := startServer(t, "--config", path, "--files", t.TempDir())
	bob, guest := signedIn(t, s, 0, "bob"), connect(t, s, 0, "guest")
	guest.say("hello")
	guest.expect("! need-name guests may only read here: ADD name")
	guest.write("SEND 5 notes.txt\nhello")
	guest.expect("! need-name guests may only read here: ADD name")
	bob.say("hello, guest")
	guest.expect("[bob] hello, guest")
	s.reload(t, path, "guests = \"speak\"\n", reread)
	guest.say("hello again")
	bob.until("[" + guest.input.(interface{ LocalAddr() net.Addr }).LocalAddr().String() + "] hello again")
}

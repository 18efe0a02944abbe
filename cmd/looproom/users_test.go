//go:build linux

package main_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// nobody is another user of this machine.
const nobody = 65534

// unixDoor is a door on a Unix socket that every user of the machine can reach, once it is opened.
func unixDoor(t *testing.T) (url string, open func()) {
	t.Helper()
	dir, err := os.MkdirTemp("", "looproom-door-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	path := filepath.Join(dir, "door")
	return "line+unix://" + path, func() {
		for name, mode := range map[string]os.FileMode{dir: 0o755, path: 0o777} {
			if err := os.Chmod(name, mode); err != nil {
				t.Fatal(err)
			}
		}
	}
}

// ofNobody has nobody talk with the n-th door by nc.
func ofNobody(t *testing.T, s *server, n int) *talker {
	t.Helper()
	if os.Getuid() != 0 {
		t.Skip("only root can be another user")
	}
	needOpenBSD(t)
	network, address := s.address(n)
	arguments := []string{"-U", address}
	if network == "tcp" {
		arguments = strings.Split(address, ":")
	}
	command := exec.Command("nc", arguments...)
	command.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: nobody, Gid: nobody}}
	return startTalking(t, "nc of nobody", command)
}

// TestUsersOfThisMachineHaveTheirOwnTries: nobody has tried too many passwords, by a Unix socket and by TCP, and the operator still comes in.
func TestUsersOfThisMachineHaveTheirOwnTries(t *testing.T) {
	url, open := unixDoor(t)
	s := guarded(t, t.TempDir(), "--listen", url, "--listen", "line://127.0.0.1:0")
	open()
	for n := range 2 {
		guessUntilRefused(t, greeted(ofNobody(t, s, n)), 20)
	}
	for n := range 2 {
		op := connect(t, s, n, "operator")
		op.say("OPER ann " + operPassword)
		op.expect("= OPER ann")
	}
}

// guessUntilRefused tries wrong passwords until the client hears that it has tried too many.
func guessUntilRefused(t *testing.T, guesser *talker, most int) {
	t.Helper()
	for range most {
		guesser.say("OPER ann guess-1234")
		if strings.HasPrefix(guesser.next(), "! too-many-attempts ") {
			return
		}
	}
	t.Fatalf("%s has tried %d passwords, want fewer", guesser.name, most)
}

// TestBanOfAUser: who comes by a Unix socket can be banned, too, and stays so.
func TestBanOfAUser(t *testing.T) {
	url, open := unixDoor(t)
	state := t.TempDir()
	s := guarded(t, state, "--listen", url)
	open()
	op := connect(t, s, 0, "root")
	bad := greeted(ofNobody(t, s, 0))
	bad.say("ADD bad")
	bad.until("= ADD bad")
	for _, line := range []string{"ADD root", "OPER ann " + operPassword, "WHO bad", "BAN unix:0 1h", "SHUN unix:65534 1h", "BAN unix:65534 1h spam", "BANS"} {
		op.say(line)
	}
	op.until("= OPER ann")
	if who := op.next(); !strings.HasSuffix(who, " address unix:65534") {
		t.Errorf("WHO = %q, want the user at its end", who)
	}
	op.expect("! bad-argument unix:0 is your own address, too")
	op.until("= SHUN unix:65534 until ")
	op.until("= BAN unix:65534 until ")
	bad.until("! banned ")
	bad.expectEnd()
	op.until("= BANS 2")
	expectBanned(ofNobody(t, s, 0))
	s.stop()

	s = guarded(t, state, "--listen", url)
	open()
	expectBanned(ofNobody(t, s, 0))
	op = connect(t, s, 0, "root")
	for _, line := range []string{"OPER ann " + operPassword, "UNBAN unix:65534"} {
		op.say(line)
	}
	op.until("= UNBAN unix:65534")
	greeted(ofNobody(t, s, 0))
}

// expectBanned takes the refusal of someone who is not let in: nothing comes before or behind it.
func expectBanned(c *talker) {
	c.t.Helper()
	if _, before := c.until("! banned "); len(before) > 0 {
		c.t.Errorf("%s: before the refusal came %q, want nothing", c.name, before)
	}
	c.expectEnd()
}

// TestBanOfIPv6: an address stands for its /64, all of which its owner has.
func TestBanOfIPv6(t *testing.T) {
	s := guarded(t, t.TempDir(), "--listen", "line://127.0.0.1:0", "--listen", proxied)
	op := oper(t, s)
	near, far := proxiedGuest(t, s, 1, proxyLine("[2001:db8::8]:1")), proxiedGuest(t, s, 1, proxyLine("[2001:db8:0:1::8]:1"))
	op.say("BAN 2001:db8::7 1h spam")
	op.until("= BAN 2001:db8::/64 until ")
	near.until("! banned ")
	near.expectEnd()
	far.fence()
	for client, banned := range map[string]bool{"[2001:db8::7]:2": true, "[2001:db8::ffff:ffff:ffff:ffff]:2": true, "[2001:db8:0:1::7]:2": false} {
		c := dial(t, s, 1, client)
		c.write(proxyLine(client))
		if got := c.next(); strings.HasPrefix(got, "! banned ") != banned {
			t.Errorf("%s hears %q, want ! banned: %v", client, got, banned)
		}
	}
	op.say("UNBAN 2001:db8::1234")
	op.until("= UNBAN 2001:db8::/64")
	op.say("BAN 2001:db8::7/128 1h")
	op.until("= BAN 2001:db8::7/128 until ")
	proxiedGuest(t, s, 1, proxyLine("[2001:db8::8]:3"))
}

// TestNetworksOfIPv6: all /64 of a /56 or a /48 together have no more than a few shares.
func TestNetworksOfIPv6(t *testing.T) {
	s := guarded(t, t.TempDir(), "--listen", proxied, "--max-per-address", "2")
	for want, format := range map[int]string{2: "[2001:db8:1::%x]:1", 8: "[2001:db8:2:%x::1]:1", 32: "[2001:db8:3:%x00::1]:1"} {
		let, refusal := 0, fmt.Sprintf("! too-many-connections your network has %d connections, and that is the limit", want)
		if want == 2 {
			refusal = "! too-many-connections your address has 2 connections, and that is the limit"
		}
		for n := range 40 {
			c := dial(t, s, 0, fmt.Sprintf(format, n))
			c.write(proxyLine(fmt.Sprintf(format, n)))
			switch got := c.next(); {
			case strings.HasPrefix(got, "> Connected "):
				let++
			case got != refusal:
				t.Errorf("%s hears %q, want %q", c.name, got, refusal)
			}
		}
		if let != want {
			t.Errorf("%s: %d clients are let in, want %d", format, let, want)
		}
	}
}

// TestGuessesOfOneNetwork: 60 /64 of one /48 have no 60 times as many tries.
func TestGuessesOfOneNetwork(t *testing.T) {
	s := guarded(t, t.TempDir(), "--listen", proxied)
	began := time.Now()
	guess := func(address string) *talker {
		c := proxiedGuest(t, s, 0, proxyLine(address))
		c.write(strings.Repeat("LOGIN nobody guess-1234\n", 6))
		return c
	}
	var guessers []*talker
	for n := range 60 {
		guessers = append(guessers, guess(fmt.Sprintf("[2001:db8:1:%x00::1]:1", n)))
	}
	tried := 0
	for _, c := range guessers {
		for range 6 {
			if got := c.next(); strings.HasPrefix(got, "! wrong-password ") {
				tried++
			}
		}
	}
	// 16 times as many as one address may: 96 at once, and 1.6 a second.
	if most := 96 + int(1.6*time.Since(began).Seconds()) + 1; tried > most {
		t.Errorf("%d passwords were tried from one /48, want at most %d", tried, most)
	}
}

// TestBanOnAnEchoDoor: who is banned has no connection there any more, and gets none.
func TestBanOnAnEchoDoor(t *testing.T) {
	for _, loops := range []string{"1", "2"} {
		t.Run("loops="+loops, func(t *testing.T) {
			t.Parallel()
			s := guarded(t, t.TempDir(), "--loops", loops, "--listen", "line://127.0.0.1:0", "--listen", "echo://127.0.0.1:0")
			op, bad, good := oper(t, s), dialAs(t, s, 1, "127.0.0.2", "bad"), dialAs(t, s, 1, "127.0.0.3", "good")
			for _, c := range []*talker{bad, good} {
				c.say("hello")
				c.expect("hello")
			}
			op.say("BAN 127.0.0.2 1h")
			op.until("= BAN 127.0.0.2 until ")
			bad.expectEnd()
			s.awaitLog(`"client":"127.0.0.2:`, `"reason":"banned"`)
			dialAs(t, s, 1, "127.0.0.2", "bad again").until("! banned until ")
			good.say("still here")
			good.expect("still here")
		})
	}
}

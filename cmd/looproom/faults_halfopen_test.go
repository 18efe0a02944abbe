//go:build linux

package main_test

import (
	"net"
	"os/exec"
	"runtime"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// aloneOnNetwork moves the test's goroutine, and whatever it starts, into a network of their own, where nothing but the loopback is. Its
// thread ends with it.
func aloneOnNetwork(t *testing.T) {
	t.Helper()
	runtime.LockOSThread() // and never unlocked: the thread must not go on elsewhere
	if err := unix.Unshare(unix.CLONE_NEWNET); err != nil {
		t.Skipf("no network of one's own without the right to make one: %v", err)
	}
	need(t, "ip")
	ip(t, "link", "set", "lo", "up")
}

func ip(t *testing.T, arguments ...string) {
	t.Helper()
	if out, err := exec.Command("ip", arguments...).CombinedOutput(); err != nil {
		t.Fatalf("ip %s: %v\n%s", strings.Join(arguments, " "), err, out)
	}
}

// dialFrom connects from an address.
func dialFrom(t *testing.T, s *server, name, from string) *talker {
	t.Helper()
	_, address := s.address(0)
	dialer := net.Dialer{LocalAddr: &net.TCPAddr{IP: net.ParseIP(from)}}
	conn, err := dialer.Dial("tcp4", address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	return greeted(newTalker(t, name, conn, conn))
}

// TestHalfOpen: two clients' machines fall off the network, so that neither a FIN nor a RST comes of them, one in a quiet room and one that
// is being talked to. Both are found out in the time that --ping-every and --ping-timeout give.
func TestHalfOpen(t *testing.T) {
	for _, row := range []struct {
		name  string
		talks bool
	}{{"quiet", false}, {"talked to", true}} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			aloneOnNetwork(t)
			s := startServer(t, "--ping-every", "1s", "--ping-timeout", "2s")
			lost := dialFrom(t, s, "lost", "127.0.0.2")
			lost.say("ADD lost")
			lost.until("= ADD lost")
			ana, bob := signedIn(t, s, 0, "ana"), signedIn(t, s, 0, "bob")
			bob.fence()
			ip(t, "route", "add", "blackhole", "127.0.0.2", "table", "local")
			began := time.Now()
			if row.talks {
				ana.say("are you there?")
			}
			bob.until("< The user lost left")
			t.Logf("found out after %v", time.Since(began).Round(time.Millisecond))
			ana.fence()
		})
	}
}

// TestSilentGuests: with --sign-in-timeout, who never says anything goes, and so does who sends a byte now and then.
func TestSilentGuests(t *testing.T) {
	s := startServer(t, "--sign-in-timeout", "1s")
	ana := dial(t, s, 0, "ana")
	ana.until("> Connected ")
	ana.say("ADD ana")
	ana.fence()
	descriptors := s.descriptors()
	silent, slow := dial(t, s, 0, "silent"), dial(t, s, 0, "slow")
	go slow.drip()
	for _, c := range []*talker{silent, slow} {
		began := time.Now()
		c.until("! sign-in-timeout ")
		c.expectEnd()
		t.Logf("%s: gone after %v", c.name, time.Since(began).Round(time.Millisecond))
	}
	s.expectDescriptors(t, descriptors)
	ana.fence()
}

// drip sends a byte now and then, until the connection ends.
func (c *talker) drip() {
	pace := time.NewTicker(100 * time.Millisecond)
	defer pace.Stop()
	for range pace.C {
		if _, err := c.input.Write([]byte("x")); err != nil {
			return
		}
	}
}

//go:build linux

package main_test

import (
	"bufio"
	"fmt"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// visitor is someone who has knocked: said is the first line that came, empty if the connection ended without one.
type visitor struct {
	conn net.Conn
	said string
	err  error
}

func (v visitor) served() bool { return strings.HasPrefix(v.said, "> Connected ") }

// knock lets n clients connect at once and returns each with what it was told first. Who hears nothing for so long waits.
func knock(s *server, n int, longest time.Duration) []visitor {
	network, address := s.address(0)
	visitors := make([]visitor, n)
	var all sync.WaitGroup
	for i := range visitors {
		all.Go(func() { visitors[i] = knockOnce(network, address, longest) })
	}
	all.Wait()
	return visitors
}

func knockOnce(network, address string, longest time.Duration) visitor {
	conn, err := net.DialTimeout(network, address, patience)
	if err != nil {
		return visitor{err: err}
	}
	_ = conn.SetReadDeadline(time.Now().Add(longest))
	line, err := bufio.NewReaderSize(conn, 256).ReadString('\n')
	return visitor{conn: conn, said: line, err: err}
}

func count(visitors []visitor, is func(visitor) bool) (n int) {
	for _, v := range visitors {
		if is(v) {
			n++
		}
	}
	return n
}

func closeAll(visitors []visitor) {
	for _, v := range visitors {
		if v.conn != nil {
			v.conn.Close()
		}
	}
}

// TestDescriptorsRunOut: with 300 descriptors and 1,000 who knock, some 270 are served; each of the others gets a line or a close.
// When some leave, others come in.
func TestDescriptorsRunOut(t *testing.T) {
	s := startCommand(t, withDescriptors(300, append(limitsOff(), "--listen", "line://127.0.0.1:0")...), 1)
	bob := connect(t, s, 0, "bob")
	visitors := knock(s, 1000, patience)
	defer closeAll(visitors)
	served := count(visitors, visitor.served)
	refused := count(visitors, func(v visitor) bool { return strings.HasPrefix(v.said, "! ") })
	waiting := count(visitors, func(v visitor) bool { return isTimeout(v.err) })
	t.Logf("of 1,000 clients %d were served, %d refused with a line, %d closed; the server has %d descriptors",
		served, refused, 1000-served-refused-waiting, s.descriptors())
	if served < 220 || served > 290 || waiting > 0 {
		t.Fatalf("%d of 1,000 clients were served and %d wait; want some 270 and none", served, waiting)
	}
	bob.fence()
	leave(visitors, 100)
	again := knockUntil(t, s, 100)
	closeAll(again)
	bob.fence()
}

// leave closes the connections of n visitors who were served.
func leave(visitors []visitor, n int) {
	for _, v := range visitors {
		if v.served() && n > 0 {
			v.conn.Close()
			n--
		}
	}
}

// knockUntil knocks one by one until n have come in.
func knockUntil(t *testing.T, s *server, n int) (served []visitor) {
	t.Helper()
	network, address := s.address(0)
	waitFor(t, "others to be served", func() bool {
		v := knockOnce(network, address, patience)
		if !v.served() {
			closeAll([]visitor{v})
			return false
		}
		served = append(served, v)
		return len(served) >= n
	})
	return served
}

func isTimeout(err error) bool {
	timeout, ok := err.(net.Error)
	return ok && timeout.Timeout()
}

// TestDescriptorsTakenAway: the limit falls while the server runs, so that accept itself fails. Those who are in stay, and who waited comes in
// when others leave.
func TestDescriptorsTakenAway(t *testing.T) {
	s := startServer(t)
	bob := connect(t, s, 0, "bob")
	limit := unix.Rlimit{Cur: 100, Max: 20_000}
	if err := unix.Prlimit(s.command.Process.Pid, unix.RLIMIT_NOFILE, &limit, nil); err != nil {
		t.Skipf("prlimit: %v", err)
	}
	visitors := knock(s, 200, time.Second)
	defer closeAll(visitors)
	served := count(visitors, visitor.served)
	t.Logf("of 200 clients %d were served under a limit of %d descriptors", served, limit.Cur)
	if served == 0 || served >= int(limit.Cur) {
		t.Errorf("%d clients were served, want some and fewer than %d", served, limit.Cur)
	}
	s.awaitLog("too many open files")
	bob.fence()
	closeAll(visitors)
	closeAll(knockUntil(t, s, 50))
	bob.fence()
}

// TestAcceptFails: not one descriptor is left for a while. That is counted and logged, and who waited at the door comes in afterwards.
func TestAcceptFails(t *testing.T) {
	s := startServer(t, "--admin", "127.0.0.1:0")
	bob, admin := connect(t, s, 0, "bob"), adminOf(t, s)
	var usual unix.Rlimit
	if err := unix.Prlimit(s.command.Process.Pid, unix.RLIMIT_NOFILE, &unix.Rlimit{Cur: 3, Max: 20_000}, &usual); err != nil {
		t.Skipf("prlimit: %v", err)
	}
	late := dial(t, s, 0, "late")
	s.awaitLog("accept failed", "too many open files")
	bob.fence()
	usual.Max = 20_000
	usual.Cur = min(usual.Cur, usual.Max)
	if err := unix.Prlimit(s.command.Process.Pid, unix.RLIMIT_NOFILE, &usual, nil); err != nil {
		t.Fatal(err)
	}
	greeted(late)
	if n := scrape(t, admin).sum("looproom_accept_errors_total"); n < 1 {
		t.Errorf("looproom_accept_errors_total = %v, want at least 1", n)
	}
}

// TestRefusedOneAfterTheOther: with 300 descriptors four clients who are refused may linger, so that what they have sent doesn't turn the end into a reset. Each place
// is free again when one of them has gone.
func TestRefusedOneAfterTheOther(t *testing.T) {
	s := startCommand(t, withDescriptors(300, append(limitsOff(), "--max-clients", "1", "--listen", "line://127.0.0.1:0")...), 1)
	connect(t, s, 0, "bob")
	for n := range 20 {
		c := dial(t, s, 0, fmt.Sprint("refused ", n))
		c.say("hello")
		c.until("! server-full ")
		c.say("hello?")
		c.expectEnd()
		c.input.Close()
	}
}

//go:build linux

package main_test

import (
	"bufio"
	"fmt"
	"net"
	"os"
	"os/exec"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

// crowdAddress and crowdSize are the environment of a test binary that is to be a crowd of clients and no test.
const (
	crowdAddress = "LOOPROOM_TEST_CROWD"
	crowdSize    = "LOOPROOM_TEST_CROWD_SIZE"
)

// beCrowd connects and signs in as many clients as the environment says, prints a line when all of them are in, and stays until it is
// killed.
func beCrowd(address string) int {
	size, err := strconv.Atoi(os.Getenv(crowdSize))
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	work, failures := make(chan int), make(chan error, size)
	var all sync.WaitGroup
	for range 64 {
		all.Go(func() {
			for n := range work {
				if err := join(address, n); err != nil {
					failures <- err
				}
			}
		})
	}
	for n := range size {
		work <- n
	}
	close(work)
	all.Wait()
	if len(failures) > 0 {
		fmt.Fprintln(os.Stderr, <-failures)
		return 1
	}
	fmt.Println("all are in")
	select {}
}

// crowdConns keeps the connections of the crowd from being collected, which would close them.
var crowdConns sync.Map

// join signs one client in. Each thousand of them has an address of its own.
func join(address string, n int) error {
	dialer := net.Dialer{Timeout: patience, LocalAddr: &net.TCPAddr{IP: net.IPv4(127, 0, 1, byte(1+n/1000))}}
	conn, err := dialer.Dial("tcp", address)
	if err != nil {
		return err
	}
	crowdConns.Store(n, conn)
	if err := conn.SetDeadline(time.Now().Add(2 * patience)); err != nil {
		return err
	}
	name := fmt.Sprintf("crowd%d", n)
	if _, err := fmt.Fprintf(conn, "ADD %s\n", name); err != nil {
		return err
	}
	for lines := bufio.NewReaderSize(conn, 512); ; {
		line, err := lines.ReadString('\n')
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		if line == "= ADD "+name+"\n" {
			return nil
		}
	}
}

// startCrowd starts a process of n clients and returns when all of them have signed in.
func startCrowd(t *testing.T, s *server, n int) *exec.Cmd {
	t.Helper()
	_, address := s.address(0)
	crowd := exec.Command(os.Args[0])
	crowd.Env = append(os.Environ(), crowdAddress+"="+address, crowdSize+"="+strconv.Itoa(n))
	crowd.Stderr = os.Stderr
	out, err := crowd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := crowd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = crowd.Process.Kill(); _ = crowd.Wait() })
	if line, err := bufio.NewReader(out).ReadString('\n'); err != nil {
		t.Fatalf("the crowd of %d did not come in: %q, %v", n, line, err)
	}
	return crowd
}

// TestCrowdVanishes: the process of 2,000 clients is killed.
func TestCrowdVanishes(t *testing.T) { vanish(t, 2000) }

// vanish kills a process of n clients. The others are told by digest, go on talking meanwhile, and the memory comes back.
func vanish(t *testing.T, n int) {
	s := startServer(t)
	bob, pinger := signedIn(t, s, 0, "bob"), connect(t, s, 0, "pinger")
	bob.fence()
	descriptors, before := s.descriptors(), s.memory("RssAnon")
	crowd := startCrowd(t, s, n)
	bob.fence()
	full := s.memory("RssAnon")

	stop, trips := make(chan struct{}), make(chan spread, 1)
	go func() { trips <- measureTrips(pinger, stop) }()
	killed := time.Now()
	if err := crowd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	digests, single := bob.leavers(n)
	told := time.Since(killed)
	s.expectDescriptors(t, descriptors)
	close(stop)
	stall := (<-trips).most
	if digests == 0 || single > announceMax {
		t.Errorf("bob was told by %d digests and of %d one by one; want at least one digest, and at most %d one by one", digests, single, announceMax)
	}
	bob.say("ROOMS")
	bob.until("= ROOM #lobby 2")
	if stall > 5*time.Second {
		t.Errorf("the longest answer to a PING took %v, want at most 5s", stall)
	}
	limit := before + 4<<20 + int64(n)*300 // tables by slot and spare memory stay
	if underRace {
		limit *= 4
	}
	waitFor(t, fmt.Sprintf("the memory to go from %d KiB back to %d KiB (before: %d KiB, now: %d KiB)", full>>10, limit>>10, before>>10, s.memory("RssAnon")>>10), func() bool { return s.memory("RssAnon") <= limit })
	t.Logf("%d clients gone: told after %v, longest PING %v; memory before %d KiB, with them %d KiB, %v after their end %d KiB",
		n, told.Round(time.Millisecond), stall.Round(time.Microsecond), before>>10, full>>10, time.Since(killed).Round(time.Millisecond), s.memory("RssAnon")>>10)
}

// announceMax is the default of --announce-max: in larger rooms coming and going is told by digest.
const announceMax = 200

var leftInDigest = regexp.MustCompile(`^> .*?([0-9,]+) left`)

// leavers takes lines until n users of the lobby have left, and returns how many digests told of it and how many were told one by one.
func (c *talker) leavers(n int) (digests, single int) {
	c.t.Helper()
	for left := 0; left < n; {
		line := c.next()
		gone := leftBy(line)
		left += gone
		switch {
		case strings.HasPrefix(line, "< "):
			single++
		case gone > 0:
			digests++
		}
	}
	return digests, single
}

// leftBy returns how many users have left by what a line says: a notice of one, or a digest.
func leftBy(line string) int {
	if strings.HasPrefix(line, "< The user ") {
		return 1
	}
	match := leftInDigest.FindStringSubmatch(line)
	if match == nil {
		return 0
	}
	n, _ := strconv.Atoi(strings.ReplaceAll(match[1], ",", "")) // it matches digits alone
	return n
}

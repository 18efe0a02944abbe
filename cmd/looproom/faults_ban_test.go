//go:build linux

package main_test

import (
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"
)

// TestCrowdIsBanned: an operator bans the addresses of 2,000 in one room.
func TestCrowdIsBanned(t *testing.T) {
	for _, loops := range []string{"1", "2"} {
		t.Run(loops+" loops", func(t *testing.T) { banCrowd(t, loops, 2000) })
	}
}

var removedInDigest = regexp.MustCompile(`^> .*?([0-9,]+) removed \(`)

// banCrowd has n of one room banned at once. The others are told by digest, one by one only once the room is small, and go on talking meanwhile.
func banCrowd(t *testing.T, loops string, n int) {
	s := guarded(t, t.TempDir(), "--loops", loops)
	bob, op, pinger := signedIn(t, s, 0, "bob"), oper(t, s), connect(t, s, 0, "pinger")
	for _, c := range []*talker{op, pinger} {
		c.say("JOIN #elsewhere")
		c.say("PART #lobby")
		c.fence()
	}
	startCrowd(t, s, n)
	bob.fence()
	stop, trips := make(chan struct{}), make(chan spread, 1)
	go func() { trips <- measureTrips(pinger, stop) }()
	began := time.Now()
	op.say("BAN 127.0.1.0/24 forever")
	op.until("= BAN 127.0.1.0/24 until forever by ann")
	digests, single := 0, 0
	for removed := 0; removed < n; {
		line := bob.next()
		match := removedInDigest.FindStringSubmatch(line)
		switch {
		case strings.HasPrefix(line, "> ") && strings.HasSuffix(line, " was removed by an operator"):
			single++
			removed++
		case match != nil:
			digests++
			some, err := strconv.Atoi(strings.ReplaceAll(match[1], ",", ""))
			if err != nil {
				t.Fatal(err)
			}
			removed += some
		}
	}
	told := time.Since(began)
	close(stop)
	trip := <-trips
	if digests == 0 || single > announceMax {
		t.Errorf("bob was told of removals by %d digests and %d times one by one; want at least one digest, and at most %d one by one", digests, single, announceMax)
	}
	bob.say("ROOMS")
	bob.until("= ROOM #lobby 1")
	t.Logf("%d banned: told after %v, PING of a bystander %v", n, told.Round(time.Millisecond), trip)
}

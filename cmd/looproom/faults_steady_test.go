//go:build linux

package main_test

import (
	"strings"
	"testing"
	"time"
)

// TestSteadySlowReader: who reads slowly but all the time is not one who takes nothing, though the kernel is silent for longer than the grace; who
// then reads no more is dropped.
func TestSteadySlowReader(t *testing.T) {
	s := startServer(t, "--sendq", "64KiB", "--sendq-grace", "1s", "--recent", "0", "--log-format", "json")
	slow := slowReader(t, s, "slow")
	said := speak(t, s, 700) // 560 KB, of which the sockets hold half
	pace := time.NewTicker(50 * time.Millisecond)
	defer pace.Stop()
	slow.until("[ana] ")
	for n := 1; n < 700; n++ {
		if n%5 == 0 {
			<-pace.C // 80 KB a second: the kernel says that there is room every second or two
		}
		slow.expect("[ana] " + said)
	}
	if strings.Contains(s.log.String(), "reads too slowly") {
		t.Error("who reads all the time is dropped as one who takes nothing")
	}
	bob := signedIn(t, s, 0, "bob")
	bob.write(strings.Repeat(said+"\n", 2000))
	s.awaitLog(`"reason":"reads too slowly"`)
	bob.fence()
}

//go:build linux

package main_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"
)

// TestClientsThatDoNotRead: clients that never read, and some that read a byte now and then, are dropped while the others get every
// line in time, and the memory stays bounded.
func TestClientsThatDoNotRead(t *testing.T) {
	neglect(t, 20, 5*time.Millisecond, 256<<20, "--sendq", "64KiB", "--sendq-grace", "1s")
}

// neglect lets count clients read next to nothing while one says 100 KB every pause, until all of them are gone, in a room where somebody
// reads.
func neglect(t *testing.T, count int, pause time.Duration, memory int64, flags ...string) {
	s := startServer(t, append(flags, "--recent", "0")...)
	ana, bob, pinger := signedIn(t, s, 0, "ana"), signedIn(t, s, 0, "bob"), connect(t, s, 0, "pinger")
	descriptors := s.descriptors()
	for n := range count {
		c := slowReader(t, s, fmt.Sprintf("slow%d", n))
		if n%2 == 0 {
			go c.dribble()
		}
	}
	quiet := roundTrips(t, pinger, 200)
	heard := make(chan int)
	gone := make(chan struct{})
	go func() { heard <- bob.hearAll(count, gone) }()
	said, loaded := ana.talkUntil(pinger, pause, gone)
	ana.say("that is all")
	if got := <-heard; got != said {
		t.Errorf("bob heard %d lines, want %d", got, said)
	}
	s.expectDescriptors(t, descriptors)
	dropped := 0
	waitFor(t, "the log to say of all why they were dropped", func() bool {
		dropped = strings.Count(s.log.String(), `"reads too slowly"`)
		return dropped >= count
	})
	if dropped > count {
		t.Errorf("%d clients were dropped because they read too slowly, want %d", dropped, count)
	}
	s.expectMemory(memory)
	t.Logf("%d slow clients gone after %d lines; PING before %v, meanwhile %v", count, said, quiet, loaded)
}

// dribble reads a byte now and then, until the connection ends.
func (c *talker) dribble() {
	pace := time.NewTicker(200 * time.Millisecond)
	defer pace.Stop()
	var one [1]byte
	for range pace.C {
		_ = c.source.SetReadDeadline(time.Now().Add(patience))
		if _, err := c.source.Read(one[:]); err != nil {
			return
		}
	}
}

// talkUntil says long lines, and notes what the pinger's PINGs take, until gone is closed.
func (c *talker) talkUntil(pinger *talker, pause time.Duration, gone <-chan struct{}) (said int, trips spread) {
	line := strings.Repeat("x", 4000) + "\n"
	stop := make(chan struct{})
	measured := make(chan spread)
	go func() { measured <- measureTrips(pinger, stop) }()
	defer func() { close(stop); trips = <-measured }()
	pace := time.NewTicker(pause)
	defer pace.Stop()
	for {
		select {
		case <-gone:
			return said, trips
		case <-pace.C:
		}
		c.write(strings.Repeat(line, 25))
		said += 25
		c.fence()
	}
}

// hearAll counts the lines of somebody called ana up to the last one. It closes gone when count clients have left. It runs beside the
// test, so it never ends it.
func (c *talker) hearAll(count int, gone chan struct{}) (heard int) {
	var once sync.Once
	closeGone := func() { once.Do(func() { close(gone) }) }
	defer closeGone()
	for left := 0; ; {
		line, err := c.line()
		switch {
		case err != nil:
			c.t.Errorf("%s: after %d lines: %v", c.name, heard, err)
			return heard
		case line == "[ana] that is all":
			return heard
		case strings.HasPrefix(line, "[ana] x"):
			heard++
		default:
			if left += leftBy(line); left >= count {
				closeGone()
			}
		}
	}
}

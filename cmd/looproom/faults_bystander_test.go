//go:build linux

package main_test

import (
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// TestBystanderOfACrowd: 2,000 members of a room are told something, again and again.
func TestBystanderOfACrowd(t *testing.T) { standBy(t, 2000, 50) }

// standBy has n members told of a message, so many times, and asks the server by a client of another room meanwhile. Its answers come between the writes to
// the members: a loop that wrote to all of them before it reads would answer none before the last member has the message.
func standBy(t *testing.T, n, messages int) {
	s := startServer(t)
	ana, bystander := signedIn(t, s, 0, "ana"), connect(t, s, 0, "bystander")
	bystander.say("PART #lobby")
	bystander.say("JOIN #quiet")
	bystander.until("= JOIN #quiet")
	startCrowd(t, s, n)
	last := connect(t, s, 0, "last") // of those who are told, as it has the last slot
	last.fence()

	var heard atomic.Int64
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		for heard.Load() < int64(messages) {
			switch line, err := last.line(); {
			case err != nil:
				t.Errorf("the last member: %v", err)
				heard.Store(int64(messages)) // nobody waits for it any more
			case strings.HasPrefix(line, "[ana] "):
				heard.Add(1)
			}
		}
	}()
	between, longest := 0, time.Duration(0)
	for message := range messages {
		ana.say(fmt.Sprint("message ", message))
		for k := 0; heard.Load() <= int64(message); k++ {
			began := time.Now()
			token := fmt.Sprintf("PONG %d.%d", message, k)
			bystander.say("PING " + token[len("PONG "):])
			bystander.until(token)
			if longest = max(longest, time.Since(began)); heard.Load() <= int64(message) {
				between++
			}
		}
	}
	<-ended
	if between == 0 {
		t.Errorf("of %d messages to %d members, no PING was answered before the last member had them", messages, n)
	}
	t.Logf("%d messages to %d members: %d PINGs of a bystander answered on the way, the longest after %v", messages, n, between, longest)
}

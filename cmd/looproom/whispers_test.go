//go:build linux

package main_test

import (
	"strings"
	"testing"
)

// TestWhispersAreNoAnswers: what others whisper to someone is nothing that it has asked for, so that its own lines don't wait until it has read that.
func TestWhispersAreNoAnswers(t *testing.T) {
	for _, loops := range []string{"1", "2"} {
		t.Run("loops="+loops, func(t *testing.T) {
			t.Parallel()
			s := startServer(t, "--loops", loops, "--sendq", "64MiB", "--sendq-grace", "10m")
			deaf, bob := slowReader(t, s, "deaf"), connect(t, s, 0, "bob")
			deaf.say("ADD deaf")
			deaf.until("= ADD deaf")
			ana := signedIn(t, s, 0, "ana")
			const whispers = 1000 // 4 MB: more than sockets take
			for range whispers {
				ana.say("TEXT TO deaf " + strings.Repeat("z", 4000))
			}
			ana.fence()
			deaf.say("I speak")
			bob.until("[deaf] I speak")
			for range whispers {
				deaf.until("*ana* zzz")
			}
		})
	}
}

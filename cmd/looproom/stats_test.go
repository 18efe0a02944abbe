//go:build linux

package main_test

import (
	"slices"
	"strconv"
	"strings"
	"testing"
)

// TestStats: an operator is told each number by its name, and those that one can know beforehand are right.
func TestStats(t *testing.T) {
	for _, loops := range []string{"1", "2"} {
		t.Run("loops="+loops, func(t *testing.T) {
			t.Parallel()
			s := guarded(t, t.TempDir(), "--loops", loops, "--max-clients", "4")
			op, ana, guest := oper(t, s), signedIn(t, s, 0, "ana"), connect(t, s, 0, "guest")
			ana.say("REGISTER correct horse battery")
			ana.until("= REGISTER ana")
			guest.say("OPER ann wrong-password")
			guest.until("! wrong-password ")
			connect(t, s, 0, "the last")
			dial(t, s, 0, "one too many").until("! server-full ")
			for _, line := range []string{"BAN 127.0.0.9 1h", "SHUN 127.0.0.8 1h"} {
				op.say(line)
				op.until("= " + line[:len("BAN 127")])
			}
			got := stats(t, op)
			want := map[string]int64{
				"clients": 4, "signed-in": 2, "slow-drops": 0, "floods-disconnected": 0, "refused": 1, "wrong-passwords": 1, "panics": 0, "log-dropped": 0,
				"bans": 2, "registered-names": 1, "lost": 0,
			}
			atLeast := map[string]int64{
				"uptime-seconds": 0, "lines": 10, "deliveries": 10, "writes": 5, "waiting-bytes": 0, "stored": 0, "store-waiting-bytes": 0, "longest-lag-us": 0, "heap-bytes": 100_000, "goroutines": 5,
			}
			for name, n := range want {
				if value, ok := got[name]; !ok || value != n {
					t.Errorf("STAT %s = %d, %v, want %d", name, value, ok, n)
				}
			}
			for name, n := range atLeast {
				if value, ok := got[name]; !ok || value < n {
					t.Errorf("STAT %s = %d, %v, want at least %d", name, value, ok, n)
				}
			}
			if len(got) != len(want)+len(atLeast) {
				t.Errorf("STATS has %d numbers, want %d", len(got), len(want)+len(atLeast))
			}
		})
	}
}

// stats asks for all numbers of STATS.
func stats(t *testing.T, op *talker) map[string]int64 {
	t.Helper()
	op.say("STATS")
	line, _ := op.until("= STATS ")
	count, err := strconv.Atoi(strings.TrimPrefix(line, "= STATS "))
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]int64{}
	for range count {
		words := strings.Fields(op.next())
		if len(words) != 4 || !slices.Equal(words[:2], []string{"=", "STAT"}) {
			t.Fatalf("line = %q, want = STAT name number", words)
		}
		if all[words[2]], err = strconv.ParseInt(words[3], 10, 64); err != nil {
			t.Fatal(err)
		}
	}
	return all
}

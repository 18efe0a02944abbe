//go:build linux

package main_test

import (
	"slices"
	"strings"
	"testing"
)

// TestSearchOutlivesARestart: what was said is found by its words, by who may read it, the newest first, and after a restart as well.
func TestSearchOutlivesARestart(t *testing.T) {
	for _, loops := range []string{"1", "2"} {
		t.Run("loops="+loops, func(t *testing.T) {
			t.Parallel()
			state := t.TempDir()
			start := func() *server { return guarded(t, state, "--loops", loops) }
			s := start()
			ana := registers(t, s, "127.0.0.2", "ana")
			bob := namedFrom(t, s, "127.0.0.3", "Bob")
			ana.says("JOIN #go", "= JOIN #go 1")
			ana.says("ROOM KEEP", "= ROOM #go KEEP")
			for _, line := range []string{"Crème brûlée, 1", "ME orders the crème of the crop", "TEXT TO bob creme for you", "stand by me", "error 404", "Ünïcode ПРИВЕТ 你好 Straße"} {
				ana.say(line)
			}
			bob.until("*ana* creme for you")
			bob.say("creme in the lobby")
			ana.until("#lobby [Bob] creme in the lobby")
			check := func(bob *talker) {
				t.Helper()
				for _, row := range []struct {
					who  *talker
					asks string
					head string
					rows []string
				}{
					{ana, "SEARCH creme", "= SEARCH 4", []string{"#lobby [Bob] creme in the lobby", "Bob *ana* creme for you", "#go * ana orders the crème of the crop", "#go [ana] Crème brûlée, 1"}},
					{ana, "/search CRÈME of", "= SEARCH 1", []string{"#go * ana orders the crème of the crop"}},
					{ana, "SEARCH creme 2", "= SEARCH 2 more", []string{"#lobby [Bob] creme in the lobby", "Bob *ana* creme for you"}},
					{ana, "SEARCH creme in #go", "= SEARCH 2", []string{"#go * ana orders the crème of the crop", "#go [ana] Crème brûlée, 1"}},
					{ana, "SEARCH creme in bob", "= SEARCH 1", []string{"Bob *ana* creme for you"}},
					{ana, "SEARCH creme by bob", "= SEARCH 1", []string{"#lobby [Bob] creme in the lobby"}},
					{ana, "SEARCH creme in #lobby by ana", "= SEARCH 0", nil},
					{ana, "SEARCH crem* bru*", "= SEARCH 1", []string{"#go [ana] Crème brûlée, 1"}},
					{ana, "SEARCH crem", "= SEARCH 0", nil},
					{ana, `SEARCH "stand by me"`, "= SEARCH 1", []string{"#go [ana] stand by me"}},
					{ana, "SEARCH stand by me", "= SEARCH 0", nil},
					{ana, `SEARCH "error 404" 5`, "= SEARCH 1", []string{"#go [ana] error 404"}},
					{ana, "SEARCH привет 你好", "= SEARCH 1", []string{"#go [ana] Ünïcode ПРИВЕТ 你好 Straße"}},
					{ana, "SEARCH unicode", "= SEARCH 1", []string{"#go [ana] Ünïcode ПРИВЕТ 你好 Straße"}},
					{ana, "SEARCH creme before 2026-01-01", "= SEARCH 0", nil},
					{ana, `SEARCH creme" OR text:*`, "= SEARCH 0", nil},
					{ana, "SEARCH creme NOT brulee", "= SEARCH 0", nil},
					{bob, "SEARCH creme", "= SEARCH 1", []string{"#lobby [Bob] creme in the lobby"}},
					{bob, "SEARCH error", "= SEARCH 0", nil},
					{bob, "SEARCH error in #go", "! no-such-room you are not in #go; JOIN it first", nil},
					{bob, "SEARCH creme in ana", "! not-registered messages to you are kept once you have an account: REGISTER password, or LOGIN name password", nil},
					{ana, "SEARCH ?!", "! bad-argument SEARCH needs words, with letters or digits: SEARCH words", nil},
				} {
					if got := withoutTimes(row.who.finds(row.asks, row.head)); !slices.Equal(got, row.rows) {
						t.Errorf("%s is told %q, want %q", row.asks, got, row.rows)
					}
				}
			}
			check(bob)
			s.stop()

			s = start()
			ana = comesBack(t, s, "127.0.0.2", "ana")
			ana.says("JOIN #go", "= JOIN #go 1")
			check(namedFrom(t, s, "127.0.0.3", "Bob"))
		})
	}
}

// TestSearchIsNotLogged: what people look for is nobody's business, whatever the log tells.
func TestSearchIsNotLogged(t *testing.T) {
	t.Parallel()
	s := guarded(t, t.TempDir(), "--log-level", "trace")
	ana := registers(t, s, "127.0.0.2", "ana")
	for _, line := range []string{"SEARCH embarrassing", "/search embarrassing in #lobby", "SEARCH embarrassing in #none", "SEARCH embarrassing before embarrassing", "SEARCH embarrassing by (embarrassing)(away)"} {
		ana.asks(line)
	}
	s.stop()
	if log := s.log.String(); strings.Contains(log, "embarrassing") || !strings.Contains(log, `"level":"debug"`) && !strings.Contains(log, `"level":"info"`) {
		t.Errorf("the log has what was looked for, or nothing:\n%s", log)
	}
}

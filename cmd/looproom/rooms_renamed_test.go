//go:build linux

package main_test

import (
	"slices"
	"strings"
	"testing"
)

// TestRoomRenamedIsKept is the story of #go, which ana keeps, and in which bob stays: it is called #rust from now on, and another #go is made. What was said in it, its rights, who is in there and how
// far bob has read it belong to that name at once, and after a restart, be it in order or by SIGKILL; and nothing of it to the old one.
func TestRoomRenamedIsKept(t *testing.T) {
	for _, end := range []string{"in order", "killed"} {
		t.Run(end, func(t *testing.T) {
			t.Parallel()
			state := t.TempDir()
			s := guarded(t, state)
			ana, bob := registers(t, s, "127.0.0.2", "ana"), registers(t, s, "127.0.0.3", "bob")
			ana.says("JOIN #go", "= JOIN #go 1")
			ana.says("ROOM KEEP", "= ROOM #go KEEP")
			ana.says("TOPIC all about it", "= TOPIC #go all about it")
			bob.says("JOIN #go", "= JOIN #go 2")
			bob.says("KEEP ON", "= KEEP ON")
			bob.says("IDS ON", "= IDS ON")
			bob.fence()
			ana.say("TEXT a first word")
			first := strings.TrimPrefix(strings.Fields(bob.next())[0], "@")
			bob.says("READ #go "+first, "= READ #go "+first+" 0")
			ana.say("TEXT a second word")
			ana.says("ROOM RENAME #rust for a change", "= ROOM #go RENAME #rust")
			bob.until("> ana renamed the room to #rust: for a change")
			bob.until("= READ #rust " + first + " 1")
			bob.says("END", "= END")
			ana.says("JOIN #go", "= JOIN #go 1")
			ana.say("TEXT another word")
			ana.says("ROOM KEEP", "= ROOM #go KEEP")
			check := func(when string) {
				ana.fence()
				want := []string{"[ana] a first word", "[ana] a second word"}
				if got := withoutTimes(ana.finds("HISTORY #rust", "= HISTORY 2 #rust first")); !slices.Equal(got, want) {
					t.Errorf("%s: HISTORY of #rust has %q, want %q", when, got, want)
				}
				if got := ana.finds("SEARCH word in #rust", "= SEARCH 2"); len(got) != 2 || !strings.Contains(got[0], "Z #rust [ana] a second word") {
					t.Errorf("%s: SEARCH in #rust finds %q", when, got)
				}
				if got := withoutTimes(ana.finds("HISTORY #go", "= HISTORY 1 #go first")); !slices.Equal(got, []string{"[ana] another word"}) {
					t.Errorf("%s: HISTORY of #go has %q", when, got)
				}
				if got := rightsOf(ana, "#rust"); got != "founder ana by ana, kept by ana" {
					t.Errorf("%s: the rights in #rust are %q", when, got)
				}
			}
			check("before")
			ana.says("TRUST "+deviceKey, "= TRUST") // when that is on the disk, so is all that was before it
			if end == "killed" {
				kill(t, s)
			} else {
				s.stop()
			}

			s = guarded(t, state)
			ana = comesBack(t, s, "127.0.0.2", "ana")
			ana.fence()
			if got := ana.finds("ROOMS", "= ROOMS 3"); !slices.Equal(got, []string{"= ROOM #go 0", "= ROOM #lobby 2", "= ROOM #rust 1 all about it"}) {
				t.Errorf("the rooms are %q", got)
			}
			ana.says("JOIN #go", "= JOIN #go 1")
			ana.says("JOIN #rust", "= JOIN #rust 2")
			ana.fence()
			ana.says("LIST", "= LIST 2 ana bob(away)")
			check("afterwards")
			if got := ana.finds("EXPORT", "= EXPORT 3"); len(got) != 3 || !strings.Contains(got[0], " #rust [ana] a first word") || !strings.Contains(got[2], " #go [ana] another word") {
				t.Errorf("EXPORT has %q", got)
			}
			bob = byNetcat(t, s, "127.0.0.3")
			bob.says("IDS ON", "= IDS ON")
			bob.say("LOGIN bob the password of bob")
			bob.until("= READ #rust " + first + " 1")
			s.stop()
		})
	}
}

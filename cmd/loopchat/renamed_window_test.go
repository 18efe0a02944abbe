//go:build linux

package main

import "testing"

// TestWindowFollowsARoomThatIsRenamed: the room in sight stays in sight by its other name, with what was said there; another one stays behind.
func TestWindowFollowsARoomThatIsRenamed(t *testing.T) {
	need(t, "tmux")
	t.Parallel()
	s := startServer(t, "--state", t.TempDir())
	s.register("ana")
	ana, _ := device(t, s)
	ana.line("/join #go")
	ana.see("[2:#go]", "│ ana")
	bob := s.join("bob")
	cyd := chatAs(t, "cyd", "--room", "'#go'", s.address()) // who has no account
	cyd.see("[2:#go]")
	bob.say("JOIN #go")
	bob.say("what is it called?")
	ana.see("[bob] what is it called?", "│ 3 users")
	ana.line("/room rename #rust for a change")
	bob.until("> ana renamed the room to #rust: for a change")
	ana.see("[2:#rust]", "ana renamed the room to #rust: for a change", "[bob] what is it called?", "│ 3 users", "│ bob")
	cyd.see("[2:#rust]", "ana renamed the room to #rust: for a change", "[bob] what is it called?", "│ 3 users")
	for _, window := range []*screen{ana, cyd} {
		window.miss("#go]")
		window.miss("JOIN #rust")
	}
	ana.line("not so any more")
	bob.until("[ana] not so any more")
	bob.say("so it seems")
	ana.see("[You] not so any more", "[bob] so it seems")

	ana.line("/join #den")
	ana.see("[3:#den]")
	two, _ := device(t, s)
	two.see("#den", "#rust")
	ana.line("/room rename #cave")
	ana.see("[3:#cave]", "ana renamed the room to #cave")
	two.see("#cave")
	two.miss("#den]")
	bob.say("still in #rust")
	ana.see("#rust(1)")
	ana.keys("M-2")
	ana.see("[2:#rust]", "[bob] still in #rust")
}

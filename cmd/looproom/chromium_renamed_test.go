//go:build linux

package main_test

import "testing"

// TestPageFollowsARoomThatIsRenamed: the room that one looks at stays in sight by its other name, with what was said there; another one stays behind. It is so with an account and without.
func TestPageFollowsARoomThatIsRenamed(t *testing.T) {
	need(t, "chromium")
	s := startServer(t, "--listen", "http://127.0.0.1:0", "--listen", "line://127.0.0.1:0", "--state", t.TempDir())
	ana := openPage(t, s, 0, "ana").signsUp("correct horse", false)
	ana.says("/join #go")
	ana.isIn("#go")
	dan := inBrowser(t, s, 0, "dan")
	dan.says("/join #go")
	dan.isIn("#go")
	bob := signedIn(t, s, 1, "bob")
	bob.say("JOIN #go")
	bob.until("= JOIN #go")
	bob.say("what is it called?")
	for _, page := range []*person{ana, dan} {
		page.sees("bob: what is it called?")
	}
	ana.says("/room rename #rust for a change")
	bob.until("> ana renamed the room to #rust: for a change")
	for _, page := range []*person{ana, dan} {
		page.isIn("#rust")
		page.sees("bob: what is it called?")
		page.sees("ana renamed the room to #rust: for a change")
		page.hasPlaces("#lobby", "#rust")
	}
	ana.says("not so any more")
	bob.until("[ana] not so any more")
	dan.sees("ana: not so any more")
	dan.says("so it seems")
	bob.until("[dan] so it seems")

	ana.says("/join #den")
	ana.isIn("#den")
	dan.says("/join #den")
	dan.isIn("#den")
	dan.goesTo("#rust")
	dan.isIn("#rust")
	ana.says("/room rename #cave")
	ana.isIn("#cave")
	dan.hasPlaces("#lobby", "#rust", "#cave")
	dan.isIn("#rust")
	dan.says("still in #rust")
	bob.until("[dan] still in #rust")
	for _, page := range []*person{ana, dan} {
		page.complainsOfNothing()
	}
}

//go:build linux

package main_test

import (
	"slices"
	"strings"
	"testing"
)

// TestPasswordsAreNotSaid: what people type who mean OPER and its like, and say it to the room by a slip. The others hear none of it, and
// neither does who comes later, or the log.
func TestPasswordsAreNotSaid(t *testing.T) {
	s := startServer(t, "--log-level", "trace")
	ana, bob := signedIn(t, s, 0, "ana"), signedIn(t, s, 0, "bob")
	for _, slip := range []string{
		"oper ann hunter22secret", " OPER ann hunter22secret", "Login ann hunter22secret", "pass hunter22secret", "/ register hunter22secret",
	} {
		ana.say(slip)
		ana.until("! looks-like-a-password this was not said; ")
	}
	ana.say("good bye")
	ana.fence()
	lines := bob.fence()
	bob.say("RECENT 100")
	lines = append(lines, bob.fence()...)
	if !slices.Contains(lines, "[ana] good bye") {
		t.Errorf("bob heard %q, want what ana said in the end", lines)
	}
	if told := strings.Join(lines, "\n") + s.log.String(); strings.Contains(told, "hunter") {
		t.Errorf("a password was told:\n%s", told)
	}
}

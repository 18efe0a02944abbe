//go:build linux

package main_test

import (
	"strings"
	"testing"
)

// TestWhatIsSeenOutlivesARestart is the story of ana, who stays: she has made #den, which nobody keeps but she by being there, has read a part of what was said, and is away. All of that is there after
// a restart, with what was said there and in the lobby; #gone, in which bob was alone, has gone, and who makes it again finds nothing. It ends once in order, and once by SIGKILL, with a
// lobby in which nobody has set a topic.
func TestWhatIsSeenOutlivesARestart(t *testing.T) {
	for _, end := range []string{"in order", "killed"} {
		t.Run(end, func(t *testing.T) {
			t.Parallel()
			state := t.TempDir()
			s := guarded(t, state)
			ana, bob := registers(t, s, "127.0.0.2", "ana"), registers(t, s, "127.0.0.3", "bob")
			ana.says("KEEP ON", "= KEEP ON")
			ana.says("JOIN #den", "= JOIN #den 1")
			ana.says("TOPIC where we meet", "= TOPIC #den where we meet")
			ana.says("NICK Zoe", "= NICK Zoe")
			topic := ""
			if end != "killed" {
				topic = " welcome"
				bob.says("TOPIC welcome", "= TOPIC #lobby welcome")
			}
			bob.say("TEXT to all")
			bob.says("JOIN #den", "= JOIN #den 2")
			bob.say("TEXT one")
			ana.until("[bob] one")
			ana.says("IDS ON", "= IDS ON")
			ana.says("RECENT #den 1", "= RECENT 1 #den")
			id := strings.TrimPrefix(strings.Fields(ana.next())[1], "@")
			ana.says("READ #den "+id, "= READ #den "+id+" 0")
			ana.says("AWAY at sea", "= AWAY")
			ana.says("END", "= END")
			bob.until("> Zoe is away: at sea")
			bob.say("TEXT two")
			bob.say("TEXT TO Zoe psst")
			bob.says("JOIN #gone", "= JOIN #gone 1")
			bob.say("TEXT to nobody")
			bob.says("TRUST "+deviceKey, "= TRUST") // when that is on the disk, so is all that was before it
			if end == "killed" {
				kill(t, s)
			} else {
				s.stop()
			}

			s = guarded(t, state)
			eve := byNetcat(t, s, "127.0.0.5")
			eve.says("RECENT", "= RECENT 1 #lobby")
			if line := eve.next(); !strings.HasSuffix(line, " [bob] to all") {
				t.Errorf("the last that was said in the lobby is %q", line)
			}
			eve.says("ROOMS", "= ROOMS 2")
			eve.expect("= ROOM #den 1 where we meet", "= ROOM #lobby 2"+topic)
			eve.says("WHO zoe", "= WHO Zoe since ")
			eve.says("JOIN #den", "= JOIN #den 2")
			eve.expect("= TOPIC #den where we meet")
			eve.until("= RECENT 2 #den")
			eve.says("LIST", "= LIST 2 ")
			eve.says("JOIN #gone", "= JOIN #gone 1")
			eve.says("RECENT", "= RECENT 0 #gone")

			ana = byNetcat(t, s, "127.0.0.2")
			ana.says("IDS ON", "= IDS ON")
			ana.says("LOGIN ana the password of ana", "= LOGIN ana")
			ana.expect("= NICK Zoe")
			told := strings.Join(ana.fence(), "\n")
			for _, want := range []string{"= JOIN #den 2\n= TOPIC #den where we meet\n= MISSED 1 #den\n", " [bob] two\n", "= MISSED 1 *\n", " *bob* psst\n", "= READ #den " + id + " 1"} {
				if !strings.Contains(told+"\n", want) {
					t.Errorf("she is told\n%s\nwant %q in it", told, want)
				}
			}
			ana.says("KEEP", "= KEEP ON")
			ana.says("KEEP OFF", "= KEEP OFF")
			kill(t, s)

			s = guarded(t, state)
			eve = byNetcat(t, s, "127.0.0.5")
			eve.says("ROOMS", "= ROOMS 1")
		})
	}
}

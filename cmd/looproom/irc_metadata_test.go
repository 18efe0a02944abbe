//go:build linux

package main_test

import "testing"

// TestMetadataOutlivesARestart: what is set of an account is set of who logs in to it when the server has been started again, whether it has stayed or not, and so is what is set of a room that is kept.
func TestMetadataOutlivesARestart(t *testing.T) {
	t.Parallel()
	state := t.TempDir()
	start := func() *server {
		return startServer(t, "--state", state, "--server-name", "looproom.test", "--listen", "irc://127.0.0.1:0")
	}
	s := start()
	registered := func(nick string) *talker {
		c := ircClient(t, s, 0, nick)
		c.say("CAP REQ :batch draft/metadata-2")
		c.say("METADATA * SET url :https://" + nick + ".example/ it")
		c.numeric("761")
		c.enters(nick)
		c.say("REGISTER * * :" + operPassword)
		c.until(":looproom.test REGISTER SUCCESS " + nick + " :")
		return c
	}
	ana, bea := registered("ana"), registered("bea")
	ana.say("METADATA * SET mood good")
	ana.say("METADATA * SET mood")
	ana.numeric("766")
	ana.say("JOIN #den")
	ana.numeric("366")
	ana.say("METADATA #den SET url :https://den.example")
	ana.numeric("761")
	ana.say("PERSISTENCE SET ON")
	ana.until(":looproom.test PERSISTENCE STATUS ON ON")
	bea.say("METADATA * SET avatar b.png")
	bea.numeric("761")
	s.stop()

	s = start()
	returns := func(nick string) *talker {
		c := ircClient(t, s, 0, nick+" again")
		c.begins("PLAIN")
		c.authenticates("\x00" + nick + "\x00" + operPassword)
		c.numeric("903")
		c.say("CAP REQ :batch draft/metadata-2")
		c.say("METADATA * SET avatar c.png") // it counts, and not what was kept
		c.numeric("761")
		c.enters(nick)
		return c
	}
	wants := func(c *talker, lines ...string) {
		t.Helper()
		for _, line := range lines {
			c.until(line)
		}
	}
	ana = returns("ana")
	wants(ana, ":looproom.test BATCH +b1 metadata ana", "@batch=b1 :looproom.test METADATA ana avatar * :c.png", "@batch=b1 :looproom.test METADATA ana url * :https://ana.example/ it", ":looproom.test BATCH -b1")
	ana.say("METADATA #den LIST")
	wants(ana, ":looproom.test BATCH +b2 metadata #den", "@batch=b2 :looproom.test 761 ana #den url * :https://den.example", ":looproom.test BATCH -b2")
	bea = returns("bea")
	wants(bea, ":looproom.test BATCH +b1 metadata bea", "@batch=b1 :looproom.test METADATA bea avatar * :c.png", "@batch=b1 :looproom.test METADATA bea url * :https://bea.example/ it", ":looproom.test BATCH -b1")
	bea.say("METADATA ana LIST")
	wants(bea, ":looproom.test BATCH +b2 metadata ana", "@batch=b2 :looproom.test 761 bea ana avatar * :c.png", "@batch=b2 :looproom.test 761 bea ana url * :https://ana.example/ it", ":looproom.test BATCH -b2")
}

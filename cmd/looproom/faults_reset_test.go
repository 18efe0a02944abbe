//go:build linux

package main_test

import (
	"net"
	"slices"
	"strings"
	"testing"
)

// reset ends the connection as a machine does that has lost its power: by RST.
func (c *talker) reset() {
	c.t.Helper()
	conn := c.input.(*net.TCPConn)
	if err := conn.SetLinger(0); err != nil {
		c.t.Fatal(err)
	}
	conn.Close()
}

// TestReset: a connection is reset at each stage of a conversation. The others are told that the client left, and nothing of it stays.
func TestReset(t *testing.T) {
	stages := []struct {
		name string
		play func(c *talker)
	}{
		{"at once", func(*talker) {}},
		{"greeted", func(c *talker) { c.until("> Connected ") }},
		{"in the middle of a line", func(c *talker) { c.write("hello, I was about to") }},
		{"behind a line", func(c *talker) { c.say("PING last") }},
		{"signed in", func(c *talker) { c.say("ADD ana"); c.until("= ADD ana") }},
		{"in two rooms", func(c *talker) { c.say("JOIN #go"); c.until("= JOIN #go") }},
		{"replies pending", func(c *talker) { c.write(strings.Repeat("HELP\n", 500)) }},
		{"replies half read", func(c *talker) { c.write(strings.Repeat("HELP\n", 500)); c.until("= ") }},
		{"SEND without a byte", func(c *talker) { c.say("SEND 100000 cut.bin") }},
		{"in the middle of SEND", func(c *talker) { c.write("SEND 100000 cut.bin\n" + strings.Repeat("x", 70_000)) }},
		{"behind SEND", func(c *talker) { c.write("SEND 5 whole.bin\nhello"); c.until("= SENT ") }},
		{"in the middle of GET", func(c *talker) { c.say("GET big.bin"); c.until("= FILE "); c.bytes(100_000) }},
		{"half-closed", func(c *talker) { c.closeInput() }},
		{"half-closed with replies pending", func(c *talker) { c.write(strings.Repeat("HELP\n", 500)); c.closeInput() }},
		{"behind END", func(c *talker) { c.say("END"); c.until("= END") }},
	}
	for _, loops := range []string{"1", "2"} {
		t.Run(loops+" loops", func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			s := startServer(t, "--loops", loops, "--files", dir)
			upload(t, s, "big.bin", randomBytes(1, 8<<20))
			bob := signedIn(t, s, 0, "bob")
			stay := bob.list()
			descriptors := s.descriptors()
			for _, stage := range stages {
				c := dial(t, s, 0, stage.name)
				stage.play(c)
				c.reset()
			}
			waitFor(t, "all to leave", func() bool { return slices.Equal(bob.list(), stay) })
			s.expectDescriptors(t, descriptors)
			waitFor(t, "parts of uploads to be removed", func() bool { return incoming(t, dir) == 0 })
			if log := s.log.String(); strings.Contains(log, "panic") {
				t.Errorf("the log has a panic:\n%s", log)
			}
		})
	}
}

// list returns the names of those who are in the lobby, as far as they fit a line.
func (c *talker) list() []string {
	c.t.Helper()
	c.say("LIST")
	line, _ := c.until("= LIST ")
	return strings.Fields(line)[3:]
}

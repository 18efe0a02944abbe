//go:build linux

package main_test

import (
	"encoding/json"
	"strings"
	"syscall"
	"testing"
)

// speaksLines is somebody at an IRC door, in #go, who may say several lines at once.
func speaksLines(t *testing.T, s *server, n int, nick string) *talker {
	t.Helper()
	c := dial(t, s, n, nick)
	for _, line := range []string{"CAP REQ :batch message-tags draft/multiline", "NICK " + nick, "USER u 0 * :Real", "CAP END", "JOIN #go", "PING joined"} {
		c.say(line)
	}
	c.until(":looproom.test PONG looproom.test :joined")
	return c
}

// saysLines says lines as one message, and waits until that is done.
func (c *talker) saysLines(to string, lines ...string) {
	c.say("BATCH +1 draft/multiline " + to)
	for _, line := range lines {
		c.say("@batch=1 PRIVMSG " + to + " :" + line)
	}
	c.say("BATCH -1")
	c.say("PING said")
	c.until(":looproom.test PONG looproom.test :said")
}

// TestPageShowsLinesAsOneMessage: what a client of IRC says in several lines is one message of the page as it is said, when it is told again, and when it is found.
func TestPageShowsLinesAsOneMessage(t *testing.T) {
	need(t, "chromium")
	s := startServer(t, "--server-name", "looproom.test", "--listen", "http://127.0.0.1:0", "--listen", "line://127.0.0.1:0", "--listen", "irc://127.0.0.1:0", "--state", t.TempDir())
	ana := openPage(t, s, 0, "ana").signsIn()
	ana.says("/join #go")
	ana.isIn("#go")
	bob := speaksLines(t, s, 2, "bob")
	bob.saysLines("#go", "roses are red", "", "violets are blue")
	bob.saysLines("#go", "alone")
	ana.sees("bob: roses are red\nviolets are blue", "bob: alone")
	eve := openPage(t, s, 0, "eve").signsIn()
	eve.says("/join #go")
	eve.sees("bob: roses are red\nviolets are blue", "bob: alone")
	cat := signedIn(t, s, 1, "cat")
	cat.say("JOIN #go")
	cat.untilTold(t, "HISTORY #go 1", "alone")
	ana.reloads()
	ana.isReady()
	ana.sees("bob: roses are red\nviolets are blue", "bob: alone")
	ana.searchesFor("violets")
	ana.finds("bob in #go: roses are red\n[violets] are blue")
}

// TestLinesAreKept: a message of several lines is one in the server's state.
func TestLinesAreKept(t *testing.T) {
	state := t.TempDir()
	s := startServer(t, "--server-name", "looproom.test", "--listen", "line://127.0.0.1:0", "--listen", "irc://127.0.0.1:0", "--state", state)
	bob := speaksLines(t, s, 1, "bob")
	bob.say("JOIN #lobby")
	cat := signedIn(t, s, 0, "cat")
	bob.saysLines("#lobby", "one", "", "two")
	cat.until("[bob] one")
	cat.until("[bob] two")
	cat.untilTold(t, "HISTORY #lobby 1", "[bob] two")
	s.signal(syscall.SIGTERM)
	s.wait()
	_, text, _ := outcome(t, nil, "state", "export", state)
	var messages []string
	for line := range strings.Lines(text) {
		var m struct{ Kind, Text string }
		if json.Unmarshal([]byte(line), &m) == nil && m.Kind == "message" {
			messages = append(messages, m.Text)
		}
	}
	if len(messages) != 1 || messages[0] != "one\n\ntwo" {
		t.Errorf("%q is kept, want one message of three lines", messages)
	}
}

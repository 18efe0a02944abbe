//go:build linux

package main_test

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// sender is someone whose lines are numbered, and whose connections are cut.
type sender struct {
	t     *testing.T
	s     *server
	id    string
	lines []string // all that it wants to say, the first one by the number 1
	conn  *talker
}

const senderKey = "key-of-ann-0123456789"

// connect comes back, gets its name and finds out how many of its lines have been said.
func (a *sender) connect() (said int) {
	a.t.Helper()
	a.conn = dial(a.t, a.s, 0, "ann")
	a.conn.say("ADD ann " + senderKey)
	a.conn.until("= ADD ann")
	a.conn.say("TEXT ID=" + a.id + ":0")
	answer, _ := a.conn.until("= SAID " + a.id + ":")
	if said, _ = strconv.Atoi(strings.TrimPrefix(answer, "= SAID "+a.id+":")); said > len(a.lines) {
		a.t.Fatalf("the server confirms %q, of %d lines", answer, len(a.lines))
	}
	return said
}

// rest is what has to be written from the line behind those said on.
func (a *sender) rest(said int) string {
	var b strings.Builder
	for i, line := range a.lines[said:] {
		fmt.Fprintf(&b, "TEXT ID=%s:%d %s\n", a.id, said+i+1, line)
	}
	return b.String()
}

// TestNumberedLinesAreSaidOnce: the connection of who says three lines is cut behind each byte of them, in three ways. Each line is heard
// once and whole.
func TestNumberedLinesAreSaidOnce(t *testing.T) {
	ways := []struct {
		name string
		cut  func(c *talker)
	}{
		{"reset", (*talker).reset},
		{"closed", func(c *talker) { c.input.Close() }},
		{"abandoned", func(*talker) {}}, // the server doesn't know that the client has gone
	}
	for _, loops := range []string{"1", "2"} {
		for _, way := range ways {
			t.Run(way.name+" with loops="+loops, func(t *testing.T) {
				t.Parallel()
				s := startServer(t, "--loops", loops)
				bob := signedIn(t, s, 0, "bob")
				lines := []string{"the first line", "TO bob the second line", "the third"}
				heard := []string{"[ann] the first line", "*ann* the second line", "[ann] the third"}
				whole := len((&sender{id: "id-with-0000", lines: lines}).rest(0))
				for cut := range whole + 1 {
					a := &sender{t: t, s: s, id: fmt.Sprintf("id-with-%04d", cut), lines: lines}
					said := a.connect()
					a.conn.write(a.rest(said)[:cut])
					way.cut(a.conn)
					said = a.connect()
					a.conn.write(a.rest(said))
					if said < len(lines) {
						a.conn.until("= SAID " + a.id + ":" + strconv.Itoa(len(lines)))
					}
					a.conn.say("END")
					a.conn.until("= END")
					got := slices.DeleteFunc(bob.fence(), func(line string) bool { return line[0] == '<' || line[0] == '>' })
					if !slices.Equal(got, heard) {
						t.Fatalf("cut behind %d of %d bytes: bob heard %q, want %q", cut, whole, got, heard)
					}
				}
			})
		}
	}
}

// TestNumbersAreNotKnownAfterARestart: the client is told so, and not that nothing was said.
func TestNumbersAreNotKnownAfterARestart(t *testing.T) {
	for range 2 {
		s := startServer(t)
		ann := signedIn(t, s, 0, "ann")
		ann.say("TEXT ID=annsphone:0")
		ann.expect("= SAID annsphone:-")
		ann.say("TEXT ID=annsphone:7 hello")
		ann.expect("= SAID annsphone:7")
	}
}

// TestAKeyIsNotLogged: neither where it is told, nor where it is wrong, nor where it takes a name over.
func TestAKeyIsNotLogged(t *testing.T) {
	s := guarded(t, t.TempDir(), "--log-level", "debug")
	op := oper(t, s)
	ann := dial(t, s, 0, "ann")
	ann.say("ADD ann " + senderKey)
	ann.until("= ADD ann")
	eve := connect(t, s, 0, "eve")
	eve.say("ADD ann wrong-" + senderKey)
	eve.until("! name-taken ann is taken")
	eve.say("ADD ann " + senderKey + "!")
	eve.until("! bad-argument ADD takes one name")
	eve.say("ADD ann " + senderKey)
	eve.until("= ADD ann")
	ann.until("! logged-in-elsewhere another connection has logged in as ann")
	ann.expectEnd()
	op.say("WHO ann")
	told, before := op.until("= WHO ann ")
	eve.say("RECENT 100")
	for _, text := range append(append(eve.fence(), before...), told, s.log.String()) {
		if strings.Contains(text, senderKey) || strings.Contains(text, "wrong-") {
			t.Errorf("a key shows in %q", text)
		}
	}
	s.awaitLog("logged in elsewhere")
}

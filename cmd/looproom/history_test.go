//go:build linux

package main_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
)

// finds asks until the answer begins so, which may take a moment behind what has just been said or erased, and returns the lines behind that.
func (c *talker) finds(line, head string) (rows []string) {
	c.t.Helper()
	var lines []string
	waitFor(c.t, fmt.Sprintf("%s to be answered %q by %q", c.name, head, line), func() bool {
		c.say(line)
		lines = c.fence()
		return len(lines) > 0 && lines[0] == head
	})
	return lines[1:]
}

// withoutTimes are rows of HISTORY, SEARCH or EXPORT without ids and times.
func withoutTimes(rows []string) (said []string) {
	for _, row := range rows {
		words := strings.SplitN(row, " ", 4) // = [@id] time words
		if !strings.HasPrefix(words[1], "@") {
			words = strings.SplitN(row, " ", 3)
		}
		said = append(said, words[len(words)-1])
	}
	return said
}

// idOfRow is the id in a row as it is told behind IDS ON.
func idOfRow(t *testing.T, row string) string {
	t.Helper()
	id, is := strings.CutPrefix(strings.SplitN(row, " ", 3)[1], "@")
	if !is {
		t.Fatalf("%q has no id", row)
	}
	return id
}

// TestHistoryPageByPage: a room of more messages than one answer has is read back and forth, page by page, over a restart, each message once and in order.
func TestHistoryPageByPage(t *testing.T) {
	for _, loops := range []string{"1", "2"} {
		t.Run("loops="+loops, func(t *testing.T) {
			t.Parallel()
			state := t.TempDir()
			start := func() *server { return guarded(t, state, "--loops", loops) }
			s := start()
			ana := registers(t, s, "127.0.0.2", "ana")
			ana.says("JOIN #go", "= JOIN #go 1")
			ana.says("ROOM KEEP", "= ROOM #go KEEP")
			var want []string
			says := func(from, to int) {
				for n := from; n < to; n++ {
					ana.say(fmt.Sprint("message ", n))
					want = append(want, fmt.Sprint("[ana] message ", n))
				}
				waitFor(t, "the last to be found", func() bool {
					got := withoutTimes(ana.asks("HISTORY 1")[1:])
					return len(got) == 1 && got[0] == want[len(want)-1]
				})
			}
			says(0, 900)
			if got := withoutTimes(ana.asks("HISTORY #go 3")[1:]); !slices.Equal(got, []string{"[ana] message 897", "[ana] message 898", "[ana] message 899"}) {
				t.Errorf("the last three are %q", got)
			}
			s.stop()

			s = start()
			ana = comesBack(t, s, "127.0.0.2", "ana")
			ana.says("JOIN #go", "= JOIN #go 1")
			says(900, 1100)
			ana.says("IDS ON", "= IDS ON")
			if got := pagesBack(t, ana, 500); !slices.Equal(got, want) {
				t.Errorf("by pages of 500 there are %d messages, want %d, from the first to the last", len(got), len(want))
			}
			if got := pagesBack(t, ana, 333); !slices.Equal(got, want) {
				t.Errorf("by pages of 333 there are %d messages, want %d, from the first to the last", len(got), len(want))
			}
			if got := pagesOn(t, ana, 400); !slices.Equal(got, want) {
				t.Errorf("forth there are %d messages, want %d, from the first to the last", len(got), len(want))
			}
			if got := ana.asks("HISTORY 7000"); got[0] != "= HISTORY 500 #go" || len(got) != 501 {
				t.Errorf("of 7000 wanted there is %q and %d lines, want 500", got[0], len(got)-1)
			}
			if got := ana.asks("HISTORY"); got[0] != "= HISTORY 50 #go" || len(got) != 51 {
				t.Errorf("without a number there is %q and %d lines, want 50", got[0], len(got)-1)
			}
		})
	}
}

// asks returns all that a client is told when it says that.
func (c *talker) asks(line string) []string {
	c.t.Helper()
	c.say(line)
	return c.fence()
}

// pagesBack reads the current room from the end to the beginning.
func pagesBack(t *testing.T, c *talker, n int) (said []string) {
	t.Helper()
	before := ""
	for {
		got := c.asks(fmt.Sprint("HISTORY", before, " ", n))
		said = append(withoutTimes(got[1:]), said...)
		if got[0] == fmt.Sprintf("= HISTORY %d #go first", len(got)-1) {
			return said
		}
		if got[0] != fmt.Sprintf("= HISTORY %d #go", n) || len(got) != n+1 {
			t.Fatalf("a page is told as %q with %d lines, want %d", got[0], len(got)-1, n)
		}
		before = " before " + idOfRow(t, got[1])
	}
}

// pagesOn reads it from the beginning to the end.
func pagesOn(t *testing.T, c *talker, n int) (said []string) {
	t.Helper()
	after := "0-0"
	for {
		got := c.asks(fmt.Sprint("HISTORY after ", after, " ", n))
		said = append(said, withoutTimes(got[1:])...)
		if got[0] == fmt.Sprintf("= HISTORY %d #go last", len(got)-1) {
			return said
		}
		if got[0] != fmt.Sprintf("= HISTORY %d #go", n) || len(got) != n+1 {
			t.Fatalf("a page is told as %q with %d lines, want %d", got[0], len(got)-1, n)
		}
		after = idOfRow(t, got[n])
	}
}

// TestHistoryByTime: a time is one of RFC 3339, in whatever zone, or a day.
func TestHistoryByTime(t *testing.T) {
	t.Parallel()
	s := guarded(t, t.TempDir())
	ana := connect(t, s, 0, "ana")
	ana.says("ADD ana", "= ADD ana")
	ana.say("one")
	ana.finds("HISTORY", "= HISTORY 1 #lobby first")
	ana.says("IDS ON", "= IDS ON")
	row := ana.asks("HISTORY")[1]
	at, err := time.Parse("2006-01-02T15:04:05.000Z", strings.Fields(row)[2])
	if err != nil || time.Since(at) > time.Hour {
		t.Fatalf("%q has the time %v, %v; want that of now", row, at, err)
	}
	zone := time.FixedZone("", -5*3600-30*60)
	for when, head := range map[string]string{
		"before " + at.Format(time.RFC3339Nano):                        "= HISTORY 0 #lobby first",
		"before " + at.Add(time.Second).Format(time.RFC3339):           "= HISTORY 1 #lobby first",
		"before " + at.In(zone).Add(time.Second).Format(time.RFC3339):  "= HISTORY 1 #lobby first",
		"before " + at.In(zone).Add(-time.Second).Format(time.RFC3339): "= HISTORY 0 #lobby first",
		"after " + at.Add(-time.Second).Format(time.RFC3339):           "= HISTORY 1 #lobby last",
		"after " + at.Add(time.Second).Format(time.RFC3339):            "= HISTORY 0 #lobby last",
		"before " + at.AddDate(0, 0, 2).Format(time.DateOnly):          "= HISTORY 1 #lobby first",
		"after " + at.AddDate(0, 0, -2).Format(time.DateOnly) + " 5":   "= HISTORY 1 #lobby last",
		"before " + at.Add(-24*time.Hour).Format(time.DateOnly):        "= HISTORY 0 #lobby first",
		"before " + strings.TrimPrefix(strings.Fields(row)[1], "@"):    "= HISTORY 0 #lobby first",
		"after " + strings.TrimPrefix(strings.Fields(row)[1], "@"):     "= HISTORY 0 #lobby last",
		"before tomorrow": "! bad-argument HISTORY before takes the id of a message such as 57024000-42, a day such as 2026-11-21, or a time such as 2026-11-21T09:30:00Z",
	} {
		if got := ana.asks("HISTORY " + when); got[0] != head {
			t.Errorf("HISTORY %s is answered %q, want %q", when, got[0], head)
		}
	}
}

// TestHistoryHasItsPlace: answers come in the order of the questions, also of those behind them in the same write, and a message that is said meanwhile stands within none.
func TestHistoryHasItsPlace(t *testing.T) {
	for _, loops := range []string{"1", "2"} {
		t.Run("loops="+loops, func(t *testing.T) {
			t.Parallel()
			s := guarded(t, t.TempDir(), "--loops", loops)
			ana, bob := signedIn(t, s, 0, "ana"), signedIn(t, s, 0, "bob")
			bob.write(strings.Repeat("word\n", 300))
			bob.finds("HISTORY 1", "= HISTORY 1 #lobby")
			bob.finds("HISTORY after 0-0 300", "= HISTORY 300 #lobby last")
			ana.fence()
			const rounds = 30
			ana.write(strings.Repeat("HISTORY 300\nLIST\nSEARCH word 100\nRECENT 1\nHISTORY #none\nPING x\n", rounds))
			bob.write(strings.Repeat("more\n", 100))
			more := 0
			next := func() string {
				for {
					if line := ana.next(); line != "[bob] more" {
						return line
					}
					more++
				}
			}
			for range rounds {
				wantRows(t, ana, next(), "= HISTORY 300 #lobby", 300)
				if line := next(); line != "= LIST 2 ana bob" {
					t.Fatalf("behind HISTORY there is %q, want the LIST", line)
				}
				line, found := next(), 0 // how many there is time for
				if _, err := fmt.Sscanf(line, "= SEARCH %d more", &found); err != nil || found > 100 {
					t.Fatalf("behind the LIST there is %q, want at most 100 messages that were found, and more", line)
				}
				wantRows(t, ana, line, line, found)
				wantRows(t, ana, next(), "= RECENT 1 #lobby", 1)
				if line := next(); line != "! no-such-room you are not in #none; JOIN it first" {
					t.Fatalf("behind RECENT there is %q, want the refusal", line)
				}
				if line := next(); line != "PONG x" {
					t.Fatalf("behind the refusal there is %q, want the PONG", line)
				}
			}
			for _, line := range ana.fence() {
				if line == "[bob] more" {
					more++
				}
			}
			if more != 100 {
				t.Errorf("ana has heard %d of the 100 that bob has said meanwhile", more)
			}
		})
	}
}

// wantRows takes n messages behind a head; HISTORY of all may say so.
func wantRows(t *testing.T, c *talker, head, want string, n int) {
	t.Helper()
	if head != want && head != want+" first" {
		t.Fatalf("the answer begins with %q, want %q", head, want)
	}
	for range n {
		if row := c.next(); !strings.HasPrefix(row, "= 20") {
			t.Fatalf("within the answer %q stands %q", head, row)
		}
	}
}

// TestConversationsOutliveARestart: what two have written each other is there for each of them that had an account, whatever they are called since.
func TestConversationsOutliveARestart(t *testing.T) {
	t.Parallel()
	state := t.TempDir()
	s := guarded(t, state)
	ana, bob := registers(t, s, "127.0.0.2", "ana"), byNetcat(t, s, "127.0.0.3")
	bob.says("ADD bob", "= ADD bob")
	bob.say("TEXT TO ana before I had an account")
	ana.until("*bob* before I had an account")
	ana.say("TEXT TO bob hello")
	bob.until("*ana* hello")
	bob.says("HISTORY ana", "! not-registered messages to you are kept once you have an account: ")
	bob.says("REGISTER the password of bob", "= REGISTER bob")
	ana.says("NICK anna", "= NICK anna")
	bob.say("TEXT TO anna now I have one")
	ana.until("*bob* now I have one")
	s.stop()

	s = guarded(t, state)
	ana, bob = comesBack(t, s, "127.0.0.2", "ana"), comesBack(t, s, "127.0.0.3", "bob")
	eve := registers(t, s, "127.0.0.4", "eve")
	for _, row := range []struct {
		who  *talker
		asks string
		head string
		rows []string
	}{
		{ana, "HISTORY bob", "= HISTORY 3 bob first", []string{"*bob* before I had an account", "*ana* hello", "*bob* now I have one"}},
		{bob, "HISTORY ana", "= HISTORY 0 ana first", nil},
		{bob, "HISTORY anna", "= HISTORY 1 anna first", []string{"*bob* now I have one"}},
		{bob, "SEARCH account", "= SEARCH 0", nil},
		{ana, "SEARCH account", "= SEARCH 1", []string{"bob *bob* before I had an account"}},
		{bob, "EXPORT", "= EXPORT 1", []string{"anna *bob* now I have one"}},
		{ana, "EXPORT", "= EXPORT 1", []string{"bob *ana* hello"}},
		{eve, "HISTORY ana", "= HISTORY 0 ana first", nil},
		{eve, "SEARCH hello", "= SEARCH 0", nil},
		{eve, "EXPORT", "= EXPORT 0", nil},
	} {
		if got := withoutTimes(row.who.finds(row.asks, row.head)); !slices.Equal(got, row.rows) {
			t.Errorf("%s is told %q, want %q", row.asks, got, row.rows)
		}
	}
}

// TestNoHistoryWithoutAFolder: a server that keeps no messages says so, and has RECENT all the same.
func TestNoHistoryWithoutAFolder(t *testing.T) {
	t.Parallel()
	for _, arguments := range [][]string{{}, {"--state", t.TempDir(), "--keep-messages", "0"}} {
		s := startServer(t, arguments...)
		ana := signedIn(t, s, 0, "ana")
		ana.say("one")
		ana.says("HISTORY", "! history-off this server keeps no messages; RECENT tells the last ones")
		ana.says("SEARCH one", "! history-off ")
		ana.says("RECENT", "= RECENT 1 #lobby")
	}
}

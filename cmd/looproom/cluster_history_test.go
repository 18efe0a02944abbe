//go:build linux

package main_test

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// join starts one more node, and waits until it takes part.
func (c *nodes) join() {
	c.t.Helper()
	c.addresses = append(c.addresses, freeAddress(c.t))
	c.at = append(c.at, c.launch(len(c.addresses)-1))
	c.at[len(c.at)-1].opens()
}

// told is the answer to a line that begins with = and the word, and the lines behind it that belong to it.
func told(who *talker, line string) (head string, rows []string) {
	who.t.Helper()
	who.say(line)
	head, _ = who.until("= " + strings.Fields(line)[0])
	n := 0
	if _, err := fmt.Sscan(strings.Fields(head)[2], &n); err != nil {
		who.t.Fatalf("%q is answered by %q", line, head)
	}
	for range n {
		row, _ := who.until("= ")
		rows = append(rows, row)
	}
	return head, rows
}

// checkHistory looks at all that was said in the current room, from the last to the first: there must be those lines, in order.
func checkHistory(t *testing.T, who *talker, want []string) {
	t.Helper()
	who.say("IDS ON")
	who.until("= IDS ON")
	var got []string
	for before := ""; ; {
		head, rows := told(who, strings.TrimSpace("HISTORY "+before+" 500"))
		var texts []string
		for _, row := range rows {
			_, text, _ := strings.Cut(row, "] ")
			texts = append(texts, text)
		}
		got = append(texts, got...)
		if strings.HasSuffix(head, " first") || len(rows) == 0 {
			break
		}
		before = "before " + strings.TrimPrefix(strings.Fields(rows[0])[1], "@")
	}
	who.say("IDS OFF")
	who.until("= IDS OFF")
	if len(got) != len(want) {
		t.Fatalf("%s finds %d lines, want %d: %.300q", who.name, len(got), len(want), got)
	}
	for i := range got {
		if got[i] != want[i] {
			t.Fatalf("%s finds line %d to be %q, want %q", who.name, i, got[i], want[i])
		}
	}
}

// awaitSearch waits until a search finds so many.
func awaitSearch(t *testing.T, who *talker, words string, want int) {
	t.Helper()
	for deadline := time.Now().Add(patience); ; {
		_, rows := told(who, "SEARCH "+words+" 100")
		if len(rows) == want {
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("%s finds %d times %q, want %d: %q", who.name, len(rows), words, want, rows)
		}
	}
}

// TestClusterCatchesUp: what was said while a node was away is there when its doors open again, and what was erased meanwhile is not; so at a node that is new.
func TestClusterCatchesUp(t *testing.T) {
	t.Parallel()
	c := startCluster(t, 3)
	ann, bob := signedIn(t, c.at[0], 0, "ann"), signedIn(t, c.at[1], 0, "bob")
	dora, gus := signedIn(t, c.at[2], 0, "dora"), signedIn(t, c.at[1], 0, "gus")
	for _, who := range []*talker{ann, bob, dora} {
		who.say("REGISTER a long password")
		who.until("= REGISTER")
	}
	hears(t, dora, ann, "forgetmenow")
	hears(t, ann, bob, "before")
	bob.say("JOIN #go")
	bob.until("= JOIN #go")
	gus.say("JOIN #go")
	gus.until("= JOIN #go")
	hears(t, bob, gus, "clearmenow")
	hears(t, dora, ann, "end") // all nodes have it
	eve := signedIn(t, c.at[2], 0, "eve")
	awaitSearch(t, eve, "forgetmenow", 1)

	c.kill(2)
	want := []string{"before"}
	for i := range 1000 {
		line := fmt.Sprintf("away a%d of some words", i)
		want = append(want, line)
		ann.say(line)
	}
	ann.fence()
	bob.say("ROOM CLEAR")
	bob.until("= ROOM #go CLEAR")
	hears(t, bob, gus, "behind")
	again := connect(t, c.at[1], 0, "again")
	again.say("LOGIN dora a long password")
	again.until("= LOGIN")
	again.say("FORGET ME")
	again.until("= FORGET")
	began := time.Now()
	c.restart(2)
	t.Logf("the node is back after %v", time.Since(began).Round(time.Millisecond))
	began = time.Now()
	c.join()
	t.Logf("a new node is there after %v", time.Since(began).Round(time.Millisecond))
	c.at[3].awaitLog("has a copy of what another node keeps")
	for i, s := range c.at {
		who := signedIn(t, s, 0, fmt.Sprint("reader", i))
		checkHistory(t, who, want)
		for n := 0; n < 1000; n += 111 {
			awaitSearch(t, who, fmt.Sprint("a", n), 1)
		}
		awaitSearch(t, who, "forgetmenow", 0)
		who.say("JOIN #go")
		who.until("= JOIN #go")
		checkHistory(t, who, []string{"behind"})
		awaitSearch(t, who, "clearmenow", 0)
		who.say("END")
		who.until("= END")
	}
}

//go:build linux

package main_test

import (
	"fmt"
	"testing"
)

// TestRoomsPerAddress: the clients of one address open so many rooms together and no more, whoever is in them and however they left; they
// may still join others' rooms, and others may open theirs.
func TestRoomsPerAddress(t *testing.T) {
	for _, loops := range []string{"1", "2"} {
		t.Run("loops="+loops, func(t *testing.T) {
			t.Parallel()
			s := startServer(t, "--max-rooms-per-address", "6", "--max-rooms-per-user", "4", "--loops", loops)
			ann, bob, eve := dialFrom(t, s, "ann", "127.0.0.2"), dialFrom(t, s, "bob", "127.0.0.2"), dialFrom(t, s, "eve", "127.0.0.3")
			for n, c := range []*talker{ann, ann, ann, bob, bob, bob} {
				c.joins(fmt.Sprint("#", n), true)
			}
			bob.say("PART #3")
			bob.until("= PART #3")
			bob.joins("#again", true)
			cid := dialFrom(t, s, "cid", "127.0.0.2")
			cid.joins("#one-too-many", false)
			cid.joins("#0", true)
			eve.joins("#eves", true)
			cid.joins("#eves", true)
			eve.joins("#1", true)
			ann.input.Close() // #0 and #1 stay, #2 ends
			waitFor(t, "the end of #2", func() bool { return cid.mayJoin("#2") })
			cid.joins("#another", false)
		})
	}
}

// joins joins the room, or is refused.
func (c *talker) joins(room string, may bool) {
	c.t.Helper()
	if c.mayJoin(room) != may {
		c.t.Errorf("%s: JOIN %s allowed: %v, want %v", c.name, room, !may, may)
	}
}

// mayJoin says whether the client could join the room.
func (c *talker) mayJoin(room string) bool {
	c.t.Helper()
	c.say("JOIN " + room)
	for {
		switch line := c.answer(); {
		case hasFirstWord(line, "= JOIN"):
			return true
		case hasFirstWord(line, "! too-many-rooms"):
			return false
		case hasFirstWord(line, "!"):
			c.t.Fatalf("%s: JOIN %s = %q", c.name, room, line)
		}
	}
}

func hasFirstWord(line, words string) bool {
	return len(line) > len(words) && line[:len(words)+1] == words+" "
}

//go:build linux

package accounts

import (
	"net/netip"
	"os"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"looproom/loop/ban"
	"looproom/loop/remote"
	"looproom/loop/room"
)

// TestBansHoldOnEveryLoop: clients of all loops are looked at, each on its own, and the operator may be on any.
func TestBansHoldOnEveryLoop(t *testing.T) {
	h := newHouse(t, 2)
	home, other := h.loops[0], h.loops[1]
	other.ask(3, room.Ask{Verb: room.Ban, Name: "10.0.0.0/24", Operator: "Ann", Text: "spam"})
	other.want("3< = BAN 10.0.0.0/24 until forever by Ann spam", "3 goes on")
	home.want("1 banned until 0: spam", "2 banned until 0: spam")
	other.ask(3, room.Ask{Verb: room.Shun, Name: "10.0.0.0/15", Operator: "Ann"})
	other.want("3< ! bad-argument 10.0.0.0/15 is your own address, too", "3 goes on")
	other.ask(3, room.Ask{Verb: room.Ban, Name: "eve", Key: "eve", Operator: "Ann"}) // a name is the affair of the first loop alone
	home.want("nobody> set ban eve until 0")
	other.want("3< = BAN eve until forever by Ann", "3 goes on")
	h.wantNothing()
}

// TestLoopThatDoesNotAnswer: the ban holds where it can, the log says that it may not hold for all, and the operator is answered.
func TestLoopThatDoesNotAnswer(t *testing.T) {
	h := newHouse(t, 2)
	h.loops[1].on(func() {})
	h.loops[1].dead = true
	h.loops[0].ask(1, room.Ask{Verb: room.Ban, Name: "10.0.0.2", Operator: "Ann"})
	h.loops[0].want("1< = BAN 10.0.0.2 until forever by Ann", "2 banned until 0: ", "1 goes on")
	if log := h.log.String(); strings.Count(log, `"error":"event loop 1 does not answer","message":"a ban may not hold for all who are here"`) != 1 {
		t.Errorf("log = %s, want one line about the loop", log)
	}
}

// TestWhomBansMeet: who is looked at when it comes, and when a ban is set.
func TestWhomBansMeet(t *testing.T) {
	rows := []struct {
		name        string
		before      func(*house)
		change      func(*Client)
		came, known []string
	}{
		{"none", nil, nil, nil, []string{"2> shun client"}},
		{"a ban", banned("10.0.0.2", false), nil, []string{"2 banned until 0: spam"}, []string{"2 banned until 0: spam"}},
		{"a shun", banned("10.0.0.2", true), nil, []string{"2> shun client until 0"}, []string{"2> shun client until 0"}},
		{"both", both(banned("10.0.0.2", true), banned("10.0.0.0/24", false)), nil, []string{"2 banned until 0: spam"}, []string{"2 banned until 0: spam"}},
		{"of others", banned("10.0.0.3", false), nil, nil, []string{"2> shun client"}},
		{"a ban at an echo door", banned("10.0.0.2", false), func(c *Client) { c.Chats = false }, []string{"2 banned until 0: spam"}, []string{"2 banned until 0: spam"}},
		{"a shun at an echo door", banned("10.0.0.2", true), func(c *Client) { c.Chats = false }, nil, nil},
		{"a ban of who goes", banned("10.0.0.2", false), func(c *Client) { c.Ending = true }, nil, []string{"2> shun client"}},
		{"of who can't be told any more", banned("10.0.0.2", false), func(c *Client) { c.Address = "local:5" }, nil, nil},
	}
	target := ban.Target{Net: netip.MustParsePrefix("10.0.0.2/32")}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			h := newHouse(t, 1)
			f := h.loops[0]
			if row.before != nil {
				row.before(h)
			}
			setUp := func() {
				f.on(func() {
					f.clients[bob].Ending = false
					if row.change != nil {
						row.change(f.clients[bob])
					}
				})
			}
			setUp()
			f.on(func() { f.answers.Came(bob) })
			f.want(row.came...)
			setUp()
			f.on(func() {
				f.answers.lookAt(bob, target)
				f.answers.lookAt(ann, target)
				f.answers.lookAt(99, target)
			})
			f.want(row.known...)
		})
	}
}

// TestBanned: who may not come in, until the ban is over.
func TestBanned(t *testing.T) {
	h := newHouse(t, 1)
	f := h.loops[0]
	one, other := remote.Of(netip.MustParseAddr("10.9.9.9")), remote.Of(netip.MustParseAddr("10.9.9.8"))
	f.ask(ann, room.Ask{Verb: room.Ban, Name: "10.9.9.9", Seconds: 60, Operator: "Ann"})
	f.ask(ann, room.Ask{Verb: room.Shun, Name: "10.9.9.8", Operator: "Ann"})
	h.settle()
	if e, is := h.accounts.Banned(one); !is || e.By != "Ann" {
		t.Errorf("Banned = %+v, %v; want Ann's", e, is)
	}
	if _, is := h.accounts.Banned(other); is {
		t.Error("a shun keeps someone out")
	}
	h.pass(60e9)
	if _, is := h.accounts.Banned(one); is {
		t.Error("the ban holds longer than it was to")
	}
}

// TestUsersOfThisMachine: who comes by a Unix socket is a user: by that it is banned, and its tries are counted.
func TestUsersOfThisMachine(t *testing.T) {
	fds, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_STREAM, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer unix.Close(fds[0])
	defer unix.Close(fds[1])
	h := newHouse(t, 1)
	f := h.loops[0]
	f.on(func() { f.clients[bob].Address, f.clients[bob].Descriptor = "local:1", fds[0] })
	me := "unix:" + strconv.Itoa(os.Getuid())
	f.ask(bob, room.Ask{Verb: room.Ban, Name: me, Operator: "Ann"})
	f.want("2< ! bad-argument "+me+" is your own address, too", "2 goes on")
	f.ask(ann, room.Ask{Verb: room.Ban, Name: me, Operator: "Ann"})
	f.want("1< = BAN "+me+" until forever by Ann", "2 banned until 0: ", "1 goes on")
	// Those who come from 127.0.0.1 and whose user can't be told share its tries.
	f.on(func() {
		f.clients[ann].Address = "127.0.0.1:1"
		if user, shared := f.answers.trier(bob), f.answers.trier(ann); user == shared || user == f.answers.trier(99) || shared == f.answers.trier(99) {
			t.Errorf("tries are counted by %v, %v and %v; want three", user, shared, f.answers.trier(99))
		}
	})
}

//go:build linux

package accounts

import (
	"slices"
	"strings"
	"testing"
	"time"

	"looproom/loop/meter"
	"looproom/loop/room"
)

// guest makes the client one that has not signed in.
func (f *fake) guest(ids ...room.ClientID) {
	f.on(func() {
		for _, id := range ids {
			f.clients[id].Standing = meter.Guest
		}
	})
}

// ring has the alarm of those who must sign in ring.
func (f *fake) ring() { f.on(func() { f.answers.Rang(room.NoClient, SignInOver) }) }

const (
	expelled1 = "1 expelled: sign-in-timeout sign in within 1m0s: ADD name (has not signed in in time)"
	expelled2 = "2 expelled: sign-in-timeout sign in within 1m0s: ADD name (has not signed in in time)"
)

// TestGuestsMustSignIn: each has a minute from when it came; one alarm is set at a time, for the first.
func TestGuestsMustSignIn(t *testing.T) {
	h := newHouse(t, 1)
	f := h.loops[0]
	h.timeout.Store(int64(time.Minute))
	f.guest(ann, bob)
	f.on(func() { f.answers.Came(ann) })
	f.want("nobody alarm 2 in 1m0s")
	h.pass(20 * time.Second)
	f.on(func() { f.answers.Came(bob) })
	h.pass(39 * time.Second)
	f.ring() // too early
	h.wantNothing()
	h.pass(time.Second)
	f.ring()
	f.want(expelled1, "nobody alarm 2 in 20s")
	h.pass(20 * time.Second)
	f.ring()
	f.want(expelled2)
	f.ring()
	h.wantNothing()
}

// TestWhoNeedNotSignIn: those who are something else by then.
func TestWhoNeedNotSignIn(t *testing.T) {
	rows := map[string]func(*Client){
		"signed in":        func(c *Client) { c.Standing = meter.SignedIn },
		"locked":           func(c *Client) { c.Standing = meter.Locked },
		"echo":             func(c *Client) { c.Chats = false },
		"deaf":             func(c *Client) { c.Deaf = true },
		"about to be gone": func(c *Client) { c.Ending = true },
		"gone":             nil,
	}
	for name, change := range rows {
		t.Run(name, func(t *testing.T) {
			h := newHouse(t, 1)
			f := h.loops[0]
			h.timeout.Store(int64(time.Minute))
			f.guest(ann, bob)
			f.on(func() { f.answers.Came(ann); f.answers.Came(bob) })
			f.on(func() {
				if change == nil {
					delete(f.clients, ann)
				} else {
					change(f.clients[ann])
				}
			})
			h.pass(time.Minute)
			f.ring()
			f.want("nobody alarm 2 in 1m0s", expelled2)
		})
	}
}

// TestStoppedProcessCostsNoGuest: the time in which the guests could not be heard is given back to those who still wait.
func TestStoppedProcessCostsNoGuest(t *testing.T) {
	h := newHouse(t, 1)
	f := h.loops[0]
	h.timeout.Store(int64(time.Minute))
	f.guest(ann, bob)
	f.on(func() { f.answers.Came(ann) })
	h.pass(time.Second)
	f.on(func() { f.answers.Came(bob) })
	h.pass(time.Hour)
	f.ring()
	f.want("nobody alarm 2 in 1m0s", expelled1, "nobody alarm 2 in 1s")
	h.pass(time.Second + meter.StallAfter) // late, but no stall
	f.ring()
	f.want(expelled2)
}

// TestSignInTimeoutChanges: who is a guest has all of a new time, a shorter one is looked at sooner, and without one nobody is expelled.
func TestSignInTimeoutChanges(t *testing.T) {
	h := newHouse(t, 1)
	f := h.loops[0]
	change := func(timeout time.Duration) {
		h.timeout.Store(int64(timeout))
		f.on(func() { f.answers.LimitsChanged(slices.Values([]room.ClientID{ann, bob, 99})) })
	}
	f.guest(ann)
	f.on(func() { f.answers.Came(ann) })
	h.wantNothing() // there is no time limit
	change(time.Minute)
	f.want("nobody alarm 2 in 1m0s")
	change(2 * time.Minute) // the alarm is set for sooner than that
	h.wantNothing()
	h.pass(time.Minute)
	f.ring()
	f.want("nobody alarm 2 in 1m0s")
	change(90 * time.Second)
	f.want("nobody alarm 2 in 30s")
	change(0)
	h.pass(time.Hour)
	f.ring()
	h.wantNothing()
}

// TestLockedOut: who is to say the server's password has half a minute, or the time to sign in if that is shorter.
func TestLockedOut(t *testing.T) {
	for timeout, want := range map[time.Duration]string{0: "30s", time.Minute: "30s", 10 * time.Second: "10s"} {
		h := newHouse(t, 1)
		f := h.loops[0]
		h.timeout.Store(int64(timeout))
		f.on(func() { f.answers.LockedOut(ann) })
		f.want("1 alarm 1 in " + want)
	}
	rows := map[string]struct {
		c    Client
		want []string
	}{
		"locked":    {Client{Standing: meter.Locked}, []string{"1 expelled: sign-in-timeout no password came in time (has not said the password in time)"}},
		"a guest":   {Client{Standing: meter.Guest}, nil},
		"deaf":      {Client{Standing: meter.Locked, Deaf: true}, nil},
		"is ending": {Client{Standing: meter.Locked, Ending: true}, nil},
	}
	for name, row := range rows {
		t.Run(name, func(t *testing.T) {
			h := newHouse(t, 1)
			f := h.loops[0]
			f.on(func() { *f.clients[ann] = row.c; f.answers.Rang(ann, PassOver) })
			f.want(row.want...)
		})
	}
}

// TestAccess: which passwords and operators there can be, and what the room is told of them.
func TestAccess(t *testing.T) {
	hash := hashes()[annPassword]
	rows := []struct {
		name   string
		access Access
		want   string // of the error; "": none
	}{
		{"none", Access{}, ""},
		{"both", Access{Password: hash, Operators: map[string]string{"Zoe": hash, "Ann": hash}}, ""},
		{"a password in clear", Access{Password: annPassword}, "password: "},
		{"an operator's in clear", Access{Operators: map[string]string{"Ann": annPassword}}, "operator Ann: "},
		{"an operator with no name", Access{Operators: map[string]string{"#ann": hash}}, `operator "#ann": `},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			h := newHouse(t, 1)
			before := h.accounts.Rules(room.Config{MaxRooms: 5})
			err := h.accounts.SetAccess(row.access)
			if (err == nil) != (row.want == "") || err != nil && (!strings.HasPrefix(err.Error(), row.want) || strings.Contains(err.Error(), annPassword)) {
				t.Fatalf("SetAccess = %v, want %q, and not the password", err, row.want)
			}
			rules := h.accounts.Rules(room.Config{MaxRooms: 5})
			want, names := row.access.Password != "", []string(nil)
			for name := range row.access.Operators {
				names = append(names, name)
			}
			slices.Sort(names)
			if err != nil {
				want, names = before.NeedPassword, before.Operators
			}
			if rules.NeedPassword != want || !slices.Equal(rules.Operators, names) || rules.MaxRooms != 5 {
				t.Errorf("Rules = %+v, want a password: %v, operators: %q", rules, want, names)
			}
			if _, err := New(Config{Access: row.access}); (err == nil) != (row.want == "") {
				t.Errorf("New = %v, want %q", err, row.want)
			}
		})
	}
}

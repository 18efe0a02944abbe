//go:build linux

package accounts

import (
	"fmt"
	"runtime"
	"testing"

	"looproom/loop/registry"
	"looproom/loop/room"
)

func trustOf(key string) room.Ask {
	return room.Ask{Verb: room.Trust, Name: "Bob", Key: "bob", Password: room.KeyDigest(key)}
}

// TestNewKeysAreTries: each costs a write, so an address has as many as it has tries of passwords. One that is known costs nothing.
func TestNewKeysAreTries(t *testing.T) {
	h := newHouse(t, 1)
	f := h.loops[0]
	trusted(h)
	for range 10 {
		f.ask(ann, trustOf(bobKey))
		f.want("1< = TRUST", "1 goes on")
	}
	for i := range 6 {
		f.ask(ann, trustOf(fmt.Sprint("the key of a device ", i)))
		f.want("1< = TRUST", "1 goes on")
	}
	f.ask(ann, trustOf("one more"))
	f.want("1< ! too-many-attempts try again in 10s", "1 goes on")
	f.ask(ann, room.Ask{Verb: room.Distrust, Name: "Bob", Key: "bob"}) // to forget them is none
	f.want("1< = TRUST OFF", "1 goes on")
}

// TestRightKeysAreNoAttempts: who logs in by a key may do so for ever, and nothing is computed for it.
func TestRightKeysAreNoAttempts(t *testing.T) {
	h := newHouse(t, 1)
	trusted(h)
	for range 10 {
		h.loops[0].ask(ann, room.Ask{Verb: room.Login, Name: "Bob", Key: "bob", Password: bobKey})
		h.loops[0].want("1> log in Bob", "1 goes on")
	}
}

// TestChangedPasswordForgetsKeys: REGISTER by the owner has all keys mean nothing, and a wrong one is a wrong password.
func TestChangedPasswordForgetsKeys(t *testing.T) {
	h := newHouse(t, 1)
	f := h.loops[0]
	trusted(h)
	f.ask(ann, room.Ask{Verb: room.Register, Name: "Bob", Key: "bob", Password: annPassword})
	f.want("1> registered Bob", "1 goes on")
	f.ask(bob, room.Ask{Verb: room.Login, Name: "bob", Key: "bob", Password: bobKey})
	f.want("2 alarm 0 in 1s")
	if wrong := f.counters.PasswordsWrong.Load(); wrong != 1 {
		t.Errorf("wrong passwords = %d, want 1", wrong)
	}
}

// TestEveryWrongKeyCostsAHash: whether there is such a name, and whether it has keys, must not show in the time. The memory of the hash can be counted where its time can't.
func TestEveryWrongKeyCostsAHash(t *testing.T) {
	const memory = 19 << 20
	rows := []struct {
		name   string
		before func(*house)
	}{
		{"a name with keys", func(h *house) {
			registered(h)
			for i := range registry.MaxKeys {
				if err := h.trust("bob", fmt.Sprint(i)); err != nil {
					h.t.Fatal(err)
				}
			}
		}},
		{"a name without keys", registered},
		{"no name", func(*house) {}},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			h := newHouse(t, 1)
			row.before(h)
			f := h.loops[0]
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			f.ask(ann, room.Ask{Verb: room.Login, Name: "bob", Key: "bob", Password: bobKey})
			f.want("1 alarm 0 in 1s")
			runtime.ReadMemStats(&after)
			if got := after.TotalAlloc - before.TotalAlloc; got < memory || got > 2*memory {
				t.Errorf("a wrong key allocated %d bytes, want the %d of one hash", got, memory)
			}
		})
	}
}

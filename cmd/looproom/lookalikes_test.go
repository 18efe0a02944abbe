//go:build linux

package main_test

import (
	"testing"

	"looproom/loop/store"
)

// TestNamesThatLookAlike: nobody comes by a name that looks like one that is here, or belongs to someone; a name that was registered before
// that was looked at keeps its owner, also over a restart.
func TestNamesThatLookAlike(t *testing.T) {
	state := t.TempDir()
	const old = "аdmin" // with a Cyrillic а
	withState(t, state, func(s *store.Store) {
		if err := s.Change(store.PutName(store.Name{Key: old, Shown: old, Hash: operHash})); err != nil {
			t.Fatal(err)
		}
	})
	s := guarded(t, state)
	bob := namedFrom(t, s, "127.0.0.2", "bob")
	eve := connect(t, s, 0, "eve")
	for _, row := range []struct{ says, hears string }{
		{"ADD admin", "! name-taken admin looks like a name that belongs to someone; "},
		{"ADD admın", "! name-taken admın looks like a name that belongs to someone; "},
		{"ADD аdmіn", "! bad-name a name doesn't mix letters "},
		{"ADD " + old, "! bad-name a name doesn't mix letters "},
		{"ADD Вob", "! bad-name a name doesn't mix letters "},
		{"ADD b0b", "! name-taken b0b looks like bob, who is here; "},
		{"ADD Ann", "= ADD Ann"},
		{"NICK anп", "! bad-name a name doesn't mix letters "},
		{"LOGIN " + old + " " + operPassword, "= LOGIN " + old},
		{"NICK АDMIN", "! bad-name "},
		{"JOIN #lоbby", "! bad-name a name doesn't mix letters "},
		{"JOIN #l0bby", "! bad-name #l0bby looks like #lobby, which is there; "},
	} {
		eve.say(row.says)
		eve.until(row.hears)
	}
	bob.say("WHO " + old)
	bob.until("= WHO " + old + " ")
}

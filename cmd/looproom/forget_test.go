//go:build linux

package main_test

import (
	"bytes"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"testing"
)

// TestForgetMe: what an account has said is gone, from what others are told, from the files, and after a restart; what others have said is not. Who registers the name next has nothing of it.
func TestForgetMe(t *testing.T) {
	t.Parallel()
	state := t.TempDir()
	s := guarded(t, state)
	ana, bob := registers(t, s, "127.0.0.2", "ana"), registers(t, s, "127.0.0.3", "bob")
	bob.says("JOIN #go", "= JOIN #go 1")
	bob.says("ROOM KEEP", "= ROOM #go KEEP")
	ana.says("JOIN #go", "= JOIN #go 2")
	for _, line := range []string{"the first thing that ana regrets", "TEXT TO bob the second thing that ana regrets", "TEXT TO #lobby the third thing that ana regrets", "ME regrets a fourth thing"} {
		ana.say(line)
	}
	bob.until("* ana regrets a fourth thing")
	bob.say("bob regrets nothing")
	bob.say("TEXT TO ana bob wrote that to ana")
	ana.until("*bob* bob wrote that to ana")
	bob.finds("HISTORY #go", "= HISTORY 3 #go first")
	ana.finds("EXPORT", "= EXPORT 4")
	ana.finds("SEARCH regrets", "= SEARCH 5")
	ana.says("NICK anna", "= NICK anna")

	if line, _ := saysUntil(ana, "FORGET ME", "= FORGET "); line != "= FORGET ana 6" { // her four, one of them with bob's copy, and hers of what bob wrote
		t.Errorf("FORGET ME is answered %q, want six", line)
	}
	ana.says("EXPORT", "! not-registered ")
	check := func(bob *talker) {
		t.Helper()
		if got := withoutTimes(bob.finds("HISTORY #go", "= HISTORY 1 #go first")); !slices.Equal(got, []string{"[bob] bob regrets nothing"}) {
			t.Errorf("the room has %q", got)
		}
		if got := withoutTimes(bob.finds("SEARCH regrets", "= SEARCH 1")); !slices.Equal(got, []string{"#go [bob] bob regrets nothing"}) {
			t.Errorf("bob finds %q", got)
		}
		if got := withoutTimes(bob.finds("HISTORY ana", "= HISTORY 1 ana first")); !slices.Equal(got, []string{"*bob* bob wrote that to ana"}) {
			t.Errorf("bob's copies are %q", got)
		}
		bob.says("RECENT #go", "= RECENT 1 #go")
	}
	check(bob)
	s.stop()
	for _, words := range []string{"thing that ana regrets", "regrets a fourth thing"} {
		if file := fileWith(t, state, words); file != "" {
			t.Errorf("%s has %q in it yet", file, words)
		}
	}

	s = guarded(t, state)
	bob = comesBack(t, s, "127.0.0.3", "bob")
	bob.says("JOIN #go", "= JOIN #go 1")
	check(bob)
	thief := byNetcat(t, s, "127.0.0.4")
	thief.says("LOGIN ana the password of ana", "! wrong-password ")
	thief.says("ADD ana", "= ADD ana")
	thief.says("REGISTER another password", "= REGISTER ana")
	thief.finds("HISTORY bob", "= HISTORY 0 bob first")
	thief.finds("EXPORT", "= EXPORT 0")
	thief.finds("SEARCH wrote", "= SEARCH 0")
}

// saysUntil has the client say a line and returns the answer, and what came before it.
func saysUntil(c *talker, line, answer string) (got string, before []string) {
	c.t.Helper()
	c.say(line)
	return c.until(answer)
}

// fileWith is a file under the folder that has the text in it, "" if none has.
func fileWith(t *testing.T, folder, text string) (found string) {
	t.Helper()
	err := filepath.WalkDir(folder, func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		content, err := os.ReadFile(path)
		if bytes.Contains(content, []byte(text)) {
			found = path
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// TestClearedRoomStaysClear: what was said in a room that its founder has cleared is found by nobody, is in no file, and isn't back after a restart. The room goes on.
func TestClearedRoomStaysClear(t *testing.T) {
	for _, loops := range []string{"1", "2"} {
		t.Run("loops="+loops, func(t *testing.T) {
			t.Parallel()
			state := t.TempDir()
			s := guarded(t, state, "--loops", loops)
			ana, bob := registers(t, s, "127.0.0.2", "ana"), byNetcat(t, s, "127.0.0.3")
			ana.says("JOIN #go", "= JOIN #go 1")
			ana.says("TOPIC all about Go", "= TOPIC #go ")
			ana.says("ROOM KEEP", "= ROOM #go KEEP")
			bob.says("JOIN #go", "= JOIN #go 2")
			ana.say("a thing that nobody should have said")
			bob.until("[ana] a thing that nobody should have said")
			ana.finds("SEARCH nobody", "= SEARCH 1")
			bob.says("ROOM CLEAR", "! not-room-operator this is for the founder of #go")
			ana.says("ROOM CLEAR", "= ROOM #go CLEAR")
			bob.until("> ana cleared what was said here")
			for _, c := range []*talker{ana, bob} {
				c.says("RECENT", "= RECENT 0 #go")
				c.says("HISTORY", "= HISTORY 0 #go first") // at once: it is another place
				c.says("SEARCH nobody", "= SEARCH 0")
			}
			ana.finds("EXPORT", "= EXPORT 0")
			ana.say("another thing")
			bob.until("[ana] another thing")
			bob.finds("HISTORY", "= HISTORY 1 #go first")
			s.stop()
			if file := fileWith(t, state, "that nobody should have said"); file != "" {
				t.Errorf("%s has what was cleared in it yet", file)
			}

			s = guarded(t, state, "--loops", loops)
			ana = comesBack(t, s, "127.0.0.2", "ana")
			ana.says("JOIN #go", "= JOIN #go 1")
			if got := withoutTimes(ana.finds("HISTORY", "= HISTORY 1 #go first")); !slices.Equal(got, []string{"[ana] another thing"}) {
				t.Errorf("after a restart the room has %q", got)
			}
			ana.finds("SEARCH nobody", "= SEARCH 0")
			ana.says("TOPIC", "= TOPIC #go all about Go")
		})
	}
}

//go:build linux

package main_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"looproom/loop/store"
)

// deviceKey is one that a client has made at random.
const deviceKey = "q7GhT2Xa-q7GhT2Xa_q7GhT2Xa"

// logsIn connects someone at the address who logs in as ana by a password or a key.
func logsIn(t *testing.T, s *server, host, said string) *talker {
	t.Helper()
	c := greeted(dialAs(t, s, 0, host, "ana"))
	c.say("LOGIN ana " + said)
	c.until("= LOGIN Ana")
	return c
}

// says has the client say a line, and waits for the answer.
func (c *talker) says(line, answer string) {
	c.t.Helper()
	c.say(line)
	c.until(answer)
}

// TestKeysOutliveARestart: a device stays logged in over a restart, until its key is forgotten or the password changes; and nothing that is said of keys has one in it.
func TestKeysOutliveARestart(t *testing.T) {
	const other = "the-key-of-her-phone"
	state := t.TempDir()
	start := func() *server { return guarded(t, state, "--log-level", "trace") }
	s := start()
	ana := namedFrom(t, s, "127.0.0.2", "Ana")
	ana.says("REGISTER my own password", "= REGISTER Ana")
	ana.says("TRUST "+deviceKey, "= TRUST")
	ana.says("TRUST "+other, "= TRUST")
	s.stop()
	logs := s.log.String()

	s = start()
	ana = logsIn(t, s, "127.0.0.2", deviceKey)
	ana.says("TRUST OFF "+other, "= TRUST OFF")
	s.stop()
	logs += s.log.String()

	s = start()
	thief := greeted(dialAs(t, s, 0, "127.0.0.3", "thief"))
	thief.says("LOGIN ana "+other, "! wrong-password the name or the password is wrong")
	thief.says("TRUST "+deviceKey+"!", "! bad-argument TRUST needs a key")
	thief.says("trust "+deviceKey, "! looks-like-a-password ")
	ana = logsIn(t, s, "127.0.0.2", deviceKey)
	ana.says("REGISTER another password", "= REGISTER Ana")
	s.stop()
	logs += s.log.String()

	s = start()
	thief = greeted(dialAs(t, s, 0, "127.0.0.3", "thief"))
	thief.says("LOGIN ana "+deviceKey, "! wrong-password the name or the password is wrong")
	ana = logsIn(t, s, "127.0.0.2", "another password")
	ana.says("TRUST "+deviceKey, "= TRUST")
	ana.says("UNREGISTER", "= UNREGISTER Ana")
	ana.says("REGISTER a third password", "= REGISTER Ana")
	s.stop()
	logs += s.log.String()

	s = start()
	thief = greeted(dialAs(t, s, 0, "127.0.0.3", "thief"))
	thief.says("LOGIN ana "+deviceKey, "! wrong-password the name or the password is wrong")
	s.stop()
	logs += s.log.String()
	kept, err := os.ReadFile(filepath.Join(state, store.FileName))
	if err != nil {
		t.Fatal(err)
	}
	for _, key := range []string{deviceKey, other} {
		if strings.Contains(logs, key) || strings.Contains(string(kept), key) {
			t.Errorf("the key %s is in the log or in the database; the log:\n%s", key, logs)
		}
	}
}

// TestTrustIsKeptWhenItIsAnswered: each key that was acknowledged opens the account after kill -9.
func TestTrustIsKeptWhenItIsAnswered(t *testing.T) {
	state := t.TempDir()
	s := guarded(t, state)
	ana := namedFrom(t, s, "127.0.0.2", "Ana")
	ana.says("REGISTER my own password", "= REGISTER Ana")
	const rounds = 5
	for round := range rounds {
		ana.says(fmt.Sprint("TRUST ", deviceKey, round), "= TRUST")
		if err := s.command.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		s.wait()
		s = guarded(t, state)
		ana = logsIn(t, s, "127.0.0.2", fmt.Sprint(deviceKey, round))
	}
	ana.says("TRUST OFF", "= TRUST OFF")
	if err := s.command.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	s.wait()
	s = guarded(t, state)
	for round := range rounds { // with one try to spare
		greeted(dialAs(t, s, 0, "127.0.0.2", "ana")).says(fmt.Sprint("LOGIN ana ", deviceKey, round), "! wrong-password ")
	}
}

// TestTrustWithoutState: where names can't be registered there is nothing to log in to.
func TestTrustWithoutState(t *testing.T) {
	s := startServer(t)
	ana := signedIn(t, s, 0, "ana")
	ana.says("TRUST "+deviceKey, "! not-registered ")
	ana.says("LOGIN ana "+deviceKey, "! names-off ")
}

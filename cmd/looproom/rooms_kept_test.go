//go:build linux

package main_test

import (
	"strings"
	"testing"
)

// byNetcat connects someone at the address by nc.
func byNetcat(t *testing.T, s *server, from string) *talker {
	t.Helper()
	needOpenBSD(t)
	host, port := s.hostPort(0)
	return greeted(startProgram(t, "nc", "-s", from, host, port))
}

// registers is byNetcat for someone who keeps a name by a password.
func registers(t *testing.T, s *server, from, name string) *talker {
	t.Helper()
	c := byNetcat(t, s, from)
	c.says("ADD "+name, "= ADD "+name)
	c.says("REGISTER the password of "+name, "= REGISTER "+name)
	return c
}

// comesBack is byNetcat for someone who has registered that name.
func comesBack(t *testing.T, s *server, from, name string) *talker {
	t.Helper()
	c := byNetcat(t, s, from)
	c.says("LOGIN "+name+" the password of "+name, "= LOGIN "+name)
	return c
}

// rightsOf are the rights of a room as they are told to the client, without their times.
func rightsOf(c *talker, room string) string {
	c.t.Helper()
	c.says("ROOM "+room, "= RIGHTS "+room)
	var rights []string
	for _, line := range c.fence() {
		right, _, _ := strings.Cut(strings.TrimPrefix(line, "= RIGHT "+room+" "), " at ")
		rights = append(rights, right)
	}
	return strings.Join(rights, ", ")
}

// TestKeptRoomOutlivesARestart is the story of a room: ana makes and keeps it, bob puts eve out and bans her, it is locked, and dan invited. All of that is there after a restart.
func TestKeptRoomOutlivesARestart(t *testing.T) {
	for _, loops := range []string{"1", "2"} {
		t.Run("loops="+loops, func(t *testing.T) {
			t.Parallel()
			state := t.TempDir()
			s := guarded(t, state, "--loops", loops)
			ana, bob, dan := registers(t, s, "127.0.0.2", "ana"), registers(t, s, "127.0.0.3", "bob"), registers(t, s, "127.0.0.4", "dan")
			eve := byNetcat(t, s, "127.0.0.5")
			eve.says("ADD eve", "= ADD eve")
			ana.says("JOIN #go", "= JOIN #go 1")
			ana.says("TOPIC all about Go", "= TOPIC #go all about Go")
			ana.says("ROOM KEEP", "= ROOM #go KEEP")
			bob.says("JOIN #go", "= JOIN #go 2")
			eve.says("JOIN #go", "= JOIN #go 3")
			ana.says("ROOM OP bob", "= ROOM #go OP bob")
			bob.until("> ana made bob an operator of the room")
			bob.says("ROOM KICK eve spam", "= ROOM #go KICK eve spam")
			eve.until("! put-out of #go by bob: spam")
			eve.says("JOIN #go", "= JOIN #go 3")
			bob.says("ROOM BAN eve forever more spam", "= ROOM #go BAN eve until forever more spam")
			eve.until("! put-out of #go by bob: more spam")
			eve.says("JOIN #go", "! room-banned you are banned from #go for ever: more spam")
			ana.until("> eve was put out of the room by bob: more spam")
			ana.says("ROOM LOCK", "= ROOM #go LOCK")
			ana.says("ROOM KEY open sesame", "= ROOM #go KEY")
			ana.says("ROOM INVITE dan", "= ROOM #go INVITE dan")
			dan.until("> ana invites you to #go")
			ana.fence()
			const all = "founder ana by ana, op bob by ana, ban eve until forever by bob, invite dan by ana, kept by ana, locked by ana, key by ana"
			if got := rightsOf(ana, "#go"); got != all {
				t.Errorf("the rights are %q, want %q", got, all)
			}
			s.stop()

			s = guarded(t, state, "--loops", loops)
			eve = byNetcat(t, s, "127.0.0.5")
			eve.says("ROOMS", "= ROOMS 2")
			eve.expect("= ROOM #go 0 all about Go")
			eve.says("JOIN #go open sesame", "! room-locked #go is locked; only who is invited comes in")
			eve.says("ADD eve", "= ADD eve")
			eve.says("JOIN #go open sesame", "! room-banned you are banned from #go for ever: more spam")
			dan = comesBack(t, s, "127.0.0.4", "dan")
			dan.says("JOIN #go", "= JOIN #go 1")
			dan.expect("= TOPIC #go all about Go")
			bob = comesBack(t, s, "127.0.0.3", "bob")
			bob.says("JOIN #go", "= JOIN #go 2")
			bob.says("ROOM LOCK OFF", "= ROOM #go LOCK OFF")
			dan.until("> bob unlocked the room")
			carl := byNetcat(t, s, "127.0.0.6")
			carl.says("JOIN #go", "! room-key #go has a key: JOIN #go words")
			carl.says("JOIN #go open sesame", "= JOIN #go 3")
			ana = comesBack(t, s, "127.0.0.2", "ana")
			ana.says("JOIN #go", "= JOIN #go 4")
			ana.fence()
			const less = "founder ana by ana, op bob by ana, ban eve until forever by bob, kept by ana, key by ana"
			if got := rightsOf(ana, "#go"); got != less {
				t.Errorf("after a restart the rights are %q, want %q", got, less)
			}
			ana.says("ROOM KEEP OFF", "= ROOM #go KEEP OFF")
			s.stop()

			s = guarded(t, state, "--loops", loops)
			eve = byNetcat(t, s, "127.0.0.5")
			eve.says("ROOMS", "= ROOMS 1")
		})
	}
}

// TestRoomIsKeptWhenItIsAnswered: a room whose founder was told that it is kept is there after kill -9; and what is changed later comes to the disk by itself.
func TestRoomIsKeptWhenItIsAnswered(t *testing.T) {
	state := t.TempDir()
	s := guarded(t, state)
	ana := registers(t, s, "127.0.0.2", "ana")
	ana.says("JOIN #go", "= JOIN #go 1")
	ana.says("ROOM KEEP", "= ROOM #go KEEP")
	kill(t, s)

	s = guarded(t, state)
	ana = comesBack(t, s, "127.0.0.2", "ana")
	ana.says("JOIN #go", "= JOIN #go 1")
	ana.says("ROOM MUTE", "= ROOM #go MUTE")
	ana.says("TRUST "+deviceKey, "= TRUST") // when that is on the disk, so is all that was before it
	kill(t, s)

	s = guarded(t, state)
	ana = comesBack(t, s, "127.0.0.2", "ana")
	ana.says("JOIN #go", "= JOIN #go 1")
	if got, want := rightsOf(ana, "#go"), "founder ana by ana, kept by ana, muted by ana"; got != want {
		t.Errorf("after kill -9 the rights are %q, want %q", got, want)
	}
}

// kill ends the server by SIGKILL.
func kill(t *testing.T, s *server) {
	t.Helper()
	if err := s.command.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	s.wait()
}

// TestNoStateNoKeptRooms: without a folder nothing outlives the server, nor the last who is in a room.
func TestNoStateNoKeptRooms(t *testing.T) {
	s := startServer(t, "--operator", "ann:"+operHash)
	c := signedIn(t, s, 0, "root")
	c.says("OPER ann "+operPassword, "= OPER ann")
	c.says("JOIN #go", "= JOIN #go 1")
	c.says("ROOM KEEP", "! not-registered #go has no founder, and can't be kept")
}

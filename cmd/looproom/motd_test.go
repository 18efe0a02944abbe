//go:build linux

package main_test

import (
	"net/http"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// TestMOTD: it stands behind the greeting, where there is one, and SIGHUP has it read again; a file that can't be read changes nothing.
func TestMOTD(t *testing.T) {
	motd := filepath.Join(t.TempDir(), "motd")
	rewrite(t, motd, "Welcome.\n\n\x02Be kind\x02\x1b[2J.\n")
	s := startServer(t, "--listen", "line://127.0.0.1:0?greeting=yes", "--listen", "line://127.0.0.1:0", "--motd", motd)
	greets := func(lines ...string) {
		t.Helper()
		c := dial(t, s, 0, "ana")
		c.until("= HELP says what you can do")
		c.expectOnly(lines...)
	}
	greets("= MOTD Welcome.", "= MOTD", "= MOTD Be kind[2J.")
	quiet := dial(t, s, 1, "bob")
	quiet.until("> Connected to the chat server (")
	quiet.expectOnly()

	rewrite(t, motd, "Welcome back.")
	s.signal(syscall.SIGHUP)
	s.awaitLog("message of the day read again", `"lines":1`)
	greets("= MOTD Welcome back.")

	rewrite(t, motd, "caf\xe9")
	s.signal(syscall.SIGHUP)
	s.awaitLog("message of the day refused; it stays as it was", "not text in UTF-8")
	greets("= MOTD Welcome back.")
}

// TestMOTDOfConfig: with a config file it is read again with that.
func TestMOTDOfConfig(t *testing.T) {
	motd := filepath.Join(t.TempDir(), "motd")
	rewrite(t, motd, "first")
	greets := "listen = [\"line://127.0.0.1:0?greeting=yes\"]\n"
	path := configFile(t, greets)
	s := startConfigured(t, 1, nil, "--config", path)
	dial(t, s, 0, "ana").until("= HELP says what you can do")
	s.reload(t, path, greets+"motd = \""+motd+"\"\n", reread)
	dial(t, s, 0, "bob").until("= MOTD first")
	rewrite(t, motd, "second")
	s.reload(t, path, greets+"motd = \""+motd+"\"\n", reread)
	dial(t, s, 0, "eve").until("= MOTD second")
	s.reload(t, path, greets+"motd = \""+motd+".none\"\n", "config file refused")
	dial(t, s, 0, "joe").until("= MOTD second")
}

// TestPasswordMin: it holds for who registers, at any time, and pages know it.
func TestPasswordMin(t *testing.T) {
	settings := "listen = [\"line://127.0.0.1:0\", \"http://127.0.0.1:0\"]\n"
	path := configFile(t, settings+"password-min = 3\n")
	s := startConfigured(t, 2, nil, "--config", path, "--state", t.TempDir())
	page := func(want string) {
		t.Helper()
		if response, module := request(t, s.dial(t, 1), getRequest("/limits.js")); response.StatusCode != http.StatusOK || !strings.Contains(module, want) {
			t.Errorf("/limits.js = %s %q, want %q in it", response.Status, module, want)
		}
	}
	ana, bob := signedIn(t, s, 0, "ana"), signedIn(t, s, 0, "bob")
	ana.say("REGISTER ab")
	ana.until("! bad-password a password has 3 characters or more")
	ana.say("REGISTER abc")
	ana.until("= REGISTER ana")
	page("passwordFrom = 3;")
	s.reload(t, path, settings+"password-min = 20\n", reread)
	bob.say("REGISTER correct horse")
	bob.until("! bad-password a password has 20 characters or more")
	page("passwordFrom = 20;")
}

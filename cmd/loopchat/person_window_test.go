//go:build linux

package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// passwordFile is a file with ana's password.
func passwordFile(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "password")
	if err := os.WriteFile(path, []byte("correct horse\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// TestWindowOfPerson: who logs in is shown what was missed in each room, tells the server what has been read, and comes back where the person
// is by now.
func TestWindowOfPerson(t *testing.T) {
	need(t, "tmux")
	t.Parallel()
	const at = " 2026-11-21T09:30:00.123Z "
	logins := 0
	f := startReplying(t, func(line string) string {
		switch {
		case line == "/ids on":
			return "= IDS ON\n"
		case line == "LOGIN ana correct horse":
			if logins++; logins > 1 {
				return "= LOGIN ana\n= JOIN #new 1\n= JOIN #lobby 2\n= MISSED 1 #lobby\n= @1-9" + at + "[bob] meanwhile\n"
			}
			return "= LOGIN ana\n= JOIN #go 2\n= TOPIC #go all about Go\n= MISSED 2 #go\n= @1-2" + at + "[bob] one\n= @1-3" + at + "[ana] two\n" +
				"= JOIN #lobby 2\n= MISSED 1 #lobby\n= @1-4" + at + "[bob] " + strings.Repeat("a long line that goes on ", 5) + "\n" +
				"= MISSED 1 *\n= @1-5" + at + "*bob* psst\n= READ #go 1-1 1\n"
		}
		return ""
	}, greeting)
	ana := newScreen(t, 100, 25)
	ana.line(loopchat + " --name ana --password-file " + passwordFile(t) + " " + f.address())
	ana.see("You are ana now.", "While you were away: 1 message", "[bob] a long line", "While you were away: 1 private message", "[bob → You] psst", "[1:#lobby] 2:#go(1)")
	f.hear("/read #lobby 1-4")
	f.hear("/read bob 1-5")
	ana.keys("M-2")
	ana.see("While you were away: 2 messages", "[bob] one", "[You] two", "all about Go")
	f.hear("/read #go 1-3")
	f.say("@1-6 [bob] by name\n@1-7 #go [ana] by phone\n@1-8 > you told eve: hello\n> you joined #new\n")
	ana.see("1:#lobby(1)", "[You] by phone", "[You → eve] hello", "3:#new")
	f.drop()
	ana.see("Connected again.", "#go (not in it)")
	ana.keys("M-1")
	ana.see("[bob] meanwhile")
	ana.line("back")
	f.hear("TEXT TO #lobby back")
	f.say("! put-out of #new by eve: words\n")
	ana.see("put-out of #new")
	ana.keys("M-3")
	ana.see("#new (not in it)")
	ana.line("KEEP on")
	f.hear("/KEEP on") // an older server would say it without the slash
	ana.line("/logout")
	ana.ended(0)
	if logins != 2 {
		t.Errorf("ana has logged in %d times, want 2", logins)
	}
	for len(f.heard) > 0 {
		if line := <-f.heard; strings.HasPrefix(line, "JOIN #go") {
			t.Errorf("the client said %q, of a room that the person has left", line)
		}
	}
}

// TestWindowAsksForSecrets: who is refused for want of a password, or of a room's key, only has to type that, which isn't shown.
func TestWindowAsksForSecrets(t *testing.T) {
	need(t, "tmux")
	t.Parallel()
	in := false
	f := startReplying(t, func(line string) string {
		switch {
		case strings.HasPrefix(line, "ADD ana") && in:
			return "! already-in you are already in the chat as ana\n"
		case strings.HasPrefix(line, "ADD ana"):
			return "! name-registered ana belongs to someone: LOGIN ana password\n"
		case line == "/login ana correct horse", line == "LOGIN ana correct horse":
			in = true
			return "= LOGIN ana\n"
		case line == "/join #go":
			return "! room-key #go has a key: JOIN #go words\n"
		case line == "/join #go open sesame", line == "JOIN #go open sesame":
			return "= JOIN #go 1\n"
		}
		return ""
	}, greeting)
	ana := newScreen(t, 100, 25)
	ana.line(loopchat + " --name ana " + f.address())
	ana.see("Type the password of ana", "> /login ****")
	ana.line("correct horse")
	f.hear("/login ana correct horse")
	ana.see("You are ana now.", "· ana ·")
	ana.line("/join #go")
	ana.see("Type the key of #go", "> /join #go")
	ana.typed("open sesame")
	ana.see("> /join #go ***********")
	ana.keys("Enter")
	ana.see("[2:#go]")
	f.drop()
	f.hear("LOGIN ana correct horse")
	f.hear("JOIN #go open sesame")
	ana.miss("server is down")
	if text := ana.text(); strings.Contains(text, "horse") || strings.Contains(text, "sesame") {
		t.Errorf("a secret is on the screen:\n%s", text)
	}
}

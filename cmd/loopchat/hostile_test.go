//go:build linux

package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const greeting = "> Connected to the chat server (1 user online)"

// TestWindowHostileServer: nothing that a server says drives the terminal.
func TestWindowHostileServer(t *testing.T) {
	need(t, "tmux")
	t.Parallel()
	f := startFake(t, greeting)
	ana := chat(t, 100, 20, f.address())
	for _, text := range []string{
		"[eve\x1b[31m] \x1b[2J\x1b[H\x1b]0;owned\x07cleared\n",
		"> New user \x1b[?1049l entered (2 users online)\n",
		"\u009b31mC1 \x9b31m raw\n",
		"= TOPIC #lobby \x1b]52;c;aGFja2Vk\x07topic\n",
		"= LIST 2 a\x1b[5mb x\x0e\x0f\n",
		"! some-code \x1bP+q544e\x1b\\words\n",
		"[eve] \u202egnp.exe\u2066 bidi\u2028line\n",
		"\x00\x01\x02\n\n\r\n[] \n[\n*\n**\n#\n# \n#x\n=\n= \n!\n<\n>\nPONG\n",
		"= JOIN\n= PART\n= PART #nowhere\n= RECENT 99999999999999999999 #lobby\n= FILE 5 x\n= LIST -5\n= RECENT -1\n= 2026-11-21T09:30:00Z\n",
		"[eve] " + strings.Repeat("z\u0301\u0302\u0303", 50) + "\n",
		"[eve] " + strings.Repeat("long ", 40_000) + "\n",
	} {
		f.say(text)
	}
	f.say("[eve] after all\n")
	ana.see("[eve] after all")
	if got := ana.tmux("display-message", "-p", "#{alternate_on} #{pane_title}"); strings.Contains(got, "owned") || !strings.HasPrefix(got, "1") {
		t.Errorf("alternate screen and title = %q, want 1 and the window's own", got)
	}
	if got := ana.tmux("list-buffers"); strings.Contains(got, "hacked") {
		t.Errorf("the server has put %q into the clipboard", got)
	}
	ana.keys("C-c")
	ana.ended(0)
}

// TestWindowNameInUse: the server may not have heard yet that the connection from before is gone.
func TestWindowNameInUse(t *testing.T) {
	need(t, "tmux")
	t.Parallel()
	asked := 0
	f := startReplying(t, func(line string) string {
		if !strings.HasPrefix(line, "ADD ana ") {
			return ""
		}
		if asked++; asked == 2 {
			return "! name-taken ana is taken\n"
		}
		return "= ADD ana\n"
	}, greeting)
	ana := chatAs(t, "ana", f.address())
	ana.line("first")
	f.hear("TEXT TO #lobby first")
	f.drop()
	ana.see("ana is still in use")
	ana.line("kept meanwhile")
	ana.see("1 line waiting")
	f.hear("TEXT TO #lobby kept meanwhile")
	ana.see("· ana ·")
}

// TestWindowStaysAway: who is not wanted does not come back by itself, or two clients of one name would throw each other out for ever.
func TestWindowStaysAway(t *testing.T) {
	need(t, "tmux")
	t.Parallel()
	f := startFake(t, greeting)
	ana := chat(t, 100, 20, f.address())
	f.say("! logged-in-elsewhere another connection has logged in as ana\n")
	f.drop()
	ana.see("Disconnected. /reconnect connects again.")
	ana.line("/reconnect")
	ana.see("Connected again.")
}

// TestWindowDownloadStaysHere: a name from the server is no way out of the current folder, and nothing is taken for a file that was not asked for.
func TestWindowDownloadStaysHere(t *testing.T) {
	need(t, "tmux")
	t.Parallel()
	dir := t.TempDir()
	f := startReplying(t, func(line string) string {
		switch line {
		case "GET ../../escaped":
			return "= FILE 3 ../../elsewhere\nabc[eve] behind\n"
		case "GET late":
			// Someone makes the file after the question would have been asked.
			if err := os.WriteFile(filepath.Join(dir, "here/late"), []byte("mine"), 0o600); err != nil {
				t.Error(err)
			}
			return "= FILE 3 late\nabc"
		case "GET half":
			return "= FILE 1000 half\nabc"
		}
		return ""
	}, greeting)
	ana := newScreen(t, 100, 20)
	ana.line("mkdir " + dir + "/here; cd " + dir + "/here")
	ana.line(loopchat + " " + f.address())
	ana.see("> Connected")
	ana.line("/get ../../escaped")
	ana.see("is in escaped (3 bytes)", "[eve] behind")
	f.say("= FILE 3 unasked\n[eve] no file\n")
	ana.see("FILE 3 unasked", "[eve] no file")
	entries, err := os.ReadDir(filepath.Join(dir, "here"))
	if err != nil || len(entries) != 1 || entries[0].Name() != "escaped" {
		t.Errorf("the folder has %v, %v; want escaped alone", entries, err)
	}
	ana.line("/get late")
	ana.see("late is there already")
	if text, err := os.ReadFile(filepath.Join(dir, "here/late")); string(text) != "mine" {
		t.Errorf("the file = %q, %v; want it untouched", text, err)
	}
	// A connection that ends in the middle leaves nothing behind.
	ana.line("/get half")
	f.hear("GET half")
	f.drop()
	ana.see("half was not fetched")
	if found, _ := filepath.Glob(filepath.Join(dir, "here/*half*")); len(found) > 0 {
		t.Errorf("half of a file is left: %q", found)
	}
	if found, _ := filepath.Glob(filepath.Join(dir, "here/.loopchat*")); len(found) > 0 {
		t.Errorf("half of a file is left: %q", found)
	}
}

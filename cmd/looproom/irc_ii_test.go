//go:build linux

package main_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"testing"
	"time"
)

// filer is somebody who uses ii, whose rooms are folders: what is written to the file in is said, and what is told stands in the file out.
type filer struct {
	t      *testing.T
	folder string
	pipes  map[string]*os.File // open until the test ends: ii opens a pipe anew at the end of each writer, and loses what another has written meanwhile
}

// says says a line in a room, to a user, or to the server ("").
func (f filer) says(where, line string) {
	f.t.Helper()
	in := f.pipes[where]
	if in == nil {
		path := filepath.Join(f.folder, where, "in")
		waitFor(f.t, path, func() bool { _, err := os.Stat(path); return err == nil })
		var err error
		if in, err = os.OpenFile(path, os.O_WRONLY, 0); err != nil {
			f.t.Fatal(err)
		}
		f.t.Cleanup(func() { in.Close() })
		f.pipes[where] = in
	}
	if _, err := in.WriteString(line + "\n"); err != nil {
		f.t.Fatal(err)
	}
}

// reads waits until there is a line that matches.
func (f filer) reads(where, want string) {
	f.t.Helper()
	path, e := filepath.Join(f.folder, where, "out"), regexp.MustCompile("(?m)"+want)
	out := func() []byte { text, _ := os.ReadFile(path); return text }
	defer func() {
		if f.t.Failed() {
			f.t.Logf("%s:\n%s", path, out())
		}
	}()
	waitFor(f.t, want+" in "+path, func() bool { return e.Match(out()) })
}

// TestII: ii asks for no capability, knows little, and comes by a Unix socket.
func TestII(t *testing.T) {
	need(t, "ii")
	t.Parallel()
	dir, err := os.MkdirTemp("", "lr") // the path of a socket must be short
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	door := filepath.Join(dir, "irc")
	s := startServer(t, "--network", "Teahouse", "--state", t.TempDir(), "--listen", "line://127.0.0.1:0", "--listen", "irc+unix://"+door)
	bob := registers(t, s, "127.0.0.2", "bob")
	command := exec.Command("ii", "-i", dir, "-s", "teahouse", "-u", door, "-n", "ivy", "-f", "Ivy")
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- command.Wait() }()
	t.Cleanup(func() { _ = command.Process.Kill() })

	ivy := filer{t, filepath.Join(dir, "teahouse"), map[string]*os.File{}}
	ivy.reads("", `Welcome to the Teahouse network, ivy!`)
	for _, room := range []string{"#lobby", "#tea", "#cake"} {
		ivy.says("", "/j "+room)
		ivy.reads(room, `ivy\(\S+\) has joined `+room+`$`)
	}
	bob.say("hello from nc")
	ivy.reads("#lobby", `<bob> hello from nc$`)
	ivy.says("#lobby", "hello from a file, ¡bien! 🍰")
	bob.until("[ivy] hello from a file, ¡bien! 🍰")

	bob.says("JOIN #tea", "= JOIN #tea 2")
	ivy.reads("#tea", `bob\(\S+\) has joined #tea$`)
	ivy.says("#tea", "/t green or black")
	bob.until("> ivy set the topic: green or black")
	ivy.says("#tea", "/MODE #tea +o bob")
	bob.until("> ivy made bob an operator of the room")
	ivy.says("#tea", "/MODE #tea -o bob")
	bob.until("> ivy took from bob the rights of an operator")
	ivy.says("#tea", "/n iva")
	bob.until("> ivy is now called iva")
	bob.say("TEXT TO iva psst")
	ivy.reads("bob", `<bob> psst$`)
	ivy.says("bob", "what is it?")
	bob.until("*iva* what is it?")
	ivy.says("#tea", "/KICK #tea bob :your tea is cold")
	bob.until("! put-out of #tea by iva: your tea is cold")
	ivy.says("", "/q so long")
	select {
	case <-ended:
	case <-time.After(patience):
		t.Error("ii has not ended after QUIT")
	}
	bob.says("LIST", "= LIST 1 bob")
}

//go:build linux

package main

import (
	"os"
	"path/filepath"
	"testing"
)

func TestWindowFiles(t *testing.T) {
	need(t, "tmux")
	t.Parallel()
	dir := t.TempDir()
	s := startServer(t, "--files", filepath.Join(dir, "kept"))
	if err := os.WriteFile(filepath.Join(dir, "my notes.txt"), []byte("three\n\x00lines\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	bob := s.join("bob")
	ana := newScreen(t, 100, 25)
	ana.line("mkdir " + dir + "/here; cd " + dir + "/here")
	ana.line(loopchat + " --name ana " + s.address())
	ana.see("You are ana now.")
	ana.typed("/send " + dir + "/my")
	ana.keys("Tab", "Enter")
	ana.see("my notes.txt was sent (13 bytes)", "* You shared a file: my notes.txt (13 B)")
	bob.until("* ana shared a file: my notes.txt (13 B)")
	ana.line(`/get "my notes.txt"`)
	waitFor(t, "the file", ana.text, func() bool { return exists(filepath.Join(dir, "here/my notes.txt")) })
	ana.see("is in my notes.txt (13 bytes)")
	ana.line(`/get "my notes.txt" ../my notes.txt`)
	ana.see("Replace it?")
	ana.keys("n")
	ana.miss("Replace it?")
	ana.line("/get nothing")
	ana.see("! no-such-file")
	ana.line(`/get "my notes.txt" copy`)
	ana.see("is in copy (13 bytes)")
	if got, err := os.ReadFile(filepath.Join(dir, "here/copy")); string(got) != "three\n\x00lines\n" {
		t.Errorf("the file = %q, %v; want what was sent", got, err)
	}
	ana.line("/send " + dir + "/nothing")
	ana.see("no such file")
	ana.line("lines go on")
	ana.see("[You] lines go on")
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

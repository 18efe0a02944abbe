//go:build linux

package main_test

import (
	"bytes"
	"fmt"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// awaitFiles waits until FILES lists so many, and returns its rows without their times.
func awaitFiles(t *testing.T, who *talker, want int) (rows []string) {
	t.Helper()
	for deadline := time.Now().Add(patience); ; {
		if _, rows = told(who, "FILES 1000"); len(rows) == want {
			return rows
		}
		if time.Now().After(deadline) {
			t.Fatalf("%s is listed %d files, want %d: %q", who.name, len(rows), want, rows)
		}
	}
}

// checkGets gets a file, which must be so.
func checkGets(t *testing.T, who *talker, name string, want []byte) {
	t.Helper()
	who.say("GET " + name)
	who.until(fmt.Sprintf("= FILE %d %s", len(want), name))
	if got := who.bytes(len(want)); !bytes.Equal(got, want) {
		t.Errorf("%s gets another %s", who.name, name)
	}
	who.fence()
}

// TestClusterSharesFiles: whoever is at a node gets the files that were sent to others, also to those that were away, or weren't there, when they were sent; one that only a node has which is gone is refused with a code.
func TestClusterSharesFiles(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	c := startCluster(t, 3, "--files", filepath.Join(dir, "{node}"))
	ann, bob, eve := signedIn(t, c.at[0], 0, "ann"), signedIn(t, c.at[1], 0, "bob"), signedIn(t, c.at[2], 0, "eve")
	files := map[string][]byte{"of one.bin": randomBytes(1, 3<<20+17), "small": []byte("text"), "empty": {}, "of three.bin": randomBytes(3, 100_000), "meanwhile": randomBytes(4, 200_000)}
	for _, name := range []string{"of one.bin", "small", "empty"} {
		ann.send(name, files[name])
	}
	awaitFiles(t, eve, 3)
	eve.send("of three.bin", files["of three.bin"])
	want := awaitFiles(t, ann, 4)
	for _, who := range []*talker{bob, eve} {
		if got := awaitFiles(t, who, 4); strings.Join(got, "\n") != strings.Join(want, "\n") {
			t.Errorf("%s is listed %q, want %q", who.name, got, want)
		}
	}
	for _, who := range []*talker{ann, bob, eve} {
		for _, name := range []string{"of one.bin", "small", "empty", "of three.bin"} {
			checkGets(t, who, name, files[name])
		}
	}

	c.kill(2)
	bob.send("meanwhile", files["meanwhile"])
	bob.send("small", []byte("newer"))
	files["small"] = []byte("newer")
	c.restart(2)
	c.join()
	for i, s := range c.at[2:] {
		who := signedIn(t, s, 0, fmt.Sprint("late", i))
		awaitFiles(t, who, 6)
		for name, data := range files {
			checkGets(t, who, name, data)
		}
	}

	c.kill(0)
	began := time.Now()
	bob.say("GET of one.bin")
	bob.until("! file-away")
	t.Logf("a file of a node that has crashed is refused after %v", time.Since(began).Round(time.Millisecond))
	checkGets(t, bob, "of three.bin", files["of three.bin"])
	c.at[3].signal(syscall.SIGSTOP)
	defer c.at[3].signal(syscall.SIGCONT)
	checkGets(t, bob, "meanwhile", files["meanwhile"])
}

// TestClusterFileStands: the node that has a file stands still while it is fetched: who wants it is told so, and the next one gets it when that goes on.
func TestClusterFileStands(t *testing.T) {
	t.Parallel()
	c := startCluster(t, 3, "--files", filepath.Join(t.TempDir(), "{node}"))
	ann, bob := signedIn(t, c.at[0], 0, "ann"), signedIn(t, c.at[1], 0, "bob")
	data := randomBytes(5, 8<<20)
	ann.send("big.bin", data)
	awaitFiles(t, bob, 1)
	c.at[0].signal(syscall.SIGSTOP)
	bob.say("GET big.bin")
	bob.until("! file-away")
	c.at[0].signal(syscall.SIGCONT)
	waitFor(t, "the file, from the node that goes on", func() bool {
		bob.say("GET big.bin")
		line := bob.next()
		for !strings.HasPrefix(line, "= FILE 8388608 ") && !strings.HasPrefix(line, "! ") {
			line = bob.next()
		}
		return strings.HasPrefix(line, "= FILE ")
	})
	if got := bob.bytes(len(data)); !bytes.Equal(got, data) {
		t.Error("bob gets another file")
	}
}

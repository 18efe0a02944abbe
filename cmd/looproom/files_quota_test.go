//go:build linux

package main_test

import (
	"fmt"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/sys/unix"
)

// sendsOrNot sends a file of that size and returns the first word of what is answered: SENT or a code. What stands behind the bytes is
// answered all the same.
func (c *talker) sendsOrNot(size int) string {
	c.t.Helper()
	c.write(fmt.Sprintf("SEND %d file\n%sPING behind\n", size, strings.Repeat("x", size)))
	for {
		line := c.answer()
		kind, rest, _ := strings.Cut(line, " ")
		if kind != "=" && kind != "!" {
			continue // somebody has come or talks
		}
		word, _, _ := strings.Cut(rest, " ")
		c.until("PONG behind")
		return word
	}
}

// TestFileQuotas: an address, and a registered name wherever it comes from, may send so many files and so many bytes; what they may not
// send is refused, and the others are not held by it.
func TestFileQuotas(t *testing.T) {
	rows := []struct {
		name  string
		flags []string
		sizes []int // that fit
		over  int   // and one that doesn't, for anybody of the same
		fits  int   // for others
	}{
		{"files", []string{"--files-per-address", "3"}, []int{1, 0, 100_000}, 0, 0},
		{"bytes", []string{"--file-bytes-per-address", "1MiB"}, []int{600_000, 400_000}, 100_000, 100_000},
		{"bytes, none left", []string{"--file-bytes-per-address", "1000"}, []int{1000, 0}, 10, 1000},
		{"one file is too much", []string{"--file-bytes-per-address", "1000"}, []int{10}, 1001, 10},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			s := startServer(t, append(row.flags, "--files", t.TempDir())...)
			ann, bob, eve := dialFrom(t, s, "ann", "127.0.0.2"), dialFrom(t, s, "bob", "127.0.0.2"), dialFrom(t, s, "eve", "127.0.0.3")
			broken := dialFrom(t, s, "broken", "127.0.0.2") // its file is not kept, and doesn't count
			broken.write("SEND 1000 broken\nsome")
			broken.input.Close()
			for _, size := range row.sizes {
				waitFor(t, "the broken file to be given back", func() bool { return ann.sendsOrNot(size) == "SENT" })
			}
			for _, c := range []*talker{ann, bob} {
				if got := c.sendsOrNot(row.over); got != "quota" {
					t.Errorf("%s: SEND of %d bytes = %s, want quota", c.name, row.over, got)
				}
			}
			if got := eve.sendsOrNot(row.fits); got != "SENT" {
				t.Errorf("eve: SEND of %d bytes = %s, want SENT", row.fits, got)
			}
		})
	}
}

// TestFileQuotaOfAName: a registered name takes its quota with it.
func TestFileQuotaOfAName(t *testing.T) {
	s := startServer(t, "--files", t.TempDir(), "--state", t.TempDir(), "--files-per-account", "2", "--file-bytes-per-account", "5000")
	ann := dialFrom(t, s, "ann", "127.0.0.2")
	ann.say("ADD ann")
	ann.until("= ADD ann")
	ann.say("REGISTER correct horse battery")
	ann.until("= REGISTER ann")
	for range 2 {
		if got := ann.sendsOrNot(1000); got != "SENT" {
			t.Fatalf("SEND = %s, want SENT", got)
		}
	}
	again := dialFrom(t, s, "ann again", "127.0.0.3")
	again.say("LOGIN ann correct horse battery")
	again.until("= LOGIN ann")
	again.fence() // and in which rooms one is
	if got := again.sendsOrNot(1); got != "quota" {
		t.Errorf("SEND of one file too many = %s, want quota", got)
	}
	guest := dialFrom(t, s, "guest", "127.0.0.3")
	for range 5 {
		if got := guest.sendsOrNot(5000); got != "SENT" {
			t.Errorf("SEND of a guest = %s, want SENT", got)
		}
	}
}

// TestBrokenFileIsGivenBackToAName: a file that has not come whole counts for its sender's name as little as for its address.
func TestBrokenFileIsGivenBackToAName(t *testing.T) {
	s := startServer(t, "--files", t.TempDir(), "--state", t.TempDir(), "--files-per-account", "2")
	ann := signedIn(t, s, 0, "ann")
	ann.say("REGISTER correct horse battery")
	ann.until("= REGISTER ann")
	ann.write("SEND 1000 broken\nsome")
	ann.input.Close()
	again := connect(t, s, 0, "ann again")
	again.say("LOGIN ann correct horse battery")
	again.until("= LOGIN ann")
	again.fence() // and in which rooms one is
	for range 2 {
		waitFor(t, "the broken file to be given back", func() bool { return again.sendsOrNot(1000) == "SENT" })
	}
	if got := again.sendsOrNot(1); got != "quota" {
		t.Errorf("SEND of one file too many = %s, want quota", got)
	}
}

// TestFilesInAll: the server keeps so many files and so many bytes, and no more; a change of the config file counts at once.
func TestFilesInAll(t *testing.T) {
	rows := []struct{ name, few, more string }{
		{"files", "files-max = 2\n", "files-max = 3\n"},
		{"bytes", "files-bytes = \"2500\"\n", "files-bytes = \"3000\"\n"},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			path := configFile(t, oneDoor+row.few)
			s := startCommand(t, exec.Command(binary, "--config", path, "--files", t.TempDir()), 1)
			ann := connect(t, s, 0, "ann")
			for n, want := range []string{"SENT", "SENT", "quota", "quota"} {
				if got := ann.sendsOrNot(1000); got != want {
					t.Errorf("SEND %d = %s, want %s", n, got, want)
				}
			}
			s.reload(t, path, oneDoor+row.more, reread)
			for n, want := range []string{"SENT", "quota"} {
				if got := ann.sendsOrNot(1000); got != want {
					t.Errorf("SEND %d after the change = %s, want %s", n, got, want)
				}
			}
		})
	}
}

// TestDiskReserve: files leave some of the disk free, so that names can still be registered and bans set.
func TestDiskReserve(t *testing.T) {
	dir := t.TempDir()
	mountSmall(t, dir, "8m", 0)
	s := startServer(t, "--files", filepath.Join(dir, "files"), "--state", filepath.Join(dir, "state"), "--disk-reserve", "2MiB",
		"--operator", "root:"+hashOf("correct horse battery"))
	ann := signedIn(t, s, 0, "ann")
	kept := 0
	for ann.sendsOrNot(1<<20) == "SENT" {
		kept++
	}
	if got := ann.sendsOrNot(1 << 20); got != "disk-full" || kept == 0 {
		t.Errorf("after %d files SEND = %s, want some and disk-full", kept, got)
	}
	for ann.sendsOrNot(60_000) == "SENT" {
	}
	var disk unix.Statfs_t
	if err := unix.Statfs(dir, &disk); err != nil || int64(disk.Bavail)*disk.Bsize < 2<<20 {
		t.Errorf("%d bytes are free, %v, want 2 MiB", int64(disk.Bavail)*disk.Bsize, err)
	}
	ann.say("REGISTER correct horse battery")
	ann.until("= REGISTER ann")
	ann.say("OPER root correct horse battery")
	ann.until("= OPER root")
	ann.say("BAN 127.0.0.9 1h")
	ann.until("= BAN 127.0.0.9 ")
}

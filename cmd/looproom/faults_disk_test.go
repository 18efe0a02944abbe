//go:build linux

package main_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/sys/unix"
)

// mountSmall mounts a file system of size on dir until the test ends, or skips the test.
func mountSmall(t *testing.T, dir, size string, flags uintptr) {
	t.Helper()
	if err := unix.Mount("tmpfs", dir, "tmpfs", flags, "size="+size); err != nil {
		t.Skipf("mount a small tmpfs: %v", err)
	}
	t.Cleanup(func() { _ = unix.Unmount(dir, unix.MNT_DETACH) })
}

// TestDiskFull: an upload that finds no room is answered with the reason, those after it are kept when there is room again, and the index
// tells of those alone that are whole.
func TestDiskFull(t *testing.T) {
	dir := t.TempDir()
	mountSmall(t, dir, "2m", 0)
	s := startServer(t, "--files", dir)
	bob := signedIn(t, s, 0, "bob")
	sums := map[string]string{"first of uploader": ""}
	c := signedIn(t, s, 0, "uploader")
	sums["first of uploader"] = c.send("first of uploader", randomBytes(1, 200_000))
	ballast := filepath.Join(dir, "ballast")
	_ = os.WriteFile(ballast, make([]byte, 2<<20), 0o600) // as much of it as fits
	for _, size := range []int{100_000, 1_000_000} {
		c.write(fmt.Sprintf("SEND %d lost\n%sPING behind\n", size, randomBytes(2, size)))
		line, _ := c.until("! file-failed ")
		if !strings.Contains(line, "no space left on device") {
			t.Errorf("SEND of %d bytes on a full disk = %q, want no space left on device", size, line)
		}
		c.expect("PONG behind")
	}
	bob.fence()
	if err := os.Remove(ballast); err != nil {
		t.Fatal(err)
	}
	sums["second of uploader"] = c.send("second of uploader", randomBytes(3, 300_000))
	s.stop()
	checkReceived(t, dir, sums)
}

// send uploads a file and returns its SHA-256.
func (c *talker) send(name string, data []byte) (sum string) {
	c.t.Helper()
	c.write(fmt.Sprintf("SEND %d %s\n%s", len(data), name, data))
	line, _ := c.until("= SENT ")
	return line[strings.LastIndexByte(line, ' ')+1:]
}

// TestDiskReadOnly: the folder for what is arriving becomes read-only under the server. Small files, which need no part there, are kept;
// the others are answered with the reason.
func TestDiskReadOnly(t *testing.T) {
	dir := t.TempDir()
	s := startServer(t, "--files", dir)
	bob := signedIn(t, s, 0, "bob")
	c := signedIn(t, s, 0, "uploader")
	sums := map[string]string{"first of uploader": c.send("first of uploader", randomBytes(1, 200_000))}
	parts := filepath.Join(dir, "incoming")
	if err := os.MkdirAll(parts, 0o700); err != nil {
		t.Fatal(err)
	}
	mountSmall(t, parts, "64k", unix.MS_RDONLY)
	c.write(fmt.Sprintf("SEND 200000 lost\n%sPING behind\n", randomBytes(2, 200_000)))
	line, _ := c.until("! file-failed ")
	if !strings.Contains(line, "read-only file system") {
		t.Errorf("SEND to a read-only disk = %q, want read-only file system", line)
	}
	c.expect("PONG behind")
	bob.fence()
	if err := unix.Unmount(parts, 0); err != nil {
		t.Fatal(err)
	}
	sums["second of uploader"] = c.send("second of uploader", randomBytes(3, 200_000))
	s.stop()
	checkReceived(t, dir, sums)
}

//go:build linux

package main_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"golang.org/x/sys/unix"
)

// disk is a file system of a test's own, in an image on a small disk in memory, so that it can be made to hang and to fail.
type disk struct {
	t       *testing.T
	dir     string // where it is mounted
	memory  string // where its image is
	mounted bool
}

// The sizes of the image, and of the memory that it is in.
const (
	imageSize  = 8 << 20
	memorySize = "24m"
)

// fifreeze and fithaw are ioctls: FIFREEZE and FITHAW.
const (
	fifreeze = 0xC0045877
	fithaw   = 0xC0045878
)

// newDisk mounts an empty file system until the test ends, or skips the test. Its blocks of 1 KiB that are free have no memory behind them.
func newDisk(t *testing.T) *disk {
	t.Helper()
	for _, program := range []string{"mkfs.ext4", "fstrim", "mount"} {
		need(t, program)
	}
	d := &disk{t: t, dir: t.TempDir(), memory: t.TempDir()}
	mountSmall(t, d.memory, memorySize, 0)
	d.run("mkfs.ext4", "-q", "-F", "-b", "1024", "-E", "nodiscard,lazy_itable_init=0,lazy_journal_init=0", d.newImage("made"))
	// What mkfs has punched out for zeros has to be there: only free blocks may be without memory.
	made, err := os.ReadFile(filepath.Join(d.memory, "made"))
	if err == nil {
		err = os.WriteFile(d.image(), made, 0o600)
	}
	if err == nil {
		err = os.Remove(filepath.Join(d.memory, "made"))
	}
	if err != nil {
		t.Fatal(err)
	}
	d.mount()
	t.Cleanup(d.unmount)
	d.run("fstrim", d.dir)
	return d
}

func (d *disk) image() string { return filepath.Join(d.memory, "image") }

func (d *disk) newImage(name string) (path string) {
	d.t.Helper()
	path = filepath.Join(d.memory, name)
	if err := os.WriteFile(path, make([]byte, imageSize), 0o600); err != nil {
		d.t.Fatal(err)
	}
	return path
}

func (d *disk) run(name string, arguments ...string) {
	d.t.Helper()
	if out, err := exec.Command(name, arguments...).CombinedOutput(); err != nil {
		d.t.Fatalf("%s %q: %v\n%s", name, arguments, err, out)
	}
}

func (d *disk) mount() {
	d.t.Helper()
	if out, err := exec.Command("mount", "-o", "loop", d.image(), d.dir).CombinedOutput(); err != nil {
		d.t.Skipf("mount an image: %v\n%s", err, out)
	}
	d.mounted = true
}

func (d *disk) unmount() {
	if d.mounted {
		_ = unix.Unmount(d.dir, 0)
		d.mounted = false
	}
}

// freeze has whoever writes wait, until thaw is called or the test ends.
func (d *disk) freeze() (thaw func()) {
	d.t.Helper()
	folder, err := os.Open(d.dir)
	if err != nil {
		d.t.Fatal(err)
	}
	if err := unix.IoctlSetInt(int(folder.Fd()), fifreeze, 0); err != nil {
		folder.Close()
		d.t.Skipf("freeze a file system: %v", err)
	}
	thaw = func() {
		if folder != nil {
			_ = unix.IoctlSetInt(int(folder.Fd()), fithaw, 0)
			folder.Close()
			folder = nil
		}
	}
	d.t.Cleanup(thaw)
	return thaw
}

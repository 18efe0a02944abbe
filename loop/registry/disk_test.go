package registry

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"syscall"
	"testing"
)

// mounted is a tiny disk.
func mounted(t *testing.T) (dir string) {
	t.Helper()
	dir = t.TempDir()
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, "size=64k"); err != nil {
		t.Skipf("mount a tiny tmpfs: %v", err)
	}
	t.Cleanup(func() { syscall.Unmount(dir, syscall.MNT_DETACH) })
	return dir
}

// A disk that is full, for real.
func TestDiskFull(t *testing.T) {
	dir := mounted(t)
	r := mustOpen(t, dir)
	kept := registerUntil(t, r, syscall.ENOSPC)
	if kept == 0 {
		t.Fatal("not one name fits the disk")
	}
	if left, _ := filepath.Glob(filepath.Join(dir, "*"+unfinished)); len(left) > 0 {
		t.Errorf("%q is left on the full disk", left)
	}
	mustClose(t, r)
	r = mustOpen(t, dir)
	if got := len(r.Names()); got != kept {
		t.Errorf("%d names after reopening, want the %d that were kept", got, kept)
	}
	if had, err := r.RemoveName("name0"); !had || err != nil {
		t.Errorf("RemoveName on a full disk = %v, %v, want that it makes room", had, err)
	}
}

// registerUntil registers names until one can't be kept, and returns how many were.
func registerUntil(t *testing.T, r *Registry, want error) (kept int) {
	t.Helper()
	for ; kept < 10_000; kept++ {
		key := fmt.Sprintf("name%d", kept)
		if err := r.PutName(Name{Key: key, Shown: key, Hash: argonHash}); err == nil {
			continue
		} else if !errors.Is(err, want) {
			t.Fatalf("PutName = %v, want %v", err, want)
		}
		if _, found := r.Name(key); found || len(r.Names()) != kept {
			t.Errorf("Name of what couldn't be kept: found = %v with %d names, want none with %d", found, len(r.Names()), kept)
		}
		return kept
	}
	t.Fatalf("%d names on a disk of 64 KiB", kept)
	return 0
}

func TestReadOnlyDisk(t *testing.T) {
	dir := mounted(t)
	r := mustOpen(t, dir)
	bans := someBans(t)
	mustPutBan(t, r, bans[0])
	mustPutName(t, r, someNames()[0])
	mustTrust(t, r, "ana", "a key")
	mustPutRoom(t, r, someRoom())
	remount(t, dir, syscall.MS_RDONLY)
	if err := r.PutBan(bans[1], noon); !errors.Is(err, syscall.EROFS) {
		t.Errorf("PutBan = %v, want %v", err, syscall.EROFS)
	}
	if had, err := r.LiftBan(bans[0].Target, noon); !had || !errors.Is(err, syscall.EROFS) {
		t.Errorf("LiftBan = %v, %v, want true and %v", had, err, syscall.EROFS)
	}
	if got := r.Bans().Entries(noon); len(got) != 0 {
		t.Errorf("Entries = %v, want none: they are lifted all the same", got)
	}
	if had, err := r.RemoveName("ana"); !had || !errors.Is(err, syscall.EROFS) || len(r.Names()) != 1 {
		t.Errorf("RemoveName = %v, %v with %d names left, want true, %v and 1", had, err, len(r.Names()), syscall.EROFS)
	}
	checkRoomsOnReadOnlyDisk(t, r)
	if err := r.Trust("ana", "another"); !errors.Is(err, syscall.EROFS) || trusts(r, "ana", "another") {
		t.Errorf("Trust = %v, and it holds: %v; want %v and false", err, trusts(r, "ana", "another"), syscall.EROFS)
	}
	if err := r.Distrust("ana", ""); !errors.Is(err, syscall.EROFS) || !trusts(r, "ana", "a key") {
		t.Errorf("Distrust = %v, and the key is known: %v; want %v and true", err, trusts(r, "ana", "a key"), syscall.EROFS)
	}
	remount(t, dir, 0)
	mustPutBan(t, r, bans[2])
	mustClose(t, r)
	r = mustOpen(t, dir)
	if got := r.Bans().Entries(noon); !slices.Equal(got, bans[2:3]) {
		t.Errorf("Entries after reopening = %v, want what was in force at last, %v", got, bans[2:3])
	}
	if got := r.Rooms(); len(got) != 1 || got[0].Topic != "on a read-only disk" {
		t.Errorf("Rooms after reopening = %+v, want the topic that was set at last", got)
	}
}

// checkRoomsOnReadOnlyDisk wants that nothing that must be on the disk changes, and that the rest does.
func checkRoomsOnReadOnlyDisk(t *testing.T, r *Registry) {
	t.Helper()
	other, changed := someRoom(), someRoom()
	other.Key, changed.Topic = "#other", "on a read-only disk"
	if err := r.PutRoom(other); !errors.Is(err, syscall.EROFS) || len(r.Rooms()) != 1 {
		t.Errorf("PutRoom = %v with %d rooms, want %v and 1", err, len(r.Rooms()), syscall.EROFS)
	}
	if had, err := r.RemoveRoom("#go"); !had || !errors.Is(err, syscall.EROFS) || len(r.Rooms()) != 1 {
		t.Errorf("RemoveRoom = %v, %v with %d rooms, want true, %v and 1", had, err, len(r.Rooms()), syscall.EROFS)
	}
	if err := r.SetRoom(changed); err != nil || r.Rooms()[0] != changed {
		t.Errorf("SetRoom = %v with %+v, want it done", err, r.Rooms()[0])
	}
	for range 2 { // it is tried again
		if err := r.KeepRooms(); !errors.Is(err, syscall.EROFS) {
			t.Errorf("KeepRooms = %v, want %v", err, syscall.EROFS)
		}
	}
}

func remount(t *testing.T, dir string, flags uintptr) {
	t.Helper()
	if err := syscall.Mount("tmpfs", dir, "tmpfs", syscall.MS_REMOUNT|flags, ""); err != nil {
		t.Fatalf("remount: %v", err)
	}
}

// A folder that can't be written from the beginning is an error of Open, not a surprise later.
func TestOpenOnReadOnlyDisk(t *testing.T) {
	dir := mounted(t)
	remount(t, dir, syscall.MS_RDONLY)
	if _, err := Open(dir); !errors.Is(err, syscall.EROFS) {
		t.Errorf("Open of an empty folder = %v, want %v", err, syscall.EROFS)
	}
}

// What a crash left is removed, and what isn't ours is left alone.
func TestLeftovers(t *testing.T) {
	dir := filled(t)
	for _, name := range []string{"bans.unfinished", "names.unfinished", "trusted.unfinished", "rooms.unfinished", "cloak.key.unfinished", "start.unfinished", "notes"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte("half"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	mustOpen(t, dir)
	var left []string
	files, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		left = append(left, file.Name())
	}
	if want := []string{"bans", "cloak.key", "names", "notes", "rooms", "start", "trusted"}; !slices.Equal(left, want) {
		t.Errorf("files after Open = %q, want %q", left, want)
	}
}

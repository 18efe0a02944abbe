package registry

import (
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"syscall"
	"testing"

	"looproom/loop/ban"
	"looproom/loop/room"
)

// mounted is a tiny disk.
func mounted(t *testing.T) (dir string) {
	t.Helper()
	dir = t.TempDir()
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, "size=2m"); err != nil {
		t.Skipf("mount a tiny tmpfs: %v", err)
	}
	t.Cleanup(func() { syscall.Unmount(dir, syscall.MNT_DETACH) })
	return dir
}

// fill leaves nothing free on the disk, until free is called.
func fill(t *testing.T, dir string) (free func()) {
	t.Helper()
	ballast := filepath.Join(dir, "ballast")
	if err := os.WriteFile(ballast, make([]byte, 4<<20), 0o600); !errors.Is(err, syscall.ENOSPC) {
		t.Fatalf("fill the disk: %v, want %v", err, syscall.ENOSPC)
	}
	return func() {
		if err := os.Remove(ballast); err != nil {
			t.Fatal(err)
		}
	}
}

// kept is all that a registry knows.
type kept struct {
	bans    []ban.Entry
	names   []Name
	rooms   []*room.KeptRoom
	trusted map[string][]mark
}

func keptBy(r *Registry) kept {
	k := kept{bans: r.Bans().Entries(noon), names: r.Names(), rooms: r.Rooms(), trusted: map[string][]mark{}}
	for _, n := range k.names {
		if marks := r.trust.marks(n.Key); len(marks) > 0 {
			k.trusted[n.Key] = marks
		}
	}
	return k
}

// TestFullDisk: what must be on the disk is refused, and changes nothing; bans hold, and rooms change, and both come to the disk when it has room again.
func TestFullDisk(t *testing.T) {
	dir := mounted(t)
	r := mustOpen(t, dir)
	bans := someBans(t)
	mustPutBan(t, r, bans[0])
	mustPutName(t, r, someNames()[0])
	mustTrust(t, r, "ana", "a key")
	mustPutRoom(t, r, someRoom())
	before := keptBy(r)
	free := fill(t, dir)
	registerUntilFull(t, r)
	other, changed := someRoom(), someRoom()
	other.Key, changed.Topic = "#other", "on a full disk"
	for name, do := range map[string]func() error{
		"PutName of another password": func() error { return r.PutName(Name{Key: "ana", Shown: "Ana", Hash: hashWithSalt(7)}) },
		"RemoveName":                  func() error { _, err := r.RemoveName("ana"); return err },
		"Trust":                       func() error { return r.Trust("ana", "another") },
		"Distrust":                    func() error { return r.Distrust("ana", "") },
		"PutRoom":                     func() error { return r.PutRoom(other) },
		"RemoveRoom":                  func() error { _, err := r.RemoveRoom("#go"); return err },
		"PutPerson":                   func() error { return r.PutPerson(&room.KeptPerson{Account: "ana", Name: "Ana", Keeps: true}) },
		"NextStart":                   func() error { _, err := r.NextStart(7); return err },
	} {
		if err := do(); err == nil {
			t.Errorf("%s on a full disk = nil, want an error", name)
		}
	}
	got := keptBy(r)
	got.names = slices.DeleteFunc(got.names, func(n Name) bool { return n.Key != "ana" })
	if !reflect.DeepEqual(got, before) {
		t.Errorf("after what failed there is %+v, want %+v", got, before)
	}
	if err := r.PutBan(bans[1], noon); err == nil {
		t.Error("PutBan on a full disk = nil, want an error")
	}
	if had, err := r.LiftBan(bans[3].Target, noon); had || err != nil {
		t.Errorf("LiftBan of nobody = %v, %v, want false", had, err)
	}
	if got := r.Bans().Entries(noon); !slices.Equal(got, bans[:2]) {
		t.Errorf("Entries = %v, want %v: it holds all the same", got, bans[:2])
	}
	if err := r.SetRoom(changed); err != nil || r.Rooms()[0] != changed {
		t.Errorf("SetRoom = %v with %+v, want it done", err, r.Rooms()[0])
	}
	free()
	mustPutBan(t, r, bans[2])
	want := keptBy(r)
	mustClose(t, r)
	if got := keptBy(mustOpen(t, dir)); !reflect.DeepEqual(got, want) || !slices.Equal(got.bans, bans[:3]) || got.rooms[0].Topic != changed.Topic {
		t.Errorf("after reopening there is %+v, want %+v", got, want)
	}
}

// registerUntilFull registers names until one can't be kept.
func registerUntilFull(t *testing.T, r *Registry) {
	t.Helper()
	for i, n := range manyNames(20_000) {
		if err := r.PutName(n); err == nil {
			continue
		}
		if _, found := r.Name(n.Key); found || r.CountNames() != i+1 {
			t.Errorf("Name of what couldn't be kept: found = %v with %d names, want none with %d", found, r.CountNames(), i+1)
		}
		return
	}
	t.Fatal("20000 names fit on a full disk")
}

// A folder that can't be written from the beginning is an error of Open, not a surprise later.
func TestOpenOnReadOnlyDisk(t *testing.T) {
	dir := mounted(t)
	if err := syscall.Mount("tmpfs", dir, "tmpfs", syscall.MS_REMOUNT|syscall.MS_RDONLY, ""); err != nil {
		t.Fatalf("remount: %v", err)
	}
	if _, err := openIn(dir); !errors.Is(err, syscall.EROFS) {
		t.Errorf("Open of an empty folder = %v, want %v", err, syscall.EROFS)
	}
}

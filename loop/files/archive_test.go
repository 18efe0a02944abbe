package files

import (
	"bytes"
	"errors"
	"os"
	"syscall"
	"testing"
)

// A disk error on either file fails the upload alone: both files are cut back and the store goes on when the disk does.
func TestDiskErrorIsUndone(t *testing.T) {
	for _, row := range []struct {
		name   string
		target func(*archive) **os.File
		path   string // what stands in for the file
		flag   int
		want   error
	}{
		{"data can't be written", func(a *archive) **os.File { return &a.data }, "", os.O_RDONLY, syscall.EBADF},
		{"index can't be written", func(a *archive) **os.File { return &a.index }, "", os.O_RDONLY, syscall.EBADF},
		{"disk is full at the data", func(a *archive) **os.File { return &a.data }, "/dev/full", os.O_RDWR, syscall.ENOSPC},
		{"disk is full at the index", func(a *archive) **os.File { return &a.index }, "/dev/full", os.O_RDWR, syscall.ENOSPC},
	} {
		t.Run(row.name, func(t *testing.T) {
			dir := t.TempDir()
			s := mustOpen(t, dir, Options{})
			mustUpload(t, s, "before", []byte("before"))
			target := row.target(s.archive)
			good := *target
			*target = standIn(t, good, row.path, row.flag)
			for range 2 {
				_, err := s.Upload("lost", "ann", 2*PieceSize, noon).Receive(bytes.NewReader(randomBytes(2 * PieceSize)))
				if err == nil {
					t.Fatal("Receive = no error, want one")
				}
				if !errors.Is(err, row.want) && !errors.Is(err, syscall.EINVAL) {
					t.Errorf("Receive = %v, want %v, or %v from cutting back", err, row.want, syscall.EINVAL)
				}
			}
			(*target).Close()
			*target = good
			mustUpload(t, s, "after", []byte("after"))
			if entries := checkWhole(t, dir); len(entries) != 2 {
				t.Errorf("index has %d entries, want 2", len(entries))
			}
			checkNoParts(t, dir)
		})
	}
}

func standIn(t *testing.T, good *os.File, path string, flag int) *os.File {
	t.Helper()
	if path == "" {
		path = good.Name()
	}
	file, err := os.OpenFile(path, flag, 0)
	if err != nil {
		t.Skip(err)
	}
	return file
}

// When one file of a group can't be appended, the others of that group are kept.
func TestFailureWithinAGroup(t *testing.T) {
	dir := t.TempDir()
	a, _, err := openArchive(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer a.close()
	missing := &part{path: dir + "/missing.part", size: 7}
	short := &part{}
	if err := short.add(dir+"/short.part", []byte("1234567")); err != nil {
		t.Fatal(err)
	}
	short.size++
	for _, row := range []struct {
		name string
		part *part
		ok   bool
		tail int64
	}{
		{"first", &part{}, true, 3},
		{"part is missing", missing, false, 3},
		{"part is short", short, false, 3},
		{"last", &part{}, true, 6},
	} {
		if err := a.append(row.part, []byte("abc")); (err == nil) != row.ok || a.tail != row.tail {
			t.Errorf("append, %s = %v, tail %d, want ok %v, tail %d", row.name, err, a.tail, row.ok, row.tail)
		}
	}
	if got, _ := os.ReadFile(dir + "/" + dataName); string(got) != "abcabc" {
		t.Errorf("all_received = %q, want %q", got, "abcabc")
	}
}

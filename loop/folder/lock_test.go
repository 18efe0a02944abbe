package folder

import (
	"errors"
	"os"
	"path/filepath"
	"syscall"
	"testing"
)

func TestLock(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "made", "on", "the", "way")
	first, err := Lock(dir, 0o700)
	if err != nil {
		t.Fatal(err)
	}
	if about, err := os.Stat(dir); err != nil || about.Mode() != os.ModeDir|0o700 {
		t.Errorf("Stat of the folder = %v, %v, want a folder of mode 0700", about.Mode(), err)
	}
	if _, err := Lock(dir, 0o700); !errors.Is(err, ErrInUse) {
		t.Errorf("second Lock = %v, want %v", err, ErrInUse)
	}
	if err := first.Close(); err != nil {
		t.Fatal(err)
	}
	again, err := Lock(dir, 0o700)
	if err != nil {
		t.Fatalf("Lock after the first was closed = %v", err)
	}
	again.Close()
}

func TestLockOfNoFolder(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Lock(file, 0o700); !errors.Is(err, syscall.ENOTDIR) {
		t.Errorf("Lock of a file = %v, want %v", err, syscall.ENOTDIR)
	}
}

package files

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"sync"
	"syscall"
	"testing"
)

// What is kept free of the disk is not for files, whether that is known from the beginning or shows while they arrive.
func TestReserve(t *testing.T) {
	const size, keep = 4 << 20, 2 << 20
	dir := t.TempDir()
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, "size=4m"); err != nil {
		t.Skipf("mount a small tmpfs: %v", err)
	}
	t.Cleanup(func() { syscall.Unmount(dir, syscall.MNT_DETACH) })
	s := mustOpen(t, dir, Options{Reserve: keep})
	if _, err := s.Upload("too large", "ann", size-keep, noon).Receive(strings.NewReader("")); !errors.Is(err, ErrDiskFull) {
		t.Errorf("Receive of what doesn't fit = %v, want %v", err, ErrDiskFull)
	}
	content := randomBytes(1 << 20)
	var all sync.WaitGroup
	kept, full := make(chan struct{}, 8), make(chan struct{}, 8)
	for range 8 {
		all.Go(func() {
			_, err := s.Upload("one of many", "ann", 1<<20, noon).Receive(io.LimitReader(bytes.NewReader(content), 1<<20))
			switch {
			case err == nil:
				kept <- struct{}{}
			case errors.Is(err, ErrDiskFull):
				full <- struct{}{}
			default:
				t.Errorf("Receive = %v, want no error or %v", err, ErrDiskFull)
			}
			var disk syscall.Statfs_t
			if err := syscall.Statfs(dir, &disk); err != nil || int64(disk.Bavail)*disk.Bsize < keep {
				t.Errorf("%d bytes are free, %v, want at least %d", int64(disk.Bavail)*disk.Bsize, err, keep)
			}
		})
	}
	all.Wait()
	if len(full) == 0 {
		t.Errorf("%d of 8 were kept, want not all", len(kept))
	}
	mustUpload(t, s, "small", []byte("small"))
	checkNoParts(t, dir)
	if entries := checkWhole(t, dir); len(entries) != len(kept)+1 {
		t.Errorf("index has %d entries, want %d", len(entries), len(kept)+1)
	}
}

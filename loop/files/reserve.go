package files

import (
	"errors"
	"fmt"
	"os"
	"sync/atomic"

	"looproom/loop/folder"
)

// ErrDiskFull is the error of an upload for which the disk has no room beyond what Options.Reserve keeps free.
var ErrDiskFull = errors.New("no room on the disk")

// ErrTooMany is the error of an upload with which the store would keep more than SetMost allows.
var ErrTooMany = errors.New("the store is full")

// bounds are what the store keeps at most. Anyone may ask them.
type bounds struct {
	files, bytes atomic.Int64 // 0: any number
}

// SetMost bounds how many files the store keeps, and how many bytes in all; 0: any number. What is there stays. Any goroutine
// may call it.
func (s *Store) SetMost(files int, bytes int64) {
	s.most.files.Store(int64(files))
	s.most.bytes.Store(bytes)
}

// roomFor returns an error when a file of that size can't be kept besides so many files and bytes.
func (b *bounds) roomFor(size, files, bytes int64) error {
	if most := b.files.Load(); most > 0 && files >= most {
		return fmt.Errorf("%w: it keeps at most %s", ErrTooMany, count(most, "file"))
	}
	if most := b.bytes.Load(); most > 0 && bytes+size > most {
		return fmt.Errorf("%w: it keeps at most %s", ErrTooMany, count(most, "byte"))
	}
	return nil
}

// reserve keeps some of a file system free for others. Anyone may ask it.
type reserve struct {
	folder *os.File // in the file system
	keep   int64    // bytes; 0: nothing is kept, and nobody asks
}

// roomFor returns ErrDiskFull when less than keep would be left free behind so many bytes. Where it can't be found out,
// the write itself will tell.
func (r *reserve) roomFor(bytes int64) error {
	if r.keep == 0 {
		return nil
	}
	if free, err := folder.Free(r.folder); err == nil && free-bytes < r.keep {
		return fmt.Errorf("%w: the last %s are not for files", ErrDiskFull, count(r.keep, "byte"))
	}
	return nil
}

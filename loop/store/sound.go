package store

import (
	"os"

	"zombiezen.com/go/sqlite"
)

// sound is how long a file is as far as it is known to be on the disk. What is behind that and could not be forced there is cut off before anything is written again: Linux has such blocks marked as
// written in its memory and as empty on the disk, and an fsync of what is written to them later may claim that all is well (ext4, seen with 6.18). What was there before and is written over isn't concerned.
type sound struct {
	path string
	size int64
}

// note is when the whole file is on the disk.
func (s *sound) note() { s.size = sizeOf(s.path) }

// failed cuts the file, if the error says that it could not be written or forced to the disk. What is cut off is in no transaction that has happened.
func (s *sound) failed(err error) {
	if sqlite.ErrCode(err).ToPrimary() == sqlite.ResultIOErr && sizeOf(s.path) > s.size {
		_ = os.Truncate(s.path, s.size) // on an error the next try to write fails too
	}
}

// sizeOf is how long a file is, 0 if that can't be told.
func sizeOf(path string) int64 {
	about, err := os.Stat(path)
	if err != nil {
		return 0
	}
	return about.Size()
}

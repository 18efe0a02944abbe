package files

import (
	"errors"
	"fmt"
	"os"

	"golang.org/x/sys/unix"
)

// ErrDiskFull is the error of an upload for which the disk has no room beyond what Options.Reserve keeps free.
var ErrDiskFull = errors.New("no room on the disk")

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
	var disk unix.Statfs_t
	if err := unix.Fstatfs(int(r.folder.Fd()), &disk); err != nil {
		return nil
	}
	if free := int64(disk.Bavail) * disk.Bsize; free-bytes < r.keep {
		return fmt.Errorf("%w: the last %s are not for files", ErrDiskFull, count(r.keep, "byte"))
	}
	return nil
}

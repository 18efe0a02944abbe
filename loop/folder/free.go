package folder

import (
	"os"
	"syscall"
)

// Free is how many bytes are free on the file system of a file that is open, for those who aren't root.
func Free(file *os.File) (int64, error) {
	var disk syscall.Statfs_t
	if err := syscall.Fstatfs(int(file.Fd()), &disk); err != nil {
		return 0, err
	}
	return int64(disk.Bavail) * disk.Bsize, nil
}

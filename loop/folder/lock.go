package folder

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"syscall"
)

// ErrInUse is the error of Lock when somebody else, in this process or another one, has the folder.
var ErrInUse = errors.New("it is in use by another process (is another looproom running?)")

// Lock makes dir, with that mode, if there is none, and locks it until the file is closed, or the process ends, however it does. The file
// is the folder itself, open for reading.
func Lock(dir string, mode fs.FileMode) (*os.File, error) {
	if err := os.MkdirAll(dir, mode); err != nil {
		return nil, err
	}
	folder, err := os.Open(dir)
	if err != nil {
		return nil, err
	}
	err = syscall.Flock(int(folder.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
	if err == nil {
		return folder, nil
	}
	folder.Close()
	if errors.Is(err, syscall.EWOULDBLOCK) {
		return nil, ErrInUse
	}
	return nil, fmt.Errorf("lock %s: %w", dir, err)
}

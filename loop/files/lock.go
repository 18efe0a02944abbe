package files

import (
	"errors"
	"fmt"
	"os"
	"syscall"
)

// ErrInUse is the error of Open when another store, in this process or another one, has the folder open.
var ErrInUse = errors.New("it is in use by another process (is another looproom running?)")

// lockFolder makes dir if there is none and locks it until the file is closed, or the process ends, however it does.
func lockFolder(dir string) (*os.File, error) {
	if err := os.MkdirAll(dir, 0o755); err != nil {
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

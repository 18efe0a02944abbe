package store

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"looproom/loop/folder"
)

// IsNew says whether nothing has been kept in a folder yet: it isn't there, or has no file.
func IsNew(dir string) (bool, error) {
	found, err := os.ReadDir(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return true, nil
	}
	for _, entry := range found {
		if !entry.IsDir() {
			return false, err
		}
	}
	return err == nil, err
}

// Place makes a database in a folder without one of a copy of another one, as Backup makes it. It is there whole or not at all. The error is of from or of the disk, fs.ErrExist where there is one, or folder.ErrInUse. It waits for the disk.
func Place(dir string, from io.Reader) error {
	if err := place(dir, from); err != nil {
		return fmt.Errorf("place a copy of a database in %s: %w", dir, err)
	}
	return nil
}

func place(dir string, from io.Reader) error {
	lock, err := folder.Lock(dir, 0o700)
	if err != nil {
		return err
	}
	defer lock.Close()
	path := filepath.Join(dir, FileName)
	if _, err := os.Lstat(path); !errors.Is(err, fs.ErrNotExist) {
		return cmp.Or(err, fs.ErrExist)
	}
	half := path + unfinished
	file, err := os.OpenFile(half, os.O_CREATE|os.O_WRONLY|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	_, err = io.Copy(file, from)
	if err = errors.Join(err, file.Sync(), file.Close()); err == nil {
		err = os.Rename(half, path)
	}
	if err != nil {
		os.Remove(half)
		return err
	}
	return syncFolder(dir)
}

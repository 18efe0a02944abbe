package store

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"zombiezen.com/go/sqlite"
)

// backupPages is how many pages are copied until the context is looked at.
const backupPages = 1024

// Backup copies the database, as it is at one moment, to a new file, which is there whole or not at all. What is written meanwhile is not held up, but the write-ahead log grows. A folder whose looproom.db that is can be started with. The
// error says what couldn't be done; path must not exist.
func (s *Store) Backup(ctx context.Context, path string) error {
	if err := s.backup(ctx, path); err != nil {
		return fmt.Errorf("back up %s to %s: %w", s.path, path, err)
	}
	return nil
}

func (s *Store) backup(ctx context.Context, path string) error {
	if _, err := os.Lstat(path); !errors.Is(err, fs.ErrNotExist) {
		return cmp.Or(err, fs.ErrExist)
	}
	half := path + unfinished
	if err := os.WriteFile(half, nil, 0o600); err != nil {
		return err
	}
	err := s.copyTo(ctx, half)
	if err == nil {
		err = syncFile(half)
	}
	if err == nil {
		err = os.Rename(half, path)
	}
	if err != nil {
		os.Remove(half)
		return err
	}
	return syncFolder(filepath.Dir(path))
}

// copyTo copies the database page by page. The reader's transaction has it see one state of it, however often others write.
func (s *Store) copyTo(ctx context.Context, path string) error {
	from, err := s.reader()
	if err != nil {
		return err
	}
	defer from.Close()
	if err := run(from, "BEGIN", nil); err != nil {
		return err
	}
	if _, err := number(from, "SELECT count(*) FROM totals"); err != nil { // from here on it sees that state
		return err
	}
	to, err := sqlite.OpenConn(path, sqlite.OpenReadWrite)
	if err != nil {
		return err
	}
	defer to.Close()
	if err := run(to, "PRAGMA synchronous = OFF", nil); err != nil { // it is forced to the disk once, at the end
		return err
	}
	return copyPages(ctx, to, from)
}

func copyPages(ctx context.Context, to, from *sqlite.Conn) error {
	b, err := sqlite.NewBackup(to, "main", from, "main")
	if err != nil {
		return err
	}
	for more := true; more && err == nil; {
		if err = ctx.Err(); err == nil {
			more, err = b.Step(backupPages)
		}
	}
	return cmp.Or(err, b.Close())
}

// syncFile forces a file to the disk.
func syncFile(path string) error {
	file, err := os.Open(path)
	if err != nil {
		return err
	}
	return cmp.Or(file.Sync(), file.Close())
}

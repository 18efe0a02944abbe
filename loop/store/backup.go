package store

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"zombiezen.com/go/sqlite"

	"looproom/loop/folder"
	"looproom/loop/unit"
)

const (
	// backupPages is how many pages are copied until the context is looked at.
	backupPages = 1024
	// copyName is the name of a backup that is sent, in the folder of the database. Open removes what a crash has left of one.
	copyName = FileName + ".copy"
	// copyReserve is what stays free on the disk beside it, in bytes.
	copyReserve = 64 << 20
)

// ErrCopying is the error of SendBackup while somebody else is sent one.
var ErrCopying = errors.New("somebody else takes a copy of the database; try again")

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

// SendBackup writes a Backup to w, for somebody who alone may be able to write where it is to be. Until w has taken it the disk has the database twice, so that there is one at a time, and none for which it has no room. The error says what couldn't be done, or is of w.
func (s *Store) SendBackup(ctx context.Context, w io.Writer) error {
	if !s.copying.TryLock() {
		return ErrCopying
	}
	defer s.copying.Unlock()
	if err := s.roomForCopy(); err != nil {
		return err
	}
	path := s.copyPath()
	if err := s.Backup(ctx, path); err != nil {
		return err
	}
	made, err := os.Open(path)
	if err = cmp.Or(err, os.Remove(path)); err != nil {
		return err
	}
	defer made.Close()
	_, err = io.Copy(w, made)
	return err
}

func (s *Store) copyPath() string { return filepath.Join(s.Dir(), copyName) }

// roomForCopy says why there can't be a second database on the disk of the first.
func (s *Store) roomForCopy() error {
	free, err := folder.Free(s.folder)
	if err != nil {
		return fmt.Errorf("look at the disk of %s: %w", s.Dir(), err)
	}
	if need := s.Stats().Bytes + copyReserve; free < need {
		return fmt.Errorf("the disk of %s has %v free, and a copy takes %v while it is made", s.Dir(), unit.Size(free), unit.Size(need))
	}
	return nil
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

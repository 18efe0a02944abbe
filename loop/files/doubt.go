package files

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"

	"golang.org/x/sys/unix"
)

// After a failed fsync nobody knows what a file has on the disk: the kernel takes the pages that it could not write for written, shows them to
// whoever reads, and says at the next fsync that all is well. So what was not committed is cut off and written afresh, and from then on what has
// been forced to the disk is read from there before it counts, until the store is opened anew.

var errLost = errors.New("the disk does not have what it was said to have")

// force is fsync. Once it has failed, the archive is in doubt.
func (a *archive) force(file *os.File) error {
	err := file.Sync()
	a.doubt = a.doubt || err != nil
	return err
}

// forget has the next one who reads the file get what is on the disk. What has not been written stays in memory.
func forget(file *os.File) error {
	if err := unix.Fadvise(int(file.Fd()), 0, 0, unix.FADV_DONTNEED); err != nil {
		return fmt.Errorf("read %s from the disk: %w", file.Name(), err)
	}
	return nil
}

// check reads back from the disk what has just been committed: the lines, which stand behind indexEnd, and the files that they tell of. The
// writer waits for it; it reads no more than has been written since the last commit.
func (a *archive) check(lines []byte) error {
	if err := errors.Join(forget(a.index), forget(a.data)); err != nil {
		return err
	}
	back := make([]byte, len(lines))
	if _, err := a.index.ReadAt(back, a.indexEnd); err != nil {
		return err
	}
	if !bytes.Equal(back, lines) {
		return fmt.Errorf("%w (%s)", errLost, indexName)
	}
	for line := range bytes.Lines(lines) {
		if err := a.checkFile(line); err != nil {
			return err
		}
	}
	return nil
}

func (a *archive) checkFile(line []byte) error {
	e, err := parseLine(line[:len(line)-1])
	if err != nil {
		return err
	}
	if e.Node != "" {
		return nil
	}
	sum := sha256.New()
	if _, err := io.Copy(sum, io.NewSectionReader(a.data, e.Offset, e.Size)); err != nil {
		return err
	}
	if hex.EncodeToString(sum.Sum(nil)) != e.SHA256 {
		return fmt.Errorf("%w (%s)", errLost, dataName)
	}
	return nil
}

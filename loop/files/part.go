package files

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

const partSuffix = ".part"

func incomingIn(dir string) string {
	return filepath.Join(dir, "incoming")
}

// partPath is where the upload of that number waits. Only the number makes the path, never a name.
func partPath(incoming string, number int64) string {
	return filepath.Join(incoming, strconv.FormatInt(number, 10)+partSuffix)
}

// part is a file in DIR/incoming with the bytes of one upload so far. It is open only while it is written or read:
// thousands of uploads that have stalled hold no descriptor.
type part struct {
	path string // empty as long as there is none
	size int64  // in bytes
}

// add writes a piece behind what is there.
func (p *part) add(path string, piece []byte) error {
	p.path = path
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o644)
	if err != nil {
		return err
	}
	n, err := file.Write(piece)
	p.size += int64(n)
	return errors.Join(err, file.Close())
}

// copyTo appends the part to file at its position.
func (p *part) copyTo(file *os.File) error {
	if p.path == "" {
		return nil
	}
	source, err := os.Open(p.path)
	if err != nil {
		return err
	}
	defer source.Close()
	// File to file, ReadFrom has the kernel copy, without a way through this process.
	n, err := file.ReadFrom(source)
	if err == nil && n != p.size {
		return fmt.Errorf("%s has %d bytes, %d were written", p.path, n, p.size)
	}
	return err
}

// remove ends the part. One that can't be removed has to wait for the next Open: it is in nobody's way.
func (p *part) remove() {
	if p.path != "" {
		_ = os.Remove(p.path)
	}
	*p = part{}
}

// emptyIncoming makes DIR/incoming ready for writing and returns how many parts an earlier run left there.
func emptyIncoming(dir string) (removed int, err error) {
	incoming := incomingIn(dir)
	if err := os.Mkdir(incoming, 0o755); err != nil && !errors.Is(err, fs.ErrExist) {
		return 0, err
	}
	if removed, err = removeParts(incoming); err != nil {
		return 0, err
	}
	return removed, tryIncoming(incoming)
}

func removeParts(incoming string) (removed int, err error) {
	found, err := os.ReadDir(incoming)
	if err != nil {
		return 0, err
	}
	for _, file := range found {
		if !strings.HasSuffix(file.Name(), partSuffix) {
			continue
		}
		if err := os.Remove(filepath.Join(incoming, file.Name())); err != nil {
			return removed, err
		}
		removed++
	}
	return removed, nil
}

// tryIncoming finds out now, and not at the first upload, whether parts can be made.
func tryIncoming(incoming string) error {
	file, err := os.CreateTemp(incoming, "*"+partSuffix)
	if err != nil {
		return err
	}
	return errors.Join(file.Close(), os.Remove(file.Name()))
}

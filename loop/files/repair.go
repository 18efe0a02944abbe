package files

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
)

const (
	dataName  = "all_received"
	indexName = "all_received.index"
)

// openArchive opens the files, reads what of the index the catalogue doesn't know and cuts off what a crash left
// unfinished. repairs has a phrase for each cut.
func openArchive(dir string) (a *archive, repairs []string, err error) {
	if a, err = openPair(dir); err != nil {
		return nil, nil, err
	}
	if repairs, err = a.repair(); err != nil {
		a.close()
		return nil, nil, err
	}
	return a, repairs, nil
}

// openPair opens all_received and its index, or makes them. The index is made first: data without an index is then
// never the trace of a crash, and must not be cut.
func openPair(dir string) (*archive, error) {
	dataPath, indexPath := filepath.Join(dir, dataName), filepath.Join(dir, indexName)
	if err := refuseOrphan(dataPath, indexPath); err != nil {
		return nil, err
	}
	index, err := os.OpenFile(indexPath, os.O_RDWR|os.O_CREATE, 0o644)
	if err != nil {
		return nil, err
	}
	data, err := os.OpenFile(dataPath, os.O_RDWR|os.O_CREATE, 0o644)
	if err != nil {
		index.Close()
		return nil, err
	}
	catalogue, err := openCatalogue(dir, index)
	if err != nil {
		return nil, errors.Join(err, data.Close(), index.Close())
	}
	return &archive{data: data, index: index, catalogue: catalogue}, nil
}

// refuseOrphan is an error when there is an all_received with bytes in it and no index at all.
func refuseOrphan(dataPath, indexPath string) error {
	if _, err := os.Lstat(indexPath); !errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	info, err := os.Stat(dataPath)
	if err != nil || !info.Mode().IsRegular() || info.Size() == 0 {
		return nil
	}
	return fmt.Errorf("%s holds %s and has no index (%s): put the index back, or move %s away to begin anew",
		dataPath, count(info.Size(), "byte"), indexName, dataName)
}

// repair reads the index, checks it against the data, and cuts both to what is whole.
func (a *archive) repair() (repairs []string, err error) {
	// What an earlier run could not force to the disk may be in the kernel's memory as if it were there. If it still can't be forced, it is
	// forgotten like all that no fsync came for.
	_, _ = a.index.Sync(), a.data.Sync()
	if err := errors.Join(forget(a.index), forget(a.data)); err != nil {
		return nil, err
	}
	index, err := a.index.Stat()
	if err != nil {
		return nil, err
	}
	if err := a.catalogue.read(index.Size()); err != nil {
		return nil, err
	}
	torn, err := a.readIndex()
	if err != nil {
		return nil, err
	}
	info, err := a.data.Stat()
	if err != nil {
		return nil, err
	}
	a.tail = a.end
	if info.Size() < a.end {
		return nil, fmt.Errorf("%s holds %s, its index says %d: put the whole %s back, or "+
			"remove the lines of %s that reach beyond byte %d",
			a.data.Name(), count(info.Size(), "byte"), a.end, dataName, indexName, info.Size())
	}
	a.unclean = true
	if err := a.clean(); err != nil {
		return nil, err
	}
	// A line whose fsync never came counts from now on.
	if err := a.index.Sync(); err != nil {
		return nil, err
	}
	return phrases(info.Size()-a.end, torn), nil
}

func phrases(unfinished, torn int64) (repairs []string) {
	if unfinished > 0 {
		repairs = append(repairs, fmt.Sprintf("cut %s of an unfinished append from %s", count(unfinished, "byte"), dataName))
	}
	if torn > 0 {
		repairs = append(repairs, fmt.Sprintf("cut %s of an unfinished line from %s", count(torn, "byte"), indexName))
	}
	return repairs
}

// readAtOnce is how many lines of the index are given to the catalogue together.
const readAtOnce = 1 << 12

// readIndex reads the whole lines that the catalogue doesn't know, and sets end and indexEnd behind the last one. torn is
// how many bytes of a line without its end follow. A whole line that can't be right was not left by a crash, and is an
// error.
func (a *archive) readIndex() (torn int64, err error) {
	a.end, a.indexEnd = a.catalogue.end.Load(), a.catalogue.indexEnd()
	lines := bufio.NewReaderSize(io.NewSectionReader(a.index, a.indexEnd, 1<<62), 1<<20)
	var found []indexLine
	for {
		line, err := lines.ReadBytes('\n')
		if err != nil && err != io.EOF {
			return 0, err
		}
		if err == io.EOF || len(found) == readAtOnce {
			if err := a.learn(found); err != nil {
				return 0, err
			}
			found = found[:0]
		}
		if err == io.EOF {
			return int64(len(line)), nil
		}
		e, err := parseEntry(line[:len(line)-1], a.end)
		if err != nil {
			number := int(a.catalogue.count.Load()) + len(found) + 1
			// Another index may stand here at the next start: nothing of this one may be believed then.
			return 0, errors.Join(fmt.Errorf("%s is damaged at line %d (%w): put a good copy back, or move it and %s away to begin anew",
				a.index.Name(), number, err, dataName), a.catalogue.anew())
		}
		found = append(found, indexLine{name: e.Name, end: e.end(), length: len(line)})
		a.end = e.end()
		a.indexEnd += int64(len(line))
	}
}

// learn has the catalogue know lines that are in the index.
func (a *archive) learn(lines []indexLine) error {
	records, err := a.catalogue.prepare(lines)
	if err != nil {
		return err
	}
	a.catalogue.took(records)
	return nil
}

// count is a number with its noun: "1 byte", "1,234 bytes".
func count(n int64, noun string) string {
	if n != 1 {
		noun += "s"
	}
	digits := strconv.FormatInt(n, 10)
	for at := len(digits) - 3; at > 0; at -= 3 {
		digits = digits[:at] + "," + digits[at:]
	}
	return digits + " " + noun
}

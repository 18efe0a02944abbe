package files

import (
	"errors"
	"fmt"
	"io"
	"os"
)

// archive is all_received and its index on the disk. Files are appended one by one, then committed together; what is
// not committed doesn't count. The writer alone uses it.
type archive struct {
	data     *os.File
	index    *os.File
	end      int64 // bytes of data that the index has
	indexEnd int64 // bytes of index that are whole lines
	tail     int64 // end and what has been appended since; where the next file goes
	unclean  bool  // the files may hold more than tail and indexEnd say
	doubt    bool  // an fsync has failed

	catalogue *catalogue // what finds the lines of the index
}

// append writes a file, its part and then its last piece, behind what is there. After an error nothing of it is left.
func (a *archive) append(p *part, last []byte) error {
	if err := a.clean(); err != nil {
		return err
	}
	// Until the whole file is there, what is there of it has to go again.
	a.unclean = true
	if err := a.write(p, last); err != nil {
		// A failure to clean up now is met again, and reported, before the next file.
		_ = a.clean()
		return err
	}
	a.unclean = false
	a.tail += p.size + int64(len(last))
	return nil
}

func (a *archive) write(p *part, last []byte) error {
	if _, err := a.data.Seek(a.tail, io.SeekStart); err != nil {
		return err
	}
	if err := p.copyTo(a.data); err != nil {
		return err
	}
	_, err := a.data.Write(last)
	return err
}

// commit makes the appended files durable, then adds their lines to the index and makes those durable too. added says what
// is in the lines. After an error none of these files is left.
func (a *archive) commit(lines []byte, added []indexLine) error {
	records, err := a.catalogue.prepare(added)
	if err == nil {
		err = a.sync(lines)
	}
	if err != nil {
		a.tail, a.unclean = a.end, true
		_ = a.clean()
		return err
	}
	a.end = a.tail
	a.indexEnd += int64(len(lines))
	a.catalogue.took(records)
	return nil
}

func (a *archive) sync(lines []byte) error {
	if err := a.force(a.data); err != nil {
		return err
	}
	if _, err := a.index.WriteAt(lines, a.indexEnd); err != nil {
		return err
	}
	if err := a.force(a.index); err != nil || !a.doubt {
		return err
	}
	return a.check(lines)
}

// clean cuts both files back to what counts, if need be. The index goes first and has to be durable before the data is
// cut: after a crash in between, the data is longer than its index says, which Open repairs, and never shorter.
func (a *archive) clean() error {
	if !a.unclean {
		return nil
	}
	if err := a.cut(a.index, a.indexEnd); err != nil {
		return err
	}
	if err := a.cut(a.data, a.tail); err != nil {
		return err
	}
	a.unclean = false
	return nil
}

// cut makes file durably size bytes long, if it isn't known to be. In doubt it is made longer first, so that there is something to force.
func (a *archive) cut(file *os.File, size int64) error {
	info, err := file.Stat()
	if err != nil {
		return err
	}
	if info.Size() == size && !a.doubt {
		return nil
	}
	if info.Size() == size {
		err = file.Truncate(size + 1)
	}
	if err == nil {
		err = file.Truncate(size)
	}
	if err != nil {
		return fmt.Errorf("cut back to %d bytes: %w", size, err)
	}
	return a.force(file)
}

func (a *archive) close() error {
	return errors.Join(a.data.Close(), a.index.Close(), a.catalogue.close())
}

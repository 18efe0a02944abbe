package files

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"sync/atomic"
)

// maxFetched is how many files of other servers are here at once for those who get them.
const maxFetched = 64

// ErrFetches is the error of Fetch when as many files of other servers are here as may be.
var ErrFetches = errors.New("too many files of other servers are on their way")

// Fetched is a file of another server that is here for a while: on the disk, but in no folder. It goes with its last Release, or with the process.
type Fetched struct {
	Entry Entry // with the Node that has it
	store *Store
	file  *os.File
	held  atomic.Int64
}

// fetches are what is here of other servers. Anyone may ask them.
type fetches struct{ files, bytes atomic.Int64 }

// Fetch reads a file of another server from r, and returns when it is all here, as e says: held once, for Release. It counts for SetMost and for Options.Reserve as an upload does. The error is one of r's, ErrTooLarge, ErrDiskFull,
// ErrTooMany, ErrFetches, the disk's, or that it is another file. It waits for r and for the disk.
func (s *Store) Fetch(e Entry, r io.Reader) (*Fetched, error) {
	f, err := s.fetch(e, r)
	if err != nil {
		return nil, fmt.Errorf("fetch %q from %s: %w", e.Name, e.Node, err)
	}
	return f, nil
}

func (s *Store) fetch(e Entry, r io.Reader) (_ *Fetched, err error) {
	if e.Size < 0 || e.Size > s.maxFile {
		return nil, fmt.Errorf("%w: %d, and at most %s", ErrTooLarge, e.Size, count(s.maxFile, "byte"))
	}
	_, bytes := s.Total()
	files, others := s.fetched.files.Add(1), s.fetched.bytes.Add(e.Size)-e.Size
	f := &Fetched{Entry: e, store: s}
	f.held.Store(1)
	defer func() {
		if err != nil {
			f.Release()
		}
	}()
	if files > maxFetched {
		return nil, ErrFetches
	}
	if err := s.most.roomFor(e.Size, 0, bytes+others); err != nil {
		return nil, err
	}
	if err := s.reserve.roomFor(e.Size); err != nil {
		return nil, err
	}
	if f.file, err = os.CreateTemp(s.incoming, "*"+partSuffix); err != nil {
		return nil, err
	}
	if err := os.Remove(f.file.Name()); err != nil {
		return nil, err
	}
	sum := sha256.New()
	n, err := io.Copy(io.MultiWriter(f.file, sum), io.LimitReader(r, e.Size+1))
	if err == nil && (n != e.Size || hex.EncodeToString(sum.Sum(nil)) != e.SHA256) {
		err = errOther
	}
	return f, err
}

var errOther = errors.New("what has come is another file")

// Hold has it stay for one more Release. Whoever calls it holds it.
func (f *Fetched) Hold() { f.held.Add(1) }

// Release gives it up. Any goroutine may call it, once for each who holds it.
func (f *Fetched) Release() {
	if f.held.Add(-1) > 0 {
		return
	}
	f.store.fetched.files.Add(-1)
	f.store.fetched.bytes.Add(-f.Entry.Size)
	if f.file != nil {
		f.file.Close()
	}
}

// ReadFetched is Read for a file of another server that is here, and held until done has been called.
func (s *Store) ReadFetched(f *Fetched, off int64, n int, done func(piece []byte, err error)) {
	here := f.Entry
	here.Node, here.Offset = "", 0
	if !s.reads.put(request{entry: here, off: off, n: n, done: done, from: f}) {
		go done(nil, ErrClosed)
	}
}

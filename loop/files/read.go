package files

import (
	"errors"
	"fmt"
	"io"
)

var errBounds = errors.New("out of the file's bounds")

// request is a read that waits for the reader.
type request struct {
	entry Entry
	off   int64
	n     int
	done  func(piece []byte, err error)
	from  *Fetched // instead of the store's; nil: those
	look  func()   // looks something up instead; nil: it is a read
}

// Read asks for n bytes of the file from off on, both counted within the file, and returns at once. n is cut to
// PieceSize and to the file's end.
//
// done is called on the store's reader goroutine: it should pass the piece on and return, since other reads wait behind
// it. The piece is done's until it calls Release. The error is io.EOF when off is the file's end, ErrClosed after Close
// (then on a goroutine of its own), or the disk's.
//
// Any goroutine may call it. The queue has no limit: ask for the next piece when the last one is through.
func (s *Store) Read(e Entry, off int64, n int, done func(piece []byte, err error)) {
	if !s.reads.put(request{entry: e, off: off, n: n, done: done}) {
		go done(nil, ErrClosed)
	}
}

// Release gives a piece back that done was called with, as it came. Nobody may touch it afterwards. A piece that is
// never released is garbage like any other. Any goroutine may call it.
func (s *Store) Release(piece []byte) {
	if cap(piece) >= PieceSize {
		s.pieces.Put((*[PieceSize]byte)(piece[:PieceSize]))
	}
}

// answerReads is the reader's goroutine.
func (s *Store) answerReads() {
	defer close(s.answered)
	var reads []request
	for ok := true; ok; {
		reads, ok = s.reads.take(reads)
		for _, r := range reads {
			if r.look != nil {
				r.look()
				continue
			}
			r.done(s.readPiece(r))
		}
	}
}

func (s *Store) readPiece(r request) ([]byte, error) {
	n, err := s.bound(r)
	if err != nil {
		return nil, err
	}
	piece := s.pieces.Get().(*[PieceSize]byte)[:n]
	file := s.received
	if r.from != nil {
		file = r.from.file
	}
	if _, err := file.ReadAt(piece, r.entry.Offset+r.off); err != nil {
		s.Release(piece)
		if err == io.EOF {
			// Someone has cut all_received: that is no regular end of the file.
			err = io.ErrUnexpectedEOF
		}
		return nil, fmt.Errorf("read %q: %w", r.entry.Name, err)
	}
	return piece, nil
}

// bound returns how many bytes the read can have.
func (s *Store) bound(r request) (int64, error) {
	e, end := r.entry, s.catalogue.end.Load()
	if r.from != nil {
		end = e.Size
	}
	if e.Node != "" || e.Offset < 0 || e.Offset > end || e.Size > end-e.Offset || r.off < 0 || r.off > e.Size || r.n <= 0 {
		return 0, fmt.Errorf("read %q: %d bytes from %d on: %w", e.Name, r.n, r.off, errBounds)
	}
	if r.off == e.Size {
		return 0, io.EOF
	}
	return min(int64(r.n), PieceSize, e.Size-r.off), nil
}

package registry

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/binary"
	"errors"
	"fmt"
	hashes "hash"
	"io"
	"os"
	"path/filepath"

	"looproom/loop/store"
)

// partWriter writes the parts of a copy, and sums them.
type partWriter struct {
	to     *bufio.Writer
	sum    hashes.Hash
	head   [1 + binary.MaxVarintLen64]byte
	failed error // the first error
}

func (p *partWriter) write(b []byte) {
	p.sum.Write(b)
	if _, err := p.to.Write(b); p.failed == nil {
		p.failed = err
	}
}

func (p *partWriter) part(kind byte, b []byte) {
	p.head[0] = kind
	p.write(p.head[:1+binary.PutUvarint(p.head[1:], uint64(len(b)))])
	p.write(b)
}

// spoolName is the file in the folder of the state in which a copy waits.
const spoolName = "registry.copy"

// spool is a copy that is all there before any of it counts: in a file, or where there is no folder in memory, for the little that is kept then.
type spool struct {
	path string
	at   io.ReadSeeker
	file *os.File // nil: it is in memory
}

func newSpool(s *store.Store) (*spool, error) {
	if s == nil {
		return &spool{}, nil
	}
	path := filepath.Join(s.Dir(), spoolName)
	file, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return nil, err
	}
	return &spool{path: path, at: file, file: file}, nil
}

func (s *spool) remove() {
	if s.file != nil {
		s.file.Close()
		os.Remove(s.path)
	}
}

// fill reads all of a copy, at most MaxSnapshot bytes, and in memory maxPart.
func (s *spool) fill(from io.Reader) error {
	most, to := int64(MaxSnapshot), io.Writer(s.file)
	var memory bytes.Buffer
	if s.file == nil {
		most, to = maxPart, &memory
	}
	n, err := io.Copy(to, io.LimitReader(from, most+1))
	if err == nil && n > most {
		err = fmt.Errorf("it has more than %d MiB", most>>20)
	}
	if s.file == nil {
		s.at = bytes.NewReader(memory.Bytes())
	}
	return err
}

// records begins to read it.
func (s *spool) records() (*partReader, error) {
	if _, err := s.at.Seek(0, io.SeekStart); err != nil {
		return nil, err
	}
	p := &partReader{from: bufio.NewReaderSize(s.at, 1<<16), sum: sha256.New()}
	head := make([]byte, len(snapshotHead))
	if err := p.read(head); err != nil {
		return nil, err
	}
	if string(head) != snapshotHead {
		return nil, fmt.Errorf("another version of looproom wrote it: it begins with %.24q, want %q", head, snapshotHead)
	}
	return p, nil
}

// partReader reads the parts of a copy.
type partReader struct {
	from  *bufio.Reader
	sum   hashes.Hash
	table string
	going []byte
	buf   []byte // used again
}

// next returns the next record, and false behind the last, when all was as it was written.
func (p *partReader) next() (record store.Record, more bool, err error) {
	for {
		var before []byte
		if first, err := p.from.Peek(1); err == nil && first[0] == partDigest {
			before = p.sum.Sum(nil)
		}
		kind, part, err := p.part()
		switch {
		case err != nil:
			return record, false, err
		case kind == partGoing && p.going == nil:
			p.going = append([]byte{}, part...)
		case kind == partTable:
			p.table = string(part)
		case kind == partRow:
			record, err = store.ReadRecord(p.table, part)
			return record, err == nil, err
		case kind == partDigest && subtle.ConstantTimeCompare(part, before) == 1:
			if _, err := p.from.ReadByte(); !errors.Is(err, io.EOF) {
				return record, false, errSnapshot
			}
			return record, false, nil
		default:
			return record, false, errSnapshot
		}
	}
}

// part reads one part, which is borrowed until the next.
func (p *partReader) part() (kind byte, part []byte, err error) {
	kind, err = p.from.ReadByte()
	if err != nil {
		return 0, nil, cut(err)
	}
	n, err := binary.ReadUvarint(p.from)
	if err != nil || n > maxPart {
		return 0, nil, cut(errors.Join(err, errSnapshot))
	}
	p.sum.Write(binary.AppendUvarint([]byte{kind}, n))
	if uint64(cap(p.buf)) < n {
		p.buf = make([]byte, n)
	}
	p.buf = p.buf[:n]
	return kind, p.buf, p.read(p.buf)
}

func (p *partReader) read(b []byte) error {
	if _, err := io.ReadFull(p.from, b); err != nil {
		return cut(err)
	}
	p.sum.Write(b)
	return nil
}

// cut is the error of a copy that ends too early, or can't be read.
func cut(err error) error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return errSnapshot
	}
	return err
}

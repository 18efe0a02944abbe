package files

import (
	"bytes"
	"errors"
	"io"
	"os"
	"sync"
	"testing"
)

// readNow reads a piece and copies it.
func readNow(s *Store, e Entry, off int64, n int) (content []byte, err error) {
	done := make(chan struct{})
	s.Read(e, off, n, func(piece []byte, failure error) {
		content, err = bytes.Clone(piece), failure
		s.Release(piece)
		close(done)
	})
	<-done
	return content, err
}

func TestRead(t *testing.T) {
	s := mustOpen(t, t.TempDir(), Options{})
	mustUpload(t, s, "before", randomBytes(100))
	content := randomBytes(PieceSize + 1000)
	e := mustUpload(t, s, "a", content)
	mustUpload(t, s, "behind", randomBytes(100))
	beyond := e
	beyond.Size = 1 << 62
	for _, row := range []struct {
		name     string
		e        Entry
		off      int64
		n        int
		from, to int
		err      error
	}{
		{"first bytes", e, 0, 10, 0, 10, nil},
		{"middle", e, 500, 700, 500, 1200, nil},
		{"more than a piece", e, 3, 1 << 30, 3, 3 + PieceSize, nil},
		{"past the end", e, PieceSize, PieceSize, PieceSize, PieceSize + 1000, nil},
		{"last byte", e, PieceSize + 999, 5, PieceSize + 999, PieceSize + 1000, nil},
		{"at the end", e, PieceSize + 1000, 1, 0, 0, io.EOF},
		{"behind the end", e, PieceSize + 1001, 1, 0, 0, errBounds},
		{"before the start", e, -1, 1, 0, 0, errBounds},
		{"no bytes", e, 0, 0, 0, 0, errBounds},
		{"an entry of somewhere else", beyond, 0, 1, 0, 0, errBounds},
		{"an entry that begins before the file", Entry{Offset: -5, Size: 10}, 0, 1, 0, 0, errBounds},
	} {
		t.Run(row.name, func(t *testing.T) {
			got, err := readNow(s, row.e, row.off, row.n)
			if !errors.Is(err, row.err) || !bytes.Equal(got, content[row.from:row.to]) {
				t.Errorf("Read(%d, %d) = %d bytes, %v, want [%d, %d) of the file, %v", row.off, row.n, len(got), err, row.from, row.to, row.err)
			}
		})
	}
}

func TestReadsOfManyWhileOthersUpload(t *testing.T) {
	s := mustOpen(t, t.TempDir(), Options{})
	content := randomBytes(5*PieceSize + 7)
	e := mustUpload(t, s, "a", content)
	var group sync.WaitGroup
	for range 16 {
		group.Go(func() {
			var got []byte
			for int64(len(got)) < e.Size {
				piece, err := readNow(s, e, int64(len(got)), PieceSize)
				if err != nil {
					t.Error(err)
					return
				}
				got = append(got, piece...)
			}
			if !bytes.Equal(got, content) {
				t.Error("the pieces read are not the file")
			}
		})
		group.Go(func() { mustUpload(t, s, "b", content[:PieceSize+1]) })
	}
	group.Wait()
}

func TestReadOfCutFile(t *testing.T) {
	dir := t.TempDir()
	s := mustOpen(t, dir, Options{})
	e := mustUpload(t, s, "a", randomBytes(100))
	if err := os.Truncate(dir+"/"+dataName, 50); err != nil {
		t.Fatal(err)
	}
	if _, err := readNow(s, e, 0, 100); !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("Read = %v, want %v", err, io.ErrUnexpectedEOF)
	}
}

func TestReadAroundClose(t *testing.T) {
	s := mustOpen(t, t.TempDir(), Options{})
	e := mustUpload(t, s, "a", []byte("hello"))
	answers := make(chan string, 100)
	for range cap(answers) {
		s.Read(e, 0, 5, func(piece []byte, err error) { answers <- string(piece) })
	}
	mustClose(t, s)
	for range cap(answers) {
		if got := <-answers; got != "hello" {
			t.Errorf("Read before Close = %q, want %q", got, "hello")
		}
	}
	if _, err := readNow(s, e, 0, 5); !errors.Is(err, ErrClosed) {
		t.Errorf("Read after Close = %v, want %v", err, ErrClosed)
	}
}

func TestReadAllocatesNothing(t *testing.T) {
	s := mustOpen(t, t.TempDir(), Options{})
	e := mustUpload(t, s, "a", randomBytes(PieceSize))
	done := make(chan struct{})
	release := func(piece []byte, err error) { s.Release(piece); done <- struct{}{} }
	allocs := testing.AllocsPerRun(100, func() {
		s.Read(e, 0, PieceSize, release)
		<-done
	})
	// Under -race the pool drops pieces at random.
	if allocs > 0 && !raceEnabled {
		t.Errorf("Read and Release = %v allocations, want 0", allocs)
	}
}

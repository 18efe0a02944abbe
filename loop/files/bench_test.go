package files

import (
	"bytes"
	"sync"
	"testing"
)

func BenchmarkUpload1MiB(b *testing.B) {
	s := mustOpen(b, b.TempDir(), Options{})
	content := randomBytes(1 << 20)
	b.ReportAllocs()
	b.SetBytes(int64(len(content)))
	for b.Loop() {
		mustUpload(b, s, "a", content)
	}
}

// One operation is 100 files of 1 KiB, all at once.
func BenchmarkUpload100SmallFilesAtOnce(b *testing.B) {
	s := mustOpen(b, b.TempDir(), Options{})
	content := randomBytes(1 << 10)
	b.ReportAllocs()
	b.SetBytes(100 * int64(len(content)))
	for b.Loop() {
		var group sync.WaitGroup
		for range 100 {
			group.Go(func() {
				if _, err := s.Upload("a", "ann", int64(len(content)), noon).Receive(bytes.NewReader(content)); err != nil {
					b.Error(err)
				}
			})
		}
		group.Wait()
	}
}

func BenchmarkRead(b *testing.B) {
	s := mustOpen(b, b.TempDir(), Options{})
	e := mustUpload(b, s, "a", randomBytes(PieceSize))
	done := make(chan struct{})
	release := func(piece []byte, err error) { s.Release(piece); done <- struct{}{} }
	b.ReportAllocs()
	b.SetBytes(PieceSize)
	for b.Loop() {
		s.Read(e, 0, PieceSize, release)
		<-done
	}
}

package files

import (
	"bytes"
	"errors"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"testing/iotest"
	"time"
)

// gate is a reader of zero bytes that has no more ready than it was opened for.
type gate struct {
	ready   chan int // how many bytes each opening lets through
	waiting chan struct{}
	let     int
	failure error // after the gate is shut
}

func newGate(openings int) *gate {
	return &gate{ready: make(chan int, openings), waiting: make(chan struct{}, openings), failure: io.EOF}
}

// open lets n bytes through once all before are read.
func (g *gate) open(n int) {
	g.ready <- n
	<-g.waiting
}

func (g *gate) shut(failure error) {
	g.failure = failure
	close(g.ready)
}

func (g *gate) WaitReadable() error {
	if g.let > 0 {
		return nil
	}
	n, ok := <-g.ready
	if !ok {
		return g.failure
	}
	g.let = n
	g.waiting <- struct{}{}
	return nil
}

func (g *gate) Read(buffer []byte) (int, error) {
	n := min(g.let, len(buffer))
	clear(buffer[:n])
	g.let -= n
	return n, nil
}

// idle reads nothing, and says nothing.
type idle struct{}

func (idle) Read([]byte) (int, error) { return 0, nil }

func TestBrokenUploadLeavesNothing(t *testing.T) {
	broken := errors.New("connection reset")
	for _, row := range []struct {
		name string
		size int64
		r    io.Reader
		want error
	}{
		{"end before the first byte", 10, strings.NewReader(""), io.ErrUnexpectedEOF},
		{"end in the first piece", 10, strings.NewReader("hello"), io.ErrUnexpectedEOF},
		{"end in the third piece", 5 * PieceSize, bytes.NewReader(randomBytes(5 * PieceSize / 2)), io.ErrUnexpectedEOF},
		{"error before the first byte", 10, iotest.ErrReader(broken), broken},
		{"error later", 10, io.MultiReader(strings.NewReader("hello"), iotest.ErrReader(broken)), broken},
		{"error with bytes", 10, iotest.DataErrReader(io.MultiReader(strings.NewReader("hello"), iotest.ErrReader(broken))), broken},
		{"no progress", 10, idle{}, io.ErrNoProgress},
		{"too large", 1<<20 + 1, idle{}, ErrTooLarge},
		{"less than nothing", -1, idle{}, ErrTooLarge},
	} {
		t.Run(row.name, func(t *testing.T) {
			dir := t.TempDir()
			s := mustOpen(t, dir, Options{MaxFile: 1 << 20, Buffers: 1})
			mustUpload(t, s, "before", []byte("before"))
			e, err := s.Upload("broken", "ann", row.size, noon).Receive(row.r)
			if !errors.Is(err, row.want) || e != (Entry{}) {
				t.Errorf("Receive = %+v, %v, want %v", e, err, row.want)
			}
			checkNoParts(t, dir)
			mustUpload(t, s, "after", []byte("after"))
			if entries := checkWhole(t, dir); len(entries) != 2 {
				t.Errorf("index has %d entries, want 2", len(entries))
			}
		})
	}
}

func TestReceiveTakesItsSizeAndNoMore(t *testing.T) {
	s := mustOpen(t, t.TempDir(), Options{})
	for _, row := range []struct {
		name string
		read func(io.Reader) io.Reader
	}{
		{"as it comes", func(r io.Reader) io.Reader { return r }},
		{"a byte at a time", iotest.OneByteReader},
		{"end together with the last bytes", iotest.DataErrReader},
	} {
		t.Run(row.name, func(t *testing.T) {
			stream := strings.NewReader("filePING 1\n")
			if _, err := s.Upload("a", "ann", 4, noon).Receive(row.read(io.LimitReader(stream, 4))); err != nil {
				t.Fatal(err)
			}
			if _, err := s.Upload("b", "ann", 0, noon).Receive(stream); err != nil {
				t.Fatal(err)
			}
			if rest, _ := io.ReadAll(stream); string(rest) != "PING 1\n" {
				t.Errorf("left in the stream: %q, want %q", rest, "PING 1\n")
			}
		})
	}
}

func TestReceiveOnlyOnce(t *testing.T) {
	s := mustOpen(t, t.TempDir(), Options{})
	u := s.Upload("a", "ann", 1, noon)
	if _, err := u.Receive(strings.NewReader("a")); err != nil {
		t.Fatal(err)
	}
	if _, err := u.Receive(strings.NewReader("a")); !errors.Is(err, errReceived) {
		t.Errorf("second Receive = %v, want %v", err, errReceived)
	}
}

// Uploads that have stalled in the middle hold neither buffers nor descriptors, and don't keep others from going on.
func TestStalledUploadsHoldNothing(t *testing.T) {
	dir := t.TempDir()
	s := mustOpen(t, dir, Options{Buffers: 2})
	before := descriptors(t)
	gone := errors.New("gone")
	gates := make([]*gate, 1000)
	var group sync.WaitGroup
	for n := range gates {
		gates[n] = newGate(1)
		group.Go(func() {
			if _, err := s.Upload("stalled", "ann", 100, noon).Receive(gates[n]); !errors.Is(err, gone) {
				t.Errorf("Receive of upload %d = %v, want %v", n, err, gone)
			}
		})
	}
	for _, g := range gates {
		g.open(50)
	}
	mustUpload(t, s, "lively", randomBytes(3*PieceSize))
	waitFor(t, "all buffers to be free", func() bool { return s.outstanding() == 0 })
	waitFor(t, "all parts", func() bool { found, _ := os.ReadDir(incomingIn(dir)); return len(found) == len(gates) })
	if after := descriptors(t); after != before {
		t.Errorf("descriptors = %d, want %d as before", after, before)
	}
	for _, g := range gates {
		g.shut(gone)
	}
	group.Wait()
	checkNoParts(t, dir)
	if entries := checkWhole(t, dir); len(entries) != 1 {
		t.Errorf("index has %d entries, want 1", len(entries))
	}
}

// outstanding is how many buffers are in use.
func (s *Store) outstanding() int {
	return cap(s.buffers) - len(s.buffers)
}

func descriptors(t *testing.T) int {
	found, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		t.Skip(err)
	}
	return len(found)
}

// waitFor polls: what it waits for happens on the disk or in another goroutine that has no reason to tell.
func waitFor(t *testing.T, what string, ok func() bool) {
	t.Helper()
	for end := time.Now().Add(20 * time.Second); !ok(); runtime.Gosched() {
		if time.Now().After(end) {
			t.Fatalf("waited too long for %s", what)
		}
	}
}

// Large files come through with few buffers, and the buffers made are all the memory their bytes take.
func TestMemoryIsBounded(t *testing.T) {
	const size = 8 << 20
	dir := t.TempDir()
	s := mustOpen(t, dir, Options{Buffers: 3})
	made := make(map[*byte]bool)
	var mu sync.Mutex
	var group sync.WaitGroup
	for range 8 {
		group.Go(func() {
			r := &watcher{left: size, see: func(buffer []byte) {
				mu.Lock()
				made[&buffer[0]] = true
				mu.Unlock()
				if out := s.outstanding(); out > 3 {
					t.Errorf("%d buffers in use, want at most 3", out)
				}
			}}
			if _, err := s.Upload("large", "ann", size, noon).Receive(r); err != nil {
				t.Error(err)
			}
		})
	}
	group.Wait()
	if len(made) > 3 {
		t.Errorf("%d buffers were made, want at most 3", len(made))
	}
	checkWhole(t, dir)
}

// watcher shows the buffers that it is asked to fill.
type watcher struct {
	left int
	see  func([]byte)
}

func (w *watcher) Read(buffer []byte) (int, error) {
	w.see(buffer)
	n := min(w.left, len(buffer))
	w.left -= n
	return n, nil
}

func TestPartFailureReachesTheUpload(t *testing.T) {
	dir := t.TempDir()
	s := mustOpen(t, dir, Options{})
	// A folder stands where the first part would.
	if err := os.Mkdir(filepath.Join(incomingIn(dir), "1.part"), 0o755); err != nil {
		t.Fatal(err)
	}
	endless := &watcher{left: 1 << 40, see: func([]byte) {}}
	u := s.Upload("a", "ann", 1<<26, noon)
	var pathError *os.PathError
	if _, err := u.Receive(endless); !errors.As(err, &pathError) {
		t.Errorf("Receive = %v, want an error about the part's path", err)
	}
	mustUpload(t, s, "b", randomBytes(2*PieceSize))
	if entries := checkWhole(t, dir); len(entries) != 1 {
		t.Errorf("index has %d entries, want 1", len(entries))
	}
}

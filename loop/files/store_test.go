package files

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

var noon = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

// mustOpen opens a store that has nothing to repair, and closes it with the test.
func mustOpen(tb testing.TB, dir string, opts Options) *Store {
	tb.Helper()
	s, repaired, err := Open(dir, opts)
	if err != nil {
		tb.Fatalf("Open = %v, want no error", err)
	}
	tb.Cleanup(func() { s.Close() })
	if repaired != "" {
		tb.Errorf("Open repaired %q, want nothing", repaired)
	}
	return s
}

func mustUpload(tb testing.TB, s *Store, name string, content []byte) Entry {
	tb.Helper()
	e, err := s.Upload(name, "ann", int64(len(content)), noon).Receive(bytes.NewReader(content))
	if err != nil {
		tb.Fatalf("Receive of %q, %d bytes = %v, want no error", name, len(content), err)
	}
	return e
}

func mustClose(tb testing.TB, s *Store) {
	tb.Helper()
	if err := s.Close(); err != nil {
		tb.Fatalf("Close = %v, want no error", err)
	}
}

func randomBytes(n int) []byte {
	content := make([]byte, n)
	for at := range content {
		content[at] = byte(rand.Uint32())
	}
	return content
}

func sumOf(content []byte) string {
	sum := sha256.Sum256(content)
	return hex.EncodeToString(sum[:])
}

// indexOnDisk reads the index as anyone may, without the package's own reading of it.
func indexOnDisk(tb testing.TB, dir string) []Entry {
	tb.Helper()
	file, err := os.Open(filepath.Join(dir, indexName))
	if err != nil {
		tb.Fatal(err)
	}
	defer file.Close()
	var entries []Entry
	for lines := bufio.NewScanner(file); lines.Scan(); {
		var e Entry
		if err := json.Unmarshal(lines.Bytes(), &e); err != nil {
			tb.Fatalf("index line %q: %v", lines.Text(), err)
		}
		entries = append(entries, e)
	}
	return entries
}

// checkWhole is the store's promise, checked on the disk: the index's files fill all_received, one behind the other,
// each with the bytes that its SHA-256 tells of. It returns the index.
func checkWhole(tb testing.TB, dir string) []Entry {
	tb.Helper()
	data, err := os.ReadFile(filepath.Join(dir, dataName))
	if err != nil {
		tb.Fatal(err)
	}
	entries := indexOnDisk(tb, dir)
	var end int64
	for at, e := range entries {
		if e.Offset != end || e.end() > int64(len(data)) {
			tb.Fatalf("entry %d is [%d, %d), want it to begin at %d and end by %d", at, e.Offset, e.end(), end, len(data))
		}
		if got := sumOf(data[e.Offset:e.end()]); got != e.SHA256 {
			tb.Fatalf("entry %d, %q: sha256 of the bytes = %s, index says %s", at, e.Name, got, e.SHA256)
		}
		end = e.end()
	}
	if end != int64(len(data)) {
		tb.Fatalf("all_received holds %d bytes, its index ends at %d", len(data), end)
	}
	return entries
}

// checkNoParts is for a store whose uploads have all ended.
func checkNoParts(tb testing.TB, dir string) {
	tb.Helper()
	found, err := os.ReadDir(incomingIn(dir))
	if err != nil || len(found) != 0 {
		tb.Errorf("incoming holds %v, %v, want nothing", found, err)
	}
}

func TestConcurrentUploadsComeOutWhole(t *testing.T) {
	dir := t.TempDir()
	s := mustOpen(t, dir, Options{Buffers: 4})
	contents := make(map[string][]byte)
	var group sync.WaitGroup
	for n := range 64 {
		size := []int{0, 1, PieceSize - 1, PieceSize, PieceSize + 1, rand.IntN(5 * PieceSize)}[n%6]
		name := fmt.Sprintf("file %d", n)
		content := randomBytes(size)
		contents[name] = content
		group.Go(func() {
			e, err := s.Upload(name, "ann", int64(size), noon).Receive(bytes.NewReader(content))
			if err != nil || e.Name != name || e.Size != int64(size) || e.SHA256 != sumOf(content) {
				t.Errorf("Receive of %q, %d bytes = %+v, %v", name, size, e, err)
			}
		})
	}
	group.Wait()
	entries := checkWhole(t, dir)
	checkNoParts(t, dir)
	for _, e := range entries {
		if want := sumOf(contents[e.Name]); e.SHA256 != want {
			t.Errorf("%q: sha256 = %s, want %s", e.Name, e.SHA256, want)
		}
	}
	if list, total := listNow(t, s, MaxList); total != 64 || len(entries) != 64 || !sameEntries(list, entries) {
		t.Errorf("List = %d entries, total %d, index on disk %d, want the same 64", len(list), total, len(entries))
	}
	mustClose(t, s)
	again := mustOpen(t, dir, Options{})
	if list, _ := listNow(t, again, MaxList); !sameEntries(list, entries) {
		t.Error("List after reopening differs from the index")
	}
}

// listNow waits for what List finds.
func listNow(tb testing.TB, s *Store, n int) (entries []Entry, total int) {
	tb.Helper()
	done := make(chan error)
	s.List(n, func(found []Entry, all int, err error) { entries, total = found, all; done <- err })
	if err := <-done; err != nil {
		tb.Fatalf("List(%d) = %v, want no error", n, err)
	}
	return entries, total
}

// findNow waits for what Find finds.
func findNow(tb testing.TB, s *Store, name string) (e Entry, found bool) {
	tb.Helper()
	done := make(chan error)
	s.Find(name, func(entry Entry, is bool, err error) { e, found = entry, is; done <- err })
	if err := <-done; err != nil {
		tb.Fatalf("Find(%q) = %v, want no error", name, err)
	}
	return e, found
}

func sameEntries(a, b []Entry) bool {
	if len(a) != len(b) {
		return false
	}
	for at := range a {
		if a[at] != b[at] {
			return false
		}
	}
	return true
}

func TestOrderIsThatOfCompletion(t *testing.T) {
	dir := t.TempDir()
	s := mustOpen(t, dir, Options{})
	slow := newGate(100)
	var group sync.WaitGroup
	group.Go(func() {
		if _, err := s.Upload("first to begin", "ann", 100, noon).Receive(slow); err != nil {
			t.Error(err)
		}
	})
	slow.open(60)
	mustUpload(t, s, "first to end", []byte("quick"))
	slow.open(40)
	group.Wait()
	entries := checkWhole(t, dir)
	if len(entries) != 2 || entries[0].Name != "first to end" || entries[1].Name != "first to begin" {
		t.Errorf("index = %+v, want %q before %q", entries, "first to end", "first to begin")
	}
}

func TestListAndFind(t *testing.T) {
	s := mustOpen(t, t.TempDir(), Options{})
	for _, name := range []string{"a", "b", "a", "c"} {
		mustUpload(t, s, name, []byte(name))
	}
	for _, row := range []struct {
		name  string
		n     int
		names string
	}{
		{"none", 0, ""}, {"fewer than none", -1, ""}, {"newest", 1, "c"},
		{"newest two", 2, "ac"}, {"more than there are", 9, "abac"},
	} {
		t.Run(row.name, func(t *testing.T) {
			entries, total := listNow(t, s, row.n)
			var names string
			for _, e := range entries {
				names += e.Name
			}
			if names != row.names || total != 4 {
				t.Errorf("List(%d) = %q, %d, want %q, 4", row.n, names, total, row.names)
			}
		})
	}
	if e, found := findNow(t, s, "a"); !found || e.Offset != 2 {
		t.Errorf(`Find("a") = %+v, %v, want the one at offset 2`, e, found)
	}
	if e, found := findNow(t, s, "d"); found {
		t.Errorf(`Find("d") = %+v, true, want none`, e)
	}
}

func TestNamesAreOnlyLabels(t *testing.T) {
	root := t.TempDir()
	dir := filepath.Join(root, "in", "store")
	s := mustOpen(t, dir, Options{})
	for _, row := range []struct{ label, name, kept string }{
		{"up and out", "../../etc/passwd", "../../etc/passwd"},
		{"absolute", "/etc/passwd", "/etc/passwd"},
		{"in a folder", "a/b", "a/b"},
		{"the store's own", "all_received.index", "all_received.index"},
		{"a part's", "incoming/1.part", "incoming/1.part"},
		{"empty", "", ""},
		{"two lines", "a\nb", "a\nb"},
		{"NUL", "a\x00b", "a\x00b"},
		{"quotes and HTML", `"<&>\`, `"<&>\`},
		{"not UTF-8", "a\xffb", "a\uFFFDb"},
		{"long", strings.Repeat("x", 8<<10), strings.Repeat("x", 8<<10)},
	} {
		t.Run(row.label, func(t *testing.T) {
			// More than a piece, so that a part is made for it.
			e := mustUpload(t, s, row.name, randomBytes(PieceSize+1))
			if e.Name != row.kept {
				t.Errorf("name of %q = %q, want %q", row.name, e.Name, row.kept)
			}
			if found, ok := findNow(t, s, row.kept); !ok || found != e {
				t.Errorf("Find(%q) = %+v, %v, want %+v", row.kept, found, ok, e)
			}
		})
	}
	before, _ := listNow(t, s, MaxList)
	mustClose(t, s)
	if after, _ := listNow(t, mustOpen(t, dir, Options{}), MaxList); !sameEntries(before, after) {
		t.Error("List after reopening differs from before")
	}
	checkWhole(t, dir)
	if got, want := paths(t, root), "in in/store in/store/all_received in/store/all_received.index in/store/all_received.names in/store/incoming"; got != want {
		t.Errorf("paths = %s, want %s", got, want)
	}
}

// paths lists all there is below root.
func paths(t *testing.T, root string) string {
	var found []string
	err := filepath.WalkDir(root, func(path string, _ os.DirEntry, err error) error {
		if path != root {
			found = append(found, strings.TrimPrefix(path, root+"/"))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return strings.Join(found, " ")
}

func TestTimeIsUTC(t *testing.T) {
	dir := t.TempDir()
	s := mustOpen(t, dir, Options{})
	at := time.Date(2026, 3, 1, 14, 30, 0, 5e8, time.FixedZone("", 2*60*60))
	if _, err := s.Upload("a", "ann", 0, at).Receive(nil); err != nil {
		t.Fatal(err)
	}
	line, err := os.ReadFile(filepath.Join(dir, indexName))
	if err != nil {
		t.Fatal(err)
	}
	want := `{"name":"a","sender":"ann","time":"2026-03-01T12:30:00.5Z","offset":0,"size":0,"sha256":"` + sumOf(nil) + `"}` + "\n"
	if string(line) != want {
		t.Errorf("index = %s, want %s", line, want)
	}
}

func TestOneStorePerFolder(t *testing.T) {
	dir := t.TempDir()
	s := mustOpen(t, dir, Options{})
	if _, _, err := Open(dir, Options{}); !errors.Is(err, ErrInUse) {
		t.Errorf("second Open = %v, want %v", err, ErrInUse)
	}
	mustUpload(t, s, "a", []byte("still working"))
	mustClose(t, s)
	mustOpen(t, dir, Options{})
}

func TestOpenSaysWhatItCannotUse(t *testing.T) {
	for _, row := range []struct {
		name string
		make func(dir string) error
		want string
	}{
		{"dir is a file", func(dir string) error { return os.WriteFile(dir, nil, 0o644) }, "mkdir"},
		{"incoming is a file", func(dir string) error { return writeFiles(dir, "incoming", "") }, "incoming: not a directory"},
		{"all_received is a folder", func(dir string) error { return os.MkdirAll(filepath.Join(dir, dataName), 0o755) }, "all_received: is a directory"},
		{"index is a folder", func(dir string) error { return os.MkdirAll(filepath.Join(dir, indexName), 0o755) }, "all_received.index: is a directory"},
		{"bytes without an index", func(dir string) error { return writeFiles(dir, dataName, "hello") }, "5 bytes and has no index"},
	} {
		t.Run(row.name, func(t *testing.T) {
			dir := filepath.Join(t.TempDir(), "store")
			if err := row.make(dir); err != nil {
				t.Fatal(err)
			}
			_, _, err := Open(dir, Options{})
			if err == nil || !strings.Contains(err.Error(), row.want) || !strings.Contains(err.Error(), dir) {
				t.Errorf("Open = %v, want an error with %q and %s", err, row.want, dir)
			}
		})
	}
}

func TestCloseKeepsWhatIsWhole(t *testing.T) {
	dir := t.TempDir()
	s := mustOpen(t, dir, Options{})
	var group sync.WaitGroup
	results := make([]error, 50)
	for n := range results {
		group.Go(func() {
			_, results[n] = s.Upload(fmt.Sprint(n), "ann", PieceSize+5, noon).Receive(bytes.NewReader(randomBytes(PieceSize + 5)))
		})
	}
	mustClose(t, s)
	mustClose(t, s)
	group.Wait()
	kept := make(map[string]bool)
	for _, e := range checkWhole(t, dir) {
		kept[e.Name] = true
	}
	for n, err := range results {
		if err != nil && !errors.Is(err, ErrClosed) {
			t.Errorf("upload %d = %v, want none or %v", n, err, ErrClosed)
		}
		if kept[fmt.Sprint(n)] != (err == nil) {
			t.Errorf("upload %d ended with %v, in the index: %v", n, err, kept[fmt.Sprint(n)])
		}
	}
	checkNoParts(t, dir)
	if _, err := s.Upload("late", "ann", 0, noon).Receive(nil); !errors.Is(err, ErrClosed) {
		t.Errorf("Receive after Close = %v, want %v", err, ErrClosed)
	}
	if total, _ := s.Total(); total != len(kept) {
		t.Errorf("Total after Close = %d, want %d", total, len(kept))
	}
	late := make(chan error)
	s.List(1, func(_ []Entry, _ int, err error) { late <- err })
	if err := <-late; !errors.Is(err, ErrClosed) {
		t.Errorf("List after Close = %v, want %v", err, ErrClosed)
	}
	s.Find("late", func(_ Entry, _ bool, err error) { late <- err })
	if err := <-late; !errors.Is(err, ErrClosed) {
		t.Errorf("Find after Close = %v, want %v", err, ErrClosed)
	}
}

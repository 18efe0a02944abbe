package files

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"
)

// fill uploads n files, some names of which come again.
func fill(t *testing.T, s *Store, n int) (names []string) {
	t.Helper()
	for i := range n {
		name := fmt.Sprint("file ", i%(2*n/3+1))
		mustUpload(t, s, name, fmt.Append(nil, i))
		names = append(names, name)
	}
	return names
}

// checkFinds has each entry of the index found, by name and by age.
func checkFinds(t *testing.T, s *Store, dir string) {
	t.Helper()
	entries := indexOnDisk(t, dir)
	if list, total := listNow(t, s, MaxList); total != len(entries) || !sameEntries(list, entries[max(len(entries)-MaxList, 0):]) {
		t.Fatalf("List = %d entries of %d, want the last of %d", len(list), total, len(entries))
	}
	newest := map[string]Entry{}
	for _, e := range entries {
		newest[e.Name] = e
	}
	for name, want := range newest {
		if e, found := findNow(t, s, name); !found || e != want {
			t.Fatalf("Find(%q) = %+v, %v, want %+v", name, e, found, want)
		}
	}
	if e, found := findNow(t, s, "nobody's"); found {
		t.Fatalf("Find of a name that there isn't = %+v", e)
	}
}

// Whatever has become of the table, or of the index beside it, the store that opens finds what the index has.
func TestTableIsMadeAnew(t *testing.T) {
	write := func(change func([]byte) []byte) func(*testing.T, string) {
		return func(t *testing.T, dir string) {
			path := filepath.Join(dir, tableName)
			table, err := os.ReadFile(path)
			if err == nil {
				err = os.WriteFile(path, change(table), 0o644)
			}
			if err != nil {
				t.Fatal(err)
			}
		}
	}
	for _, row := range []struct {
		name   string
		change func(t *testing.T, dir string)
	}{
		{"nothing", func(*testing.T, string) {}},
		{"removed", func(t *testing.T, dir string) { os.Remove(filepath.Join(dir, tableName)) }},
		{"empty", write(func([]byte) []byte { return nil })},
		{"cut in the head", write(func(b []byte) []byte { return b[:20] })},
		{"cut in a record", write(func(b []byte) []byte { return b[:headSize+7*recordSize+13] })},
		{"cut behind a record", write(func(b []byte) []byte { return b[:headSize+7*recordSize] })},
		{"a hole", write(func(b []byte) []byte { clear(b[headSize+3*recordSize : headSize+5*recordSize]); return b })},
		{"a bit", write(func(b []byte) []byte { b[headSize+9*recordSize+3] ^= 4; return b })},
		{"noise", write(func(b []byte) []byte { return randomBytes(len(b)) })},
		{"noise behind the head", write(func(b []byte) []byte { return append(b[:headSize], randomBytes(500)...) })},
		{"longer", write(func(b []byte) []byte { return append(b, b[headSize:headSize+3*recordSize]...) })},
		{"records in another order", write(func(b []byte) []byte {
			copy(b[headSize:], bytes.Clone(b[headSize+recordSize:headSize+2*recordSize]))
			return b
		})},
		{"of another index", func(t *testing.T, dir string) {
			other := t.TempDir()
			s := mustOpen(t, other, Options{})
			for i := range 30 {
				mustUpload(t, s, fmt.Sprint("fill ", i), fmt.Append(nil, i))
			}
			mustClose(t, s)
			table, err := os.ReadFile(filepath.Join(other, tableName))
			if err == nil {
				err = os.WriteFile(filepath.Join(dir, tableName), table, 0o644)
			}
			if err != nil {
				t.Fatal(err)
			}
		}},
		{"the index is shorter", func(t *testing.T, dir string) {
			entries := indexOnDisk(t, dir)
			var index []byte
			for _, e := range entries[:11] {
				line, _ := e.line()
				index = append(index, line...)
			}
			if err := writeFiles(dir, indexName, string(index)); err != nil {
				t.Fatal(err)
			}
		}},
		{"all but the table is gone", func(t *testing.T, dir string) {
			os.Remove(filepath.Join(dir, indexName))
			os.Remove(filepath.Join(dir, dataName))
		}},
	} {
		t.Run(row.name, func(t *testing.T) {
			dir := t.TempDir()
			s := mustOpen(t, dir, Options{})
			fill(t, s, 30)
			mustClose(t, s)
			row.change(t, dir)
			for range 2 {
				s, _, err := Open(dir, Options{})
				if err != nil {
					t.Fatal(err)
				}
				checkFinds(t, s, dir)
				fill(t, s, 5)
				checkFinds(t, s, dir)
				mustClose(t, s)
				checkWhole(t, dir)
			}
		})
	}
}

// Names whose records are in one chain are told apart.
func TestChains(t *testing.T) {
	dir := t.TempDir()
	s := mustOpen(t, dir, Options{})
	names := map[int]string{}
	for n, met := 0, 0; met < 5; n++ {
		name := fmt.Sprint(n)
		bucket := bucketOf(s.catalogue.hash(name))
		if other, ok := names[bucket]; ok {
			met++
			mustUpload(t, s, other, []byte(other))
			mustUpload(t, s, name, []byte(name))
		}
		names[bucket] = name
	}
	checkFinds(t, s, dir)
}

// With a million files the store opens at once, and has no more in memory than with none.
func TestMillionFiles(t *testing.T) {
	if testing.Short() || raceEnabled {
		t.Skip("it writes 250 MB")
	}
	const files = 1_000_000
	dir := t.TempDir()
	var index bytes.Buffer
	for n := range files {
		e := Entry{Name: fmt.Sprint("a file that has a name, ", n), Sender: "ann", Time: noon, SHA256: strings.Repeat("0", 64)}
		line, err := e.line()
		if err != nil {
			t.Fatal(err)
		}
		index.Write(line)
	}
	if err := writeFiles(dir, dataName, "", indexName, index.String()); err != nil {
		t.Fatal(err)
	}
	index = bytes.Buffer{}
	began := time.Now()
	mustClose(t, mustOpen(t, dir, Options{}))
	anew := time.Since(began)
	before := heap()
	began = time.Now()
	s := mustOpen(t, dir, Options{})
	again := time.Since(began)
	more := heap() - before
	began = time.Now()
	for range 1000 {
		n := rand.IntN(files)
		name := fmt.Sprint("a file that has a name, ", n)
		if e, found := findNow(t, s, name); !found || e.Name != name {
			t.Fatalf("Find(%q) = %+v, %v", name, e, found)
		}
	}
	found := time.Since(began) / 1000
	began = time.Now()
	if list, total := listNow(t, s, 100); len(list) != 100 || total != files {
		t.Fatalf("List(100) = %d of %d", len(list), total)
	}
	t.Logf("%d files: opened in %v, without the table in %v; %d KiB of heap; Find %v, List of 100 %v", files, again, anew, more>>10, found,
		time.Since(began))
	if more > 4<<20 {
		t.Errorf("the open store has %d bytes of heap, want at most 4 MiB", more)
	}
}

func heap() int64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}

package store

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
)

// written is a database that was closed, and what is in it.
func written(t *testing.T) (file []byte, want Contents) {
	t.Helper()
	dir := t.TempDir()
	s := mustOpen(t, dir)
	want = someContents()
	for i := range 300 {
		key := fmt.Sprintf("zoe%03d", i)
		want.Names = append(want.Names, Name{Key: key, Shown: strings.ToUpper(key), Hash: "$argon2id$" + strings.Repeat(key, 10), Since: noon})
	}
	mustChange(t, s, changesOf(want)...)
	s.Say([]Message{{ID: 1, Place: 1, Who: "ana", WhoKey: "ana", Text: "hello", At: noon * 1000}})
	mustClose(t, s)
	file, err := os.ReadFile(filepath.Join(dir, FileName))
	if err != nil {
		t.Fatal(err)
	}
	return file, want
}

// expectWholeOrRefused opens a database of that content, which must have all of want or be refused, with a line that names it.
func expectWholeOrRefused(t *testing.T, what string, file []byte, want Contents) (refused bool) {
	t.Helper()
	dir := t.TempDir()
	path := filepath.Join(dir, FileName)
	if err := os.WriteFile(path, file, 0o600); err != nil {
		t.Fatal(err)
	}
	s, err := Open(dir, Options{Sync: Off})
	if err != nil {
		if text := err.Error(); strings.Contains(text, "\n") || !strings.HasPrefix(text, path+": ") || !strings.Contains(text, "restore ") {
			t.Errorf("%s: Open = %q, want one line that begins with %s and says what to do", what, text, path)
		}
		return true
	}
	defer s.Close()
	if got, err := s.Contents(); err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("%s: Contents = %+v, %v, want what was written, or an error of Open", what, got, err)
	}
	return false
}

// TestFlippedBits: wherever one bit of the file is another one, all records are there as they were written, or Open says that they are not.
func TestFlippedBits(t *testing.T) {
	file, want := written(t)
	if expectWholeOrRefused(t, "unchanged", file, want) {
		t.Fatal("the file is refused as it is")
	}
	random := rand.New(rand.NewPCG(16, 1))
	refused := 0
	for n := range 600 {
		at := random.IntN(len(file))
		if n < 100 { // the header
			at = n
		}
		bit := byte(1) << random.IntN(8)
		file[at] ^= bit
		if expectWholeOrRefused(t, fmt.Sprintf("bit %#x of byte %d", bit, at), file, want) {
			refused++
		}
		file[at] ^= bit
	}
	t.Logf("%d of 600 files of %d bytes were refused", refused, len(file))
	if refused < 50 {
		t.Error("few files were refused: the test hits nothing")
	}
}

// TestCutAndOverwritten is TestFlippedBits for a file that ends early, or has zeros or another page where one was.
func TestCutAndOverwritten(t *testing.T) {
	const page = 4096
	file, want := written(t)
	random := rand.New(rand.NewPCG(16, 2))
	for i := range 60 {
		n := i * random.IntN(len(file)/60)
		if !expectWholeOrRefused(t, fmt.Sprintf("cut to %d bytes", n), file[:n], want) && n <= len(file)-page {
			t.Errorf("a file cut to %d of %d bytes is opened", n, len(file))
		}
	}
	for at := 0; at < len(file); at += page {
		zeroed, swapped := append([]byte(nil), file...), append([]byte(nil), file...)
		clear(zeroed[at : at+page])
		expectWholeOrRefused(t, fmt.Sprintf("page %d of zeros", at/page+1), zeroed, want)
		copy(swapped[at:], file[(at+page)%len(file):][:page])
		expectWholeOrRefused(t, fmt.Sprintf("page %d twice", at/page+1), swapped, want)
	}
	expectRefused := []string{"hello\n", strings.Repeat("x", 5000), "SQLite format 3\x00"}
	for _, content := range expectRefused {
		if !expectWholeOrRefused(t, fmt.Sprintf("%.20q", content), []byte(content), want) {
			t.Errorf("a file of %.20q is opened", content)
		}
	}
}

// TestADamagedRecordIsNamed: the error says which.
func TestADamagedRecordIsNamed(t *testing.T) {
	file, _ := written(t)
	at := strings.Index(string(file), "ZOE123")
	if at < 0 {
		t.Fatal("the name isn't in the file")
	}
	file[at] = 'X'
	dir := t.TempDir()
	path := filepath.Join(dir, FileName)
	if err := os.WriteFile(path, file, 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := Open(dir, Options{})
	if wanted := path + `: table names: "zoe123": its checksum is another one; restore it from a backup, or see looproom state export`; err == nil || err.Error() != wanted {
		t.Errorf("Open = %v, want %s", err, wanted)
	}
}

package store

import (
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// crashed is a database and its write-ahead log as a crash leaves them: each name below n was put by a transaction of its own, the last ones in the log.
func crashed(t *testing.T) (database, log []byte, n int) {
	t.Helper()
	dir := t.TempDir()
	s := mustOpen(t, dir)
	for len(log) < 20*(walPage+walFrame) {
		mustChange(t, s, PutName(numbered(n)))
		n++
		s.queue.mu.Lock() // the writer does nothing more meanwhile
		var err error
		if log, err = os.ReadFile(filepath.Join(dir, FileName+"-wal")); err == nil {
			database, err = os.ReadFile(filepath.Join(dir, FileName))
		}
		s.queue.mu.Unlock()
		if err != nil {
			t.Fatal(err)
		}
	}
	mustClose(t, s)
	return database, log, n
}

// namesAfter opens a copy of a database and its log, and returns how many names there are, or the error.
func namesAfter(t *testing.T, database, log []byte, o Options) (int, error) {
	t.Helper()
	dir := t.TempDir()
	for name, content := range map[string][]byte{FileName: database, FileName + "-wal": log} {
		if err := os.WriteFile(filepath.Join(dir, name), content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	s, err := Open(dir, o)
	if err != nil {
		if text := err.Error(); strings.Contains(text, "\n") || !strings.HasPrefix(text, filepath.Join(dir, FileName)) {
			t.Errorf("Open = %q, want one line that names the file", text)
		}
		return 0, err
	}
	defer s.Close()
	return len(mustContents(t, s).Names), nil
}

// TestDamagedLog: whichever bit of a log is another one, all but the last transaction is there, or Open says that it isn't. Of the last nobody can tell whether it is damaged or was cut off by the crash.
func TestDamagedLog(t *testing.T) {
	database, log, n := crashed(t)
	if got, err := namesAfter(t, database, log, Options{}); got != n || err != nil {
		t.Fatalf("as it is: %d names, %v; want %d", got, err, n)
	}
	random := rand.New(rand.NewPCG(16, 3))
	refused := 0
	for i := range 300 {
		at := random.IntN(len(log))
		if i < walHeader+walFrame {
			at = i
		}
		bit := byte(1) << random.IntN(8)
		log[at] ^= bit
		got, err := namesAfter(t, database, log, Options{})
		if err == nil && got < n-1 {
			t.Errorf("bit %#x of byte %d of %d: %d names, want %d, or one less, or an error", bit, at, len(log), got, n)
		}
		if err != nil {
			refused++
			if !strings.Contains(err.Error(), errLog.Error()) {
				t.Errorf("Open = %v, want %v", err, errLog)
			}
		}
		log[at] ^= bit
	}
	t.Logf("%d of 300 logs of %d bytes were refused", refused, len(log))
	log[walHeader+walFrame+10] ^= 1
	if got, err := namesAfter(t, database, log, Options{Damaged: true}); err != nil || got > n {
		t.Errorf("opened to be exported it has %d names, %v; want at most %d", got, err, n)
	}
}

// TestCutLog: a log that ends anywhere is what a crash leaves, and all that is whole in it is taken.
func TestCutLog(t *testing.T) {
	database, log, n := crashed(t)
	last := 0
	for end := 0; end <= len(log); end += 1000 {
		got, err := namesAfter(t, database, log[:end], Options{})
		if err != nil || got < last || got > n {
			t.Errorf("cut to %d bytes: %d names, %v; want from %d to %d", end, got, err, last, n)
		}
		last = got
	}
	if last < 2 {
		t.Errorf("%d names: nothing was in the log", last)
	}
}

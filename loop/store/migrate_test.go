package store

import (
	"compress/gzip"
	"errors"
	"io"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"zombiezen.com/go/sqlite"
)

// version1 makes a folder with a database of version 1: testdata/version1.db.gz is what fill stored when that was the version that was written.
func version1(t *testing.T) (dir string) {
	t.Helper()
	file, err := os.Open(filepath.Join("testdata", "version1.db.gz"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	unzipped, err := gzip.NewReader(file)
	if err != nil {
		t.Fatal(err)
	}
	content, err := io.ReadAll(unzipped)
	if err != nil {
		t.Fatal(err)
	}
	dir = t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, FileName), content, 0o600); err != nil {
		t.Fatal(err)
	}
	return dir
}

// TestOpenVersion1: a database that the first version wrote is opened, and has all that was in it.
func TestOpenVersion1(t *testing.T) {
	s := mustOpen(t, version1(t))
	if got := mustContents(t, s); !reflect.DeepEqual(got, someContents()) {
		t.Errorf("Contents = %+v, want what version 1 stored", got)
	}
	other := mustOpen(t, t.TempDir())
	fill(t, other)
	if got, want := mustExport(t, s), mustExport(t, other); got != want {
		t.Errorf("exported:\n%s\nwant\n%s", got, want)
	}
	if err := s.Check(t.Context()); err != nil {
		t.Error(err)
	}
}

// TestMigrate: what a database lacks is done once, all of it or nothing; and one of a later version is refused by name.
func TestMigrate(t *testing.T) {
	dir := version1(t)
	path := filepath.Join(dir, FileName)
	steps := func(more ...migration) []migration { return append(migrations[:1:1], more...) }
	execute := func(statements string) migration {
		return func(conn *sqlite.Conn) error { return executeAll(conn, statements) }
	}
	second, third := execute("CREATE TABLE second (a INTEGER); INSERT INTO second VALUES (2)"), execute("INSERT INTO second VALUES (3)")
	open := func(all []migration) (n int64, err error) {
		conn, err := connect(path)
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		if err := migrate(conn, path, all); err != nil {
			return 0, err
		}
		return number(conn, "SELECT sum(a) FROM second")
	}
	wrong := errors.New("it can't be done")
	_, err := open(steps(second, func(*sqlite.Conn) error { return wrong }))
	if want := path + ": bring it from version 1 to 3: it can't be done"; !errors.Is(err, wrong) || err.Error() != want {
		t.Errorf("migrate = %v, want %s", err, want)
	}
	for range 2 {
		if n, err := open(steps(second)); n != 2 || err != nil {
			t.Errorf("after the second step: %d, %v; want 2", n, err)
		}
	}
	if n, err := open(steps(second, third)); n != 5 || err != nil {
		t.Errorf("after the third step: %d, %v; want 5", n, err)
	}
	if _, err := open(steps(second)); err == nil || !strings.HasPrefix(err.Error(), path+": a newer looproom wrote it: it has version 3, and this one reads up to 2") {
		t.Errorf("migrate of a later version = %v, want that a newer looproom wrote it", err)
	}
}

// TestMakeVersion1 is how testdata/version1.db.gz was made.
func TestMakeVersion1(t *testing.T) {
	if os.Getenv("LOOPROOM_MAKE_VERSION") == "" {
		t.Skip("there is one")
	}
	dir := t.TempDir()
	s := mustOpen(t, dir)
	fill(t, s)
	mustClose(t, s)
	content, err := os.ReadFile(filepath.Join(dir, FileName))
	if err != nil {
		t.Fatal(err)
	}
	out, err := os.Create(filepath.Join("testdata", "version1.db.gz"))
	if err != nil {
		t.Fatal(err)
	}
	zipped, _ := gzip.NewWriterLevel(out, gzip.BestCompression)
	if _, err := zipped.Write(content); err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(zipped.Close(), out.Close()); err != nil {
		t.Fatal(err)
	}
}

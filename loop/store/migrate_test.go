package store

import (
	"compress/gzip"
	"errors"
	"io"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"zombiezen.com/go/sqlite"

	"looproom/loop/room"
	"looproom/loop/secret"
)

// version1 makes a folder with a database of version 1: testdata/version1.db.gz is what fill stored when that was the version that was written, see ofVersion1.
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

// ofVersion1 is what version 1 knew of someContents.
func ofVersion1() Contents {
	c := someContents()
	c.Certificates = map[string][][32]byte{}
	for i := range c.Names {
		c.Names[i].Verifier = secret.Verifier{}
	}
	for _, k := range c.Rooms {
		k.Created, k.Metadata = 0, nil
		k.Rights = slices.DeleteFunc(k.Rights, func(h room.Right) bool { return h.Stays || h.Kind == room.RightLimit })
	}
	return c
}

// TestOpenVersion1: a database that the first version wrote is opened, and has all that was in it; and what later versions know can be put there.
func TestOpenVersion1(t *testing.T) {
	s := mustOpen(t, version1(t))
	if got := mustContents(t, s); !reflect.DeepEqual(got, ofVersion1()) {
		t.Errorf("Contents = %+v, want what version 1 stored", got)
	}
	other := mustOpen(t, t.TempDir())
	fillWith(t, other, ofVersion1())
	if got, want := mustExport(t, s), mustExport(t, other); got != want {
		t.Errorf("exported:\n%s\nwant\n%s", got, want)
	}
	mustChange(t, s, changesOf(someContents())...)
	mustClose(t, s)
	s = mustOpen(t, s.Dir())
	if got := mustContents(t, s); !reflect.DeepEqual(got, someContents()) {
		t.Errorf("Contents = %+v, want what was put there since", got)
	}
	if err := s.Check(t.Context()); err != nil {
		t.Error(err)
	}
}

// TestImportOfFormat1: what an earlier looproom has exported is imported, and nothing is missing of it.
func TestImportOfFormat1(t *testing.T) {
	s := mustOpen(t, t.TempDir())
	fillWith(t, s, ofVersion1())
	exported := mustExport(t, s)
	other := mustOpen(t, t.TempDir())
	if err := other.Import(t.Context(), strings.NewReader(strings.Replace(exported, `"format":5`, `"format":1`, 1))); err != nil {
		t.Fatal(err)
	}
	if got := mustExport(t, other); got != exported {
		t.Errorf("exported again:\n%s\nwant\n%s", got, exported)
	}
}

// TestNameGoesWithItsVerifier: with another password, or none, nothing is left of the one before.
func TestNameGoesWithItsVerifier(t *testing.T) {
	ana := someContents().Names[0]
	plain := ana
	plain.Verifier = secret.Verifier{}
	rows := []struct {
		name   string
		change func(s *Store)
		want   []Name
		opens  bool // the certificate still opens an account
	}{
		{"another without", func(s *Store) { mustChange(t, s, PutName(plain)) }, []Name{plain}, true},
		{"in its time", func(s *Store) { s.Later(PutName(ana)); mustChange(t, s, PutName(plain)) }, []Name{plain}, true},
		{"given up", func(s *Store) { mustChange(t, s, s.EndAccount("ana")...) }, nil, false},
		{"given up, and another's", func(s *Store) { mustChange(t, s, s.EndAccount("ana")...); mustChange(t, s, PutName(plain)) }, []Name{plain}, false},
		{"forgotten", func(s *Store) {
			if _, err := s.Forget("ana"); err != nil {
				t.Error(err)
			}
		}, nil, false},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			dir := t.TempDir()
			s := mustOpen(t, dir)
			mustChange(t, s, PutName(ana), PutCertificates("ana", [][32]byte{{1}}))
			row.change(s)
			mustClose(t, s)
			s = mustOpen(t, dir)
			got := mustContents(t, s)
			if !reflect.DeepEqual(got.Names, row.want) {
				t.Errorf("Names = %v, want %v", got.Names, row.want)
			}
			if opens := len(got.Certificates) > 0; opens != row.opens {
				t.Errorf("Certificates = %v, want that one opens: %v", got.Certificates, row.opens)
			}
			if strings.Contains(mustExport(t, s), "SCRAM-SHA-256") {
				t.Error("the verifier is still there")
			}
		})
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

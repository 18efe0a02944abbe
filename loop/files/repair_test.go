package files

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// writeFiles writes files into dir, given by name and content, and makes the folders they need.
func writeFiles(dir string, namesAndContents ...string) error {
	for at := 0; at < len(namesAndContents); at += 2 {
		path := filepath.Join(dir, namesAndContents[at])
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(path, []byte(namesAndContents[at+1]), 0o644); err != nil {
			return err
		}
	}
	return nil
}

// sample is a store's files after the uploads of "one", "two", ...
func sample(t *testing.T, contents ...string) (data, index string) {
	t.Helper()
	var lines []byte
	for n, content := range contents {
		e := Entry{Name: fmt.Sprint(n), Sender: "ann", Time: noon, Offset: int64(len(data)), Size: int64(len(content)), SHA256: sumOf([]byte(content))}
		line, err := e.line()
		if err != nil {
			t.Fatal(err)
		}
		lines = append(lines, line...)
		data += content
	}
	return data, string(lines)
}

func TestRepair(t *testing.T) {
	data, index := sample(t, "hello", "", "world")
	rest := strings.Repeat("x", 1234)
	for _, row := range []struct {
		name  string
		files []string
		want  string
		kept  int
	}{
		{"whole", []string{dataName, data, indexName, index}, "", 3},
		{"whole, empty incoming", []string{dataName, data, indexName, index, "incoming/notes.txt", ""}, "", 3},
		{"index alone, empty", []string{indexName, ""}, "", 0},
		{"data alone, empty", []string{dataName, ""}, "", 0},
		{"a part left", []string{dataName, data, indexName, index, "incoming/7.part", "abc"}, "removed 1 unfinished upload", 3},
		{"parts left", []string{dataName, data, indexName, index, "incoming/7.part", "abc", "incoming/12.part", ""}, "removed 2 unfinished uploads", 3},
		{"longer than the index", []string{dataName, data + rest, indexName, index},
			"cut 1,234 bytes of an unfinished append from all_received", 3},
		{"bytes before the first line", []string{dataName, "x", indexName, ""},
			"cut 1 byte of an unfinished append from all_received", 0},
		{"torn line", []string{dataName, data, indexName, index + `{"name":"b`},
			"cut 10 bytes of an unfinished line from all_received.index", 3},
		{"line without its end", []string{dataName, data, indexName, index[:len(index)-1]},
			"cut 5 bytes of an unfinished append from all_received; cut " + lastLine(index) + " bytes of an unfinished line from all_received.index", 2},
		{"all of it", []string{dataName, data + rest, indexName, index + `{`, "incoming/1.part", ""},
			"cut 1,234 bytes of an unfinished append from all_received; cut 1 byte of an unfinished line from all_received.index; removed 1 unfinished upload", 3},
	} {
		t.Run(row.name, func(t *testing.T) {
			dir := t.TempDir()
			if err := writeFiles(dir, row.files...); err != nil {
				t.Fatal(err)
			}
			s, repaired, err := Open(dir, Options{})
			if err != nil || repaired != row.want {
				t.Fatalf("Open = %q, %v, want %q", repaired, err, row.want)
			}
			mustUpload(t, s, "next", []byte("next"))
			mustClose(t, s)
			if entries := checkWhole(t, dir); len(entries) != row.kept+1 {
				t.Errorf("index has %d entries, want %d and the next", len(entries), row.kept)
			}
			mustOpen(t, dir, Options{})
		})
	}
}

// lastLine is the length of the last line without its end.
func lastLine(index string) string {
	index = strings.TrimSuffix(index, "\n")
	return fmt.Sprint(len(index) - strings.LastIndexByte(index, '\n') - 1)
}

// Wherever a crash cuts the index, the lines before the cut are kept with their files, and nothing else.
func TestRepairOfEveryCut(t *testing.T) {
	data, index := sample(t, "hello", "", "world!")
	dir := t.TempDir()
	for cut := range len(index) + 1 {
		if err := writeFiles(dir, dataName, data, indexName, index[:cut]); err != nil {
			t.Fatal(err)
		}
		s, repaired, err := Open(dir, Options{})
		if err != nil {
			t.Fatalf("cut at %d: Open = %v, want no error", cut, err)
		}
		mustClose(t, s)
		if want := strings.Count(index[:cut], "\n"); len(checkWhole(t, dir)) != want {
			t.Errorf("cut at %d: index keeps other than %d entries", cut, want)
		}
		if (repaired == "") != (cut == len(index)) {
			t.Errorf("cut at %d of %d: repaired %q", cut, len(index), repaired)
		}
	}
}

func TestDamageIsAnErrorAndLeftAlone(t *testing.T) {
	data, index := sample(t, "hello", "", "world")
	lines := strings.SplitAfter(index, "\n")
	for _, row := range []struct{ name, data, index, want string }{
		{"data shorter than the index", data[:7], index, "holds 7 bytes, its index says 10"},
		{"data missing", "", index, "holds 0 bytes, its index says 10"},
		{"garbage in the middle", data, lines[0] + "garbage\n" + lines[2], "line 2"},
		{"garbage at the end", data, index + "garbage\n", "line 4"},
		{"empty line", data, lines[0] + "\n" + lines[1], "line 2"},
		{"line missing", data, lines[0] + lines[2][:0] + lines[0], "line 2"},
		{"negative size", data, strings.Replace(lines[0], `"size":5`, `"size":-5`, 1), "line 1"},
		{"size too large to add", data, lines[0] + strings.Replace(lines[1], `"size":0`, `"size":9223372036854775807`, 1), "line 2"},
		{"no SHA-256", data, strings.Replace(lines[0], sumOf([]byte("hello")), "2cf24", 1), "line 1"},
	} {
		t.Run(row.name, func(t *testing.T) {
			dir := t.TempDir()
			if err := writeFiles(dir, dataName, row.data, indexName, row.index, "incoming/1.part", ""); err != nil {
				t.Fatal(err)
			}
			_, _, err := Open(dir, Options{})
			if err == nil || !strings.Contains(err.Error(), row.want) || !strings.Contains(err.Error(), dir) {
				t.Errorf("Open = %v, want an error with %q and %s", err, row.want, dir)
			}
			for name, want := range map[string]string{dataName: row.data, indexName: row.index} {
				if got, err := os.ReadFile(filepath.Join(dir, name)); !bytes.Equal(got, []byte(want)) || err != nil {
					t.Errorf("%s = %q, %v, want it untouched", name, got, err)
				}
			}
		})
	}
}

func TestCount(t *testing.T) {
	for _, row := range []struct {
		n    int64
		want string
	}{{0, "0 bytes"}, {1, "1 byte"}, {999, "999 bytes"}, {1000, "1,000 bytes"}, {1234567, "1,234,567 bytes"}} {
		if got := count(row.n, "byte"); got != row.want {
			t.Errorf("count(%d) = %q, want %q", row.n, got, row.want)
		}
	}
}

package files

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"
)

// elsewhere is the entry of a file with these bytes that node n2 has.
func elsewhere(name, text string) Entry {
	return Entry{Name: name, Sender: "eve", Time: noon, Size: int64(len(text)), SHA256: fmt.Sprintf("%x", sha256.Sum256([]byte(text))), Node: "n2"}
}

// TestNote: what others have is listed and found among what is here, takes nothing of all_received, can't be read here, and is there after the next start, whatever was kept before and behind it.
func TestNote(t *testing.T) {
	dir := t.TempDir()
	s := mustOpen(t, dir, Options{})
	mustUpload(t, s, "a", []byte("first"))
	if err := s.Note([]Entry{elsewhere("b", "far"), elsewhere("c", strings.Repeat("x", 1<<20))}); err != nil {
		t.Fatal(err)
	}
	if err := s.Note([]Entry{elsewhere("b", "far")}); err != nil { // once more, by another way
		t.Fatal(err)
	}
	mustUpload(t, s, "b", []byte("second"))
	if err := s.Note([]Entry{elsewhere("a", "newer")}); err != nil {
		t.Fatal(err)
	}
	check := func(s *Store) {
		t.Helper()
		done := make(chan string, 1)
		s.List(9, func(entries []Entry, total int, err error) {
			all := fmt.Sprint(total, err)
			for _, e := range entries {
				all += fmt.Sprintf(" %s@%s:%d+%d", e.Name, e.Node, e.Offset, e.Size)
			}
			done <- all
		})
		if got, want := <-done, "5 <nil> a@:0+5 b@n2:5+3 c@n2:5+1048576 b@:5+6 a@n2:11+5"; got != want {
			t.Errorf("List = %s, want %s", got, want)
		}
		s.Find("a", func(e Entry, found bool, err error) { done <- fmt.Sprint(e.Node, " ", found, " ", err) })
		if got, want := <-done, "n2 true <nil>"; got != want {
			t.Errorf("Find = %s, want %s", got, want)
		}
		s.FindOwn("a", func(Entry) bool { return true }, func(e Entry, found bool, err error) { done <- fmt.Sprint(e.Size, " ", found, " ", err) })
		if got, want := <-done, "5 true <nil>"; got != want {
			t.Errorf("FindOwn = %s, want %s", got, want)
		}
		s.Read(elsewhere("b", "far"), 0, 3, func(_ []byte, err error) { done <- fmt.Sprint(errors.Is(err, errBounds)) })
		if got := <-done; got != "true" {
			t.Error("what is elsewhere can be read")
		}
		if _, bytes := s.Total(); bytes != 11 {
			t.Errorf("Total has %d bytes, want 11", bytes)
		}
	}
	check(s)
	for _, without := range []string{"", tableName} {
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		if without != "" {
			if err := os.Remove(dir + "/" + without); err != nil {
				t.Fatal(err)
			}
		}
		s = mustOpen(t, dir, Options{})
		check(s)
	}
	if err := s.Note([]Entry{{Name: "damaged", Node: "n2", SHA256: "none"}}); err == nil {
		t.Error("Note takes what the next start would find damaged")
	}
}

// TestNoteOnAFullDisk: where the index can't be written nothing is noted, and it goes on when it can.
func TestNoteOnAFullDisk(t *testing.T) {
	dir := t.TempDir()
	s := mustOpen(t, dir, Options{})
	mustUpload(t, s, "a", []byte("first"))
	good := s.archive.index
	s.archive.index = standIn(t, good, "/dev/full", os.O_RDWR)
	if err := s.Note([]Entry{elsewhere("b", "far")}); err == nil {
		t.Error("Note on a full disk = no error")
	}
	s.archive.index.Close()
	s.archive.index = good
	if err := s.Note([]Entry{elsewhere("c", "far")}); err != nil {
		t.Fatal(err)
	}
	mustUpload(t, s, "d", []byte("last"))
	done := make(chan string, 1)
	s.List(9, func(entries []Entry, total int, err error) {
		done <- fmt.Sprint(total, entries[1].Name, entries[2].Name, err)
	})
	if got, want := <-done, "3cd<nil>"; got != want {
		t.Errorf("List = %s, want %s", got, want)
	}
}

// TestFetchBounds: what is fetched counts as what is kept, and as one of so many; with its last holder it is gone, and never has a name in the folder.
func TestFetchBounds(t *testing.T) {
	dir := t.TempDir()
	s := mustOpen(t, dir, Options{MaxFile: 100})
	mustUpload(t, s, "a", []byte("12345"))
	fetch := func(text string) (*Fetched, error) { return s.Fetch(elsewhere("b", text), strings.NewReader(text)) }
	if _, err := fetch(strings.Repeat("x", 101)); !errors.Is(err, ErrTooLarge) {
		t.Errorf("Fetch of 101 bytes = %v, want ErrTooLarge", err)
	}
	s.SetMost(0, 14)
	first, err := fetch("12345")
	if err != nil {
		t.Fatal(err)
	}
	first.Hold()
	if _, err := fetch("12345"); !errors.Is(err, ErrTooMany) {
		t.Errorf("Fetch beyond the most bytes = %v, want ErrTooMany", err)
	}
	first.Release()
	if _, err := fetch("12345"); !errors.Is(err, ErrTooMany) {
		t.Errorf("Fetch beside one that is held = %v, want ErrTooMany", err)
	}
	first.Release()
	s.SetMost(0, 0)
	var all []*Fetched
	for range maxFetched {
		f, err := fetch("12345")
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, f)
	}
	if _, err := fetch("12345"); !errors.Is(err, ErrFetches) {
		t.Errorf("Fetch beside %d = %v, want ErrFetches", maxFetched, err)
	}
	checkNoParts(t, dir)
	for _, f := range all {
		f.Release()
	}
	if files, bytes := s.fetched.files.Load(), s.fetched.bytes.Load(); files != 0 || bytes != 0 {
		t.Errorf("%d files with %d bytes are held, want none", files, bytes)
	}
}

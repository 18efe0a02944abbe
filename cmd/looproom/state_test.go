//go:build linux

package main_test

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"looproom/loop/store"
)

// withState has f look at the database of a folder that no server runs on.
func withState(t *testing.T, state string, f func(*store.Store)) {
	t.Helper()
	s, err := store.Open(state, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	f(s)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
}

// inState is what is kept in a folder that no server runs on.
func inState(t *testing.T, state string) (kept store.Contents) {
	t.Helper()
	withState(t, state, func(s *store.Store) {
		var err error
		if kept, err = s.Contents(); err != nil {
			t.Fatal(err)
		}
	})
	return kept
}

// damage has other bytes in the place of some in a database that no server runs on.
func damage(t *testing.T, state, old, new string) {
	t.Helper()
	path := filepath.Join(state, store.FileName)
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Contains(content, []byte(old)) {
		t.Fatalf("the database has no %q", old)
	}
	if err := os.WriteFile(path, bytes.ReplaceAll(content, []byte(old), []byte(new)), 0o600); err != nil {
		t.Fatal(err)
	}
}

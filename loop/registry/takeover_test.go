package registry

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"looproom/loop/registry/textfiles"
	"looproom/loop/room"
	"looproom/loop/store"
)

// inTextFiles is a folder as the last looproom left it that kept its state in text files: with someBans, someNames, a key that opens ana's account, and someRoom.
func inTextFiles(t testing.TB) (dir string) {
	t.Helper()
	dir = filepath.Join(t.TempDir(), "state")
	if err := os.CopyFS(dir, os.DirFS("textfiles/testdata")); err != nil {
		t.Fatal(err)
	}
	return dir
}

// cloakKeyThere is the one in these files.
const cloakKeyThere = "47a29af7c929d59e3eb67684f78cef947fed5cbb0e2eaac62d7ffc7aa823522b"

// expectTakenOver wants a registry that has what was in the text files, and that these have their other names.
func expectTakenOver(t *testing.T, dir string, r *Registry) {
	t.Helper()
	if got, want := r.Bans().Entries(noon), someBans(t); !slices.Equal(got, want) {
		t.Errorf("the bans are %v, want %v", got, want)
	}
	if got, want := r.Names(), byKey(someNames()); !slices.Equal(got, want) {
		t.Errorf("the names are %v, want %v", got, want)
	}
	if got, want := r.Rooms(), []*room.KeptRoom{someRoom()}; !reflect.DeepEqual(got, want) {
		t.Errorf("the rooms are %+v, want %+v", got, want)
	}
	if !trusts(r, "ana", "a key") {
		t.Error("ana's key doesn't open her account any more")
	}
	if got := fmt.Sprintf("%x", r.CloakKey()); got != cloakKeyThere {
		t.Errorf("the key of the cloaks is %s, want %s", got, cloakKeyThere)
	}
	for _, name := range []string{"bans", "names", "trusted", "rooms", "cloak.key", "start"} {
		before, err := os.ReadFile(filepath.Join("textfiles/testdata", name))
		if err != nil {
			t.Fatal(err)
		}
		after, err := os.ReadFile(filepath.Join(dir, name+textfiles.Retired))
		if err != nil || !bytes.Equal(after, before) {
			t.Errorf("%s is kept as %s: %v, want it as it was", name, name+textfiles.Retired, err)
		}
		if _, err := os.Lstat(filepath.Join(dir, name)); !errors.Is(err, os.ErrNotExist) {
			t.Errorf("%s is still there: %v", name, err)
		}
	}
}

// TestTakeOver: what was in text files is in the database, and goes on from there.
func TestTakeOver(t *testing.T) {
	dir := inTextFiles(t)
	r := mustOpen(t, dir)
	expectTakenOver(t, dir, r)
	if n, err := r.NextStart(1); n != 101 || err != nil {
		t.Errorf("NextStart(1) = %d, %v, want one more than that of the last start, 101", n, err)
	}
	mustClose(t, r)
	r = mustOpen(t, dir)
	expectTakenOver(t, dir, r)
	if had, err := r.RemoveName("ana"); !had || err != nil {
		t.Fatalf("RemoveName = %v, %v", had, err)
	}
	mustClose(t, r)
	if _, found := mustOpen(t, dir).Name("ana"); found {
		t.Error("a name that was given up is back")
	}
}

// TestTakeOverAfterACrash: whatever has been done when the server is killed, the next start does the rest.
func TestTakeOverAfterACrash(t *testing.T) {
	opened := func(t *testing.T, dir string, then func(*store.Store)) {
		s, err := store.Open(dir, store.Options{})
		if err != nil {
			t.Fatal(err)
		}
		then(s)
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
	taken := func(s *store.Store) {
		if _, err := takeOver(s); err != nil {
			t.Fatal(err)
		}
	}
	rename := func(t *testing.T, dir string, names ...string) {
		for _, name := range names {
			if err := os.Rename(filepath.Join(dir, name), filepath.Join(dir, name+textfiles.Retired)); err != nil {
				t.Fatal(err)
			}
		}
	}
	for name, crash := range map[string]func(t *testing.T, dir string){
		"before the database is made": func(*testing.T, string) {},
		"while it is empty":           func(t *testing.T, dir string) { opened(t, dir, func(*store.Store) {}) },
		"when all is in it":           func(t *testing.T, dir string) { opened(t, dir, taken) },
		"among the files":             func(t *testing.T, dir string) { opened(t, dir, taken); rename(t, dir, "bans", "names") },
		"at the last file": func(t *testing.T, dir string) {
			opened(t, dir, taken)
			rename(t, dir, "bans", "names", "trusted", "rooms", "cloak.key")
		},
	} {
		t.Run(name, func(t *testing.T) {
			dir := inTextFiles(t)
			crash(t, dir)
			expectTakenOver(t, dir, mustOpen(t, dir))
		})
	}
}

// crowd is how many names there are more in a folder whose taking over takes a moment.
const crowd = 2_000

// addCrowd has the names of a folder be many, so that a kill comes in the middle of them.
func addCrowd(t *testing.T, dir string) {
	t.Helper()
	path := filepath.Join(dir, "names")
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	_, lines, _ := bytes.Cut(content, []byte("\n"))
	all := strings.SplitAfter(strings.TrimSuffix(string(lines), "\n")+"\n", "\n")
	for i := range crowd { // they stand between ana and ñandú
		all = slices.Insert(all, 2+i, fmt.Sprintf(`{"name":"somebody%06d","key":"somebody%06d","since":"2026-11-21T12:00:00Z","hash":"%s"}`+"\n", i, i, hash))
	}
	made := strings.Join(all, "")
	if err := os.WriteFile(path, fmt.Appendf(nil, "looproom names 1 sha256=%x\n%s", sha256.Sum256([]byte(made)), made), 0o600); err != nil {
		t.Fatal(err)
	}
}

// TestKillWhileTakingOver: at whatever moment, either all is in the files or in the database.
func TestKillWhileTakingOver(t *testing.T) {
	ended := 0
	for round := range 20 {
		dir := inTextFiles(t)
		addCrowd(t, dir)
		command := child("take over", dir, 0)
		if err := command.Start(); err != nil {
			t.Fatal(err)
		}
		timer := time.AfterFunc(time.Duration(rand.IntN(100))*time.Millisecond, func() { command.Process.Kill() })
		var killed *exec.ExitError
		if err := command.Wait(); err == nil {
			ended++
		} else if !errors.As(err, &killed) || killed.ExitCode() != -1 {
			t.Fatalf("round %d: the child ended with %v, want it killed", round, err)
		}
		timer.Stop()
		r := mustOpen(t, dir)
		if got := r.CountNames(); got != crowd+3 || r.Bans().Len() != 4 || len(r.Rooms()) != 1 || !trusts(r, "ana", "a key") || fmt.Sprintf("%x", r.CloakKey()) != cloakKeyThere {
			t.Fatalf("round %d: %d names, %d bans, %d rooms; want %d, 4 and 1, and the keys", round, got, r.Bans().Len(), len(r.Rooms()), crowd+3)
		}
		mustClose(t, r)
	}
	t.Logf("20 kills, of which %d came too late", ended)
}

// TestTakeOverOfDamagedFiles: a file that is damaged is named, and when it is mended all is taken over.
func TestTakeOverOfDamagedFiles(t *testing.T) {
	dir := inTextFiles(t)
	path := filepath.Join(dir, "names")
	good, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, bytes.Replace(good, []byte("Ana"), []byte("Eve"), 1), 0o600); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if _, err := openIn(dir); err == nil || !strings.Contains(err.Error(), path) || !strings.Contains(err.Error(), "restore it from a backup, or move it away") {
			t.Errorf("Open = %v, want an error that names the file and says what to do", err)
		}
	}
	if err := os.WriteFile(path, good, 0o600); err != nil {
		t.Fatal(err)
	}
	expectTakenOver(t, dir, mustOpen(t, dir))
}

// TestTextFilesThatComeBack: what stands beside the database and has been taken over before is neither used nor passed over.
func TestTextFilesThatComeBack(t *testing.T) {
	dir := inTextFiles(t)
	mustClose(t, mustOpen(t, dir))
	path := filepath.Join(dir, "bans")
	if err := os.WriteFile(path, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := openIn(dir); err == nil || !strings.Contains(err.Error(), path) || !strings.Contains(err.Error(), "move this one away") {
		t.Errorf("Open = %v, want an error that names the file and says what to do", err)
	}
}

package files

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
	"time"
)

// childEnv names what this test binary does instead of testing, in the folder that dirEnv names.
const (
	childEnv = "LOOPROOM_FILES_CHILD"
	dirEnv   = "LOOPROOM_FILES_DIR"
)

func TestMain(m *testing.M) {
	switch os.Getenv(childEnv) {
	case "upload":
		uploadForever(os.Getenv(dirEnv))
	case "limit":
		uploadWithLimit(os.Getenv(dirEnv))
	default:
		os.Exit(m.Run())
	}
}

func child(what, dir string) *exec.Cmd {
	command := exec.Command(os.Args[0])
	command.Env = append(os.Environ(), childEnv+"="+what, dirEnv+"="+dir)
	command.Stderr = os.Stderr
	return command
}

// uploadForever uploads from several goroutines and prints the SHA-256 of each file that the store has promised to
// keep.
func uploadForever(dir string) {
	s, _, err := Open(dir, Options{Buffers: 4})
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	for range 3 {
		go func() {
			for {
				uploadOne(s)
			}
		}()
	}
	for {
		uploadOne(s)
	}
}

func uploadOne(s *Store) {
	content := bytes.Repeat(fmt.Append(nil, rand.Uint64()), 1+rand.IntN(3*PieceSize/20))
	if e, err := s.Upload("crash", "child", int64(len(content)), noon).Receive(bytes.NewReader(content)); err == nil {
		// One write: a line is printed whole or, by a crash, not at all.
		fmt.Println(e.SHA256)
	}
}

func TestKillAtAnyMoment(t *testing.T) {
	dir := t.TempDir()
	promised := make(map[string]bool)
	var repairs int
	for round := range 30 {
		killOne(t, dir, promised)
		s, repaired, err := Open(dir, Options{})
		if err != nil {
			t.Fatalf("round %d: Open after the crash = %v, want no error", round, err)
		}
		if repaired != "" {
			repairs++
		}
		checkFinds(t, s, dir)
		mustClose(t, s)
		checkNoParts(t, dir)
		found := make(map[string]bool)
		for _, e := range checkWhole(t, dir) {
			found[e.SHA256] = true
		}
		for sum := range promised {
			if !found[sum] {
				t.Fatalf("round %d: %s was promised and is lost", round, sum)
			}
		}
	}
	t.Logf("%d files promised, %d of 30 crashes left something to repair", len(promised), repairs)
}

// killOne starts a child that uploads, kills it at a random moment after its first promise, and notes what it promised.
func killOne(t *testing.T, dir string, promised map[string]bool) {
	t.Helper()
	command := child("upload", dir)
	out, err := command.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(out)
	for first := true; lines.Scan(); first = false {
		if len(lines.Text()) != 64 {
			t.Fatalf("child: %s", lines.Text())
		}
		promised[lines.Text()] = true
		if first {
			time.AfterFunc(time.Duration(rand.IntN(60_000))*time.Microsecond, func() { command.Process.Kill() })
		}
	}
	var exit *exec.ExitError
	if err := command.Wait(); !errors.As(err, &exit) || exit.Sys().(syscall.WaitStatus).Signal() != syscall.SIGKILL {
		t.Fatalf("child ended with %v, want it killed", err)
	}
}

// The kernel ends writes past a limit of file size as it does those on a full disk: in the middle, with an error.
func TestFileSizeLimit(t *testing.T) {
	dir := t.TempDir()
	command := child("limit", dir)
	if out, err := command.Output(); err != nil || len(out) > 0 {
		t.Fatalf("child: %v\n%s", err, out)
	}
	checkNoParts(t, dir)
	if entries := checkWhole(t, dir); len(entries) != 4 {
		t.Errorf("index has %d entries, want 4", len(entries))
	}
	mustOpen(t, dir, Options{})
}

// uploadWithLimit runs under a file size limit, then without, and prints what goes otherwise than it should.
func uploadWithLimit(dir string) {
	s, _, err := Open(dir, Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	upload := func(what string, size int64, want error) {
		_, err := s.Upload(what, "child", size, noon).Receive(io.LimitReader(zeros{}, size))
		if !errors.Is(err, want) {
			fmt.Printf("%s = %v, want %v\n", what, err, want)
		}
	}
	limit(5 * PieceSize / 2)
	upload("fits", 2*PieceSize, nil)
	upload("its part doesn't fit", 4*PieceSize, syscall.EFBIG)
	upload("its append from a part doesn't fit", 3*PieceSize/2, syscall.EFBIG)
	upload("its append from memory doesn't fit", PieceSize, syscall.EFBIG)
	upload("small", 10, nil)
	limit(0)
	upload("there is room again", 4*PieceSize, nil)
	upload("and again", PieceSize, nil)
	if err := s.Close(); err != nil {
		fmt.Println(err)
	}
}

// limit sets the largest size of a file that this process may write; 0 lifts it.
func limit(size uint64) {
	var current syscall.Rlimit
	err := syscall.Getrlimit(syscall.RLIMIT_FSIZE, &current)
	if err == nil {
		current.Cur = size
		if size == 0 {
			current.Cur = current.Max
		}
		err = syscall.Setrlimit(syscall.RLIMIT_FSIZE, &current)
	}
	if err != nil {
		fmt.Println(err)
	}
}

type zeros struct{}

func (zeros) Read(buffer []byte) (int, error) {
	clear(buffer)
	return len(buffer), nil
}

// A disk that is full, for real.
func TestDiskFull(t *testing.T) {
	dir := t.TempDir()
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, "size=512k"); err != nil {
		t.Skipf("mount a small tmpfs: %v", err)
	}
	t.Cleanup(func() { syscall.Unmount(dir, syscall.MNT_DETACH) })
	ballast := filepath.Join(dir, "ballast")
	s := mustOpen(t, dir, Options{})
	mustUpload(t, s, "before", randomBytes(PieceSize))
	if err := os.WriteFile(ballast, make([]byte, 300<<10), 0o644); err != nil {
		t.Fatal(err)
	}
	for _, size := range []int{2 * PieceSize, 4 * PieceSize} {
		_, err := s.Upload("lost", "ann", int64(size), noon).Receive(bytes.NewReader(randomBytes(size)))
		if !errors.Is(err, syscall.ENOSPC) {
			t.Errorf("Receive of %d bytes on a full disk = %v, want %v", size, err, syscall.ENOSPC)
		}
		checkNoParts(t, dir)
	}
	mustUpload(t, s, "small", []byte("small"))
	if err := os.Remove(ballast); err != nil {
		t.Fatal(err)
	}
	mustUpload(t, s, "after", randomBytes(2*PieceSize))
	mustClose(t, s)
	if entries := checkWhole(t, dir); len(entries) != 3 {
		t.Errorf("index has %d entries, want 3", len(entries))
	}
}

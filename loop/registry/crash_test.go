package registry

import (
	"bufio"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"looproom/loop/ban"
)

// childEnv names what this test binary does instead of testing, in the folder that dirEnv names, with the random changes of seedEnv.
const (
	childEnv = "LOOPROOM_REGISTRY_CHILD"
	dirEnv   = "LOOPROOM_REGISTRY_DIR"
	seedEnv  = "LOOPROOM_REGISTRY_SEED"
)

func TestMain(m *testing.M) {
	switch os.Getenv(childEnv) {
	case "change":
		changeForever(os.Getenv(dirEnv), os.Getenv(seedEnv))
	case "take over":
		if _, err := openIn(os.Getenv(dirEnv)); err != nil {
			fmt.Println(err)
			os.Exit(1)
		}
	case "limit":
		changeWithLimit(os.Getenv(dirEnv))
	default:
		os.Exit(m.Run())
	}
}

func child(what, dir string, seed int) *exec.Cmd {
	command := exec.Command(os.Args[0])
	command.Env = append(os.Environ(), childEnv+"="+what, dirEnv+"="+dir, seedEnv+"="+strconv.Itoa(seed))
	command.Stderr = os.Stderr
	return command
}

// randomChangesOf are the random changes of one child.
func randomChangesOf(seed int) *rand.Rand {
	return rand.New(rand.NewPCG(uint64(seed), 200))
}

// changeForever makes one change after the other, and prints a line for each that is kept.
func changeForever(dir, seed string) {
	number, err := strconv.Atoi(seed)
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	r, err := openIn(dir)
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	for random := randomChangesOf(number); ; {
		if _, err := randomChange(random).apply(r); err != nil {
			fmt.Println(err)
			os.Exit(1)
		}
		fmt.Println("kept")
	}
}

// After each kill there is exactly what was acknowledged, and perhaps the one change that was under way; never half of it.
func TestKillInTheMiddleOf200Writes(t *testing.T) {
	dir, want := t.TempDir(), newModel()
	var acknowledged, further int
	for round := range 200 {
		kept := killOne(t, dir, round)
		acknowledged += kept
		changes := randomChangesOf(round)
		for range kept {
			want.apply(randomChange(changes))
		}
		r := mustOpen(t, dir)
		if !want.is(r) {
			want.apply(randomChange(changes))
			further++
		}
		if !want.is(r) {
			t.Fatalf("round %d: after %d changes: %v and %v, want %v", round, kept, r.Bans().Entries(noon), r.Names(), want)
		}
		mustClose(t, r)
	}
	t.Logf("%d changes acknowledged and kept; 200 kills, of which %d kept one change more", acknowledged, further)
}

// killOne starts a child that changes things, kills it at a random moment after its first one, and returns how many it says were kept.
func killOne(t *testing.T, dir string, seed int) (kept int) {
	t.Helper()
	command := child("change", dir, seed)
	out, err := command.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	for lines := bufio.NewScanner(out); lines.Scan(); kept++ {
		if lines.Text() != "kept" {
			t.Fatalf("child: %s", lines.Text())
		}
		if kept == 0 {
			time.AfterFunc(time.Duration(rand.IntN(20_000))*time.Microsecond, func() { command.Process.Kill() })
		}
	}
	var exit *exec.ExitError
	if err := command.Wait(); !errors.As(err, &exit) || exit.Sys().(syscall.WaitStatus).Signal() != syscall.SIGKILL {
		t.Fatalf("child ended with %v, want it killed", err)
	}
	return kept
}

// The kernel ends writes past a limit of file size as it does those on a full disk: in the middle, with an error.
func TestFileSizeLimit(t *testing.T) {
	dir := t.TempDir()
	command := child("limit", dir, 0)
	if out, err := command.Output(); err != nil || len(out) > 0 {
		t.Fatalf("child: %v\n%s", err, out)
	}
	r := mustOpen(t, dir)
	if got := r.Bans().Len(); got != 2 {
		t.Errorf("%d bans after reopening, want 2: Close writes those that are late", got)
	}
	if got := r.Names(); len(got) != 1 || got[0].Key != "small" {
		t.Errorf("Names after reopening = %v, want small alone", got)
	}
}

// changeWithLimit runs under a file size limit, then without, and prints what goes otherwise than it should.
func changeWithLimit(dir string) {
	r, err := openIn(dir)
	if err != nil {
		fmt.Println(err)
		return
	}
	small := someNames()[0]
	small.Key = "small"
	if err := r.PutName(small); err != nil {
		fmt.Println(err)
	}
	limit(300)
	checkFailing(r)
	limit(0)
	if err := r.store.Close(); err != nil {
		fmt.Println(err)
	}
}

// checkFailing prints what isn't as it should be when nothing can be written: bans are in force, and names are not.
func checkFailing(r *Registry) {
	long := strings.Repeat("long ", 100)
	for _, name := range []string{"ana", "bob"} {
		e := ban.Entry{Target: ban.Target{Name: name}, Since: noon, Words: long}
		if err := r.PutBan(e, noon); err == nil || !strings.Contains(err.Error(), "in force") {
			fmt.Printf("PutBan = %v, want an error, and that it is in force\n", err)
		}
		if got := r.Bans().Entries(noon); !slices.Contains(got, e) {
			fmt.Printf("Entries = %v, want %v among them\n", got, e)
		}
	}
	before := r.Names()
	if err := r.PutName(Name{Key: long, Shown: long, Hash: hash}); err == nil {
		fmt.Println("PutName = nil, want an error")
	}
	if got := r.Names(); !slices.Equal(got, before) {
		fmt.Printf("Names = %v, want %v as before\n", got, before)
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

//go:build linux

package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// limit is how long a test waits for what must come. Nothing that goes well takes so long.
const limit = 30 * time.Second

// The programs that the tests start.
var looproom, loopchat string

func TestMain(m *testing.M) { os.Exit(buildAndRun(m)) }

func buildAndRun(m *testing.M) int {
	dir, err := os.MkdirTemp("", "loopchat-test-")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer os.RemoveAll(dir)
	looproom, loopchat = filepath.Join(dir, "looproom"), filepath.Join(dir, "loopchat")
	for _, build := range [][]string{
		{"build", "-o", looproom, "../looproom"},
		append(append([]string{"build"}, buildFlags...), "-o", loopchat, "."),
	} {
		if out, err := exec.Command("go", build...).CombinedOutput(); err != nil {
			fmt.Fprintf(os.Stderr, "go %s: %v\n%s", strings.Join(build, " "), err, out)
			return 1
		}
	}
	os.Setenv("GORACE", "atexit_sleep_ms=0")
	for _, variable := range os.Environ() {
		if name, _, _ := strings.Cut(variable, "="); strings.HasPrefix(name, "LOOPCHAT_") || name == "NO_COLOR" {
			os.Unsetenv(name)
		}
	}
	return m.Run()
}

// need skips the test where a program is missing, or fails it where all clients are required.
func need(t *testing.T, program string) {
	t.Helper()
	if _, err := exec.LookPath(program); err == nil {
		return
	}
	if os.Getenv("LOOPROOM_REQUIRE_CLIENTS") == "1" {
		t.Fatalf("%s is missing, and LOOPROOM_REQUIRE_CLIENTS is 1", program)
	}
	t.Skipf("%s is missing", program)
}

// waitFor waits for a condition, and says what was wanted and what there was instead.
func waitFor(t *testing.T, want string, got func() string, ok func() bool) {
	t.Helper()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for deadline := time.After(limit); !ok(); {
		select {
		case <-tick.C:
		case <-deadline:
			t.Fatalf("want %s; got\n%s", want, got())
		}
	}
}

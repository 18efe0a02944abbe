//go:build linux

package main_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"
)

// patience is how long a test waits for what must come. It is long because a busy machine under -race is slow; nothing that goes well takes so long.
const patience = time.Minute

// binary is the path of the server that all tests start.
var binary string

func TestMain(m *testing.M) {
	if address := os.Getenv(crowdAddress); address != "" {
		os.Exit(beCrowd(address))
	}
	os.Exit(buildAndRun(m))
}

func buildAndRun(m *testing.M) int {
	dir, err := os.MkdirTemp("", "looproom-test-")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer os.RemoveAll(dir)
	binary = filepath.Join(dir, "looproom")
	build := exec.Command("go", append(append([]string{"build"}, buildFlags...), "-o", binary, ".")...)
	if out, err := build.CombinedOutput(); err != nil {
		fmt.Fprintf(os.Stderr, "go build: %v\n%s", err, out)
		return 1
	}
	// A server under -race would wait for a second before it ends, each time.
	os.Setenv("GORACE", "atexit_sleep_ms=0")
	return m.Run()
}

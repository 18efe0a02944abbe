//go:build linux

package main_test

import (
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// buildPlanted builds a server that has faults on purpose, and returns its path.
func buildPlanted(t *testing.T) string {
	t.Helper()
	planted := filepath.Join(t.TempDir(), "looproom")
	build := exec.Command("go", append(append([]string{"build", "-tags", "plant"}, buildFlags...), "-o", planted, ".")...)
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("go build: %v\n%s", err, out)
	}
	return planted
}

// TestPanic: the server is built with panics planted in it. Who runs into one is dropped and the stack logged; the others stay, on the
// same loop and on another one.
func TestPanic(t *testing.T) {
	planted := buildPlanted(t)
	for _, loops := range []string{"1", "2"} {
		t.Run(loops+" loops", func(t *testing.T) {
			s := startCommand(t, exec.Command(planted, "--loops", loops, "--listen", "line://127.0.0.1:0"), 1)
			bob, eve := signedIn(t, s, 0, "bob"), signedIn(t, s, 0, "eve")
			for n, line := range []string{"/plant-panic", "plant-panic", "/plant-panic", "plant-panic"} {
				victim := signedIn(t, s, 0, "victim")
				victim.say(line)
				bob.until("< The user victim left")
				eve.until("< The user victim left")
				waitFor(t, "a line of log for each client that ran into a panic", func() bool {
					return strings.Count(s.log.String(), `"internal error"`) == n+1
				})
				bob.say("still here")
				eve.until("[bob] still here")
			}
			for _, want := range []string{"planted in a handler", "planted in the room", "goroutine ", "plant_on.go:"} {
				if !strings.Contains(s.log.String(), want) {
					t.Errorf("the log has no %q", want)
				}
			}
		})
	}
}

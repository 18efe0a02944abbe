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

// TestPanic: the server is built with panics planted in it. Who runs into one in a handler, or in the delivery of an answer, is dropped and the stack
// logged; the others stay, on the same loop and on another one, and no slot is lost: there are more victims than there may be clients. What can't be
// delivered to a room costs that message.
func TestPanic(t *testing.T) {
	planted := buildPlanted(t)
	for _, loops := range []string{"1", "2"} {
		t.Run(loops+" loops", func(t *testing.T) {
			s := startCommand(t, exec.Command(planted, "--loops", loops, "--listen", "line://127.0.0.1:0", "--max-clients", "5", "--admin", "127.0.0.1:0"), 1)
			bob, eve := signedIn(t, s, 0, "bob"), signedIn(t, s, 0, "eve")
			for n, line := range []string{"/plant-panic", "PING plant-panic", "/plant-panic", "PING plant-panic", "PING plant-panic", "/plant-panic"} {
				victim := signedIn(t, s, 0, "victim")
				victim.say("plant-delivery")
				victim.say(line)
				bob.until("< The user victim left")
				eve.until("< The user victim left")
				waitFor(t, "a line of log for each client that ran into a panic", func() bool {
					return strings.Count(s.log.String(), `"internal error"`) == n+1
				})
				bob.say("still here")
				eve.until("[bob] still here")
			}
			waitFor(t, "all panics to be logged and counted", func() bool {
				panics := float64(strings.Count(s.log.String(), `"message":"panic"`))
				return panics > 0 && scrape(t, adminOf(t, s)).sum("looproom_panics_total") == panics
			})
			for _, want := range []string{"planted in a handler", "planted in the delivery", "goroutine ", "plant_on.go:"} {
				if !strings.Contains(s.log.String(), want) {
					t.Errorf("the log has no %q", want)
				}
			}
		})
	}
}

// TestPanicInTheRoom: a room that has panicked may be half changed, so the process ends as a crash does, whoever's loop the command has come by, and the log
// says by which command: with its words, but for what nobody may read.
func TestPanicInTheRoom(t *testing.T) {
	planted := buildPlanted(t)
	for _, row := range []struct{ name, line, verb, text string }{
		{"said", "TEXT plant-panic", `"verb":"TEXT"`, `"text":"plant-panic"`},
		{"a password", "OPER ann plant-panic", `"verb":"OPER"`, `"text":"(11 bytes, hidden)"`},
		{"to one alone", "TEXT TO bob plant-panic", `"verb":"TEXT TO"`, `"text":"(11 bytes, hidden)"`},
	} {
		for _, loops := range []string{"1", "2"} {
			t.Run(row.name+", "+loops+" loops", func(t *testing.T) {
				s := startCommand(t, exec.Command(planted, "--loops", loops, "--listen", "line://127.0.0.1:0"), 1)
				bob, eve := signedIn(t, s, 0, "bob"), signedIn(t, s, 0, "eve")
				for _, c := range []*talker{eve, bob} { // each on a loop of its own, if there are two
					c.fence()
				}
				eve.say(row.line)
				if status := s.wait(); status != 2 {
					t.Errorf("exit status = %d, want 2", status)
				}
				log := s.log.String()
				for _, want := range []string{`"level":"fatal"`, "planted in the room", "plant_on.go:", row.verb, row.text, `"address":"`} {
					if !strings.Contains(log, want) {
						t.Errorf("the log has no %q:\n%s", want, log)
					}
				}
				if strings.Contains(row.text, "hidden") && strings.Contains(log, "plant-panic") {
					t.Errorf("the log has the words %q, which nobody may read:\n%s", "plant-panic", log)
				}
			})
		}
	}
}

//go:build linux

package main_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"syscall"
	"testing"
)

// screen is a terminal of tmux that a client of IRC has for itself, and in which a test types as a person does. It is so wide that few lines are broken, and so high that little goes up out of sight.
type screen struct {
	t      *testing.T
	name   string                    // of the client, for messages
	socket string                    // of tmux; its path must be short
	look   func(where string) string // the command that shows a room, a conversation, or what the server has said
}

// openScreen starts a program in a terminal. The end of the test ends it. When the program has ended, the screen says so, on a line of its own: what was typed before it began may stand there.
func openScreen(t *testing.T, name string, program ...string) *screen {
	t.Helper()
	need(t, "tmux")
	dir, err := os.MkdirTemp("", "lr")
	if err != nil {
		t.Fatal(err)
	}
	s := &screen{t: t, name: name, socket: filepath.Join(dir, "s")}
	t.Cleanup(func() {
		s.kill()
		os.RemoveAll(dir)
	})
	words := []string{"-f", "/dev/null", "new-session", "-d", "-x", "180", "-y", "50", "env", "LC_ALL=C.UTF-8", "HOME=" + dir, "TZ=UTC", "sh", "-c", `"$@"; printf "\nended with %d\033[K\n" $?; exec cat`, "sh"}
	s.tmux(append(words, program...)...)
	return s
}

// kill ends the program, if the test has left it running, and the terminal. A program that were asked to end would write into folders that are being removed.
func (s *screen) kill() {
	out, _ := exec.Command("tmux", "-S", s.socket, "display-message", "-p", "#{pane_pid}").Output()
	if pid, err := strconv.Atoi(strings.TrimSpace(string(out))); err == nil && pid > 1 {
		_ = syscall.Kill(-pid, syscall.SIGKILL) // it leads a group of its own, which tmux has made
	}
	_ = exec.Command("tmux", "-S", s.socket, "kill-server").Run()
}

func (s *screen) tmux(arguments ...string) string {
	s.t.Helper()
	// Without -u tmux draws no wide characters where the locale of the test is plain.
	out, err := exec.Command("tmux", append([]string{"-u", "-S", s.socket}, arguments...)...).CombinedOutput()
	if err != nil {
		s.t.Fatalf("%s: tmux %q: %v\n%s", s.name, arguments, err, out)
	}
	return string(out)
}

// types types lines, each with Enter.
func (s *screen) types(lines ...string) {
	s.t.Helper()
	for _, line := range lines {
		s.tmux("send-keys", "-l", "--", line)
		s.tmux("send-keys", "Enter")
	}
}

// in looks at a room or a conversation, "" is what the server has said.
func (s *screen) in(where string) *screen {
	s.t.Helper()
	s.types(s.look(where))
	return s
}

// text is what is on the screen, without the spaces behind lines that some programs draw and others don't.
func (s *screen) text() string {
	s.t.Helper()
	return spacesBehind.ReplaceAllString(s.tmux("capture-pane", "-p"), "")
}

var spacesBehind = regexp.MustCompile(`(?m) +$`)

// shows waits until the screen has, for each of these expressions, a line that matches it.
func (s *screen) shows(want ...string) {
	s.t.Helper()
	for _, one := range want {
		e := regexp.MustCompile("(?m)" + one)
		s.until(one, func(text string) bool { return e.MatchString(text) })
	}
}

// until waits for what is on the screen, and fails with what is there instead.
func (s *screen) until(what string, holds func(text string) bool) {
	s.t.Helper()
	defer func() {
		if s.t.Failed() {
			s.t.Logf("the screen of %s:\n%s", s.name, s.text())
		}
	}()
	waitFor(s.t, what+" on the screen of "+s.name, func() bool { return holds(s.text()) })
}

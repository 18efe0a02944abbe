//go:build linux

package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// screen is a terminal of tmux with a shell in it, as a person has one.
type screen struct {
	t      *testing.T
	socket string
}

// shellPrompt is what the shell of a screen shows when it waits.
const shellPrompt = "READY>"

func newScreen(t *testing.T, width, height int) *screen {
	t.Helper()
	need(t, "tmux")
	// The path of a socket must be short.
	dir, err := os.MkdirTemp("", "lc")
	if err != nil {
		t.Fatal(err)
	}
	s := &screen{t, filepath.Join(dir, "s")}
	t.Cleanup(func() {
		_ = exec.Command("tmux", "-S", s.socket, "kill-server").Run()
		os.RemoveAll(dir)
	})
	s.tmux("-f", "/dev/null", "new-session", "-d", "-x", strconv.Itoa(width), "-y", strconv.Itoa(height), "env", "PS1="+shellPrompt, "LC_ALL=C.UTF-8", "sh")
	s.see(shellPrompt)
	return s
}

func (s *screen) tmux(arguments ...string) string {
	s.t.Helper()
	// Without -u tmux draws no wide characters where the locale of the test is plain.
	command := exec.Command("tmux", append([]string{"-u", "-S", s.socket}, arguments...)...)
	out, err := command.CombinedOutput()
	if err != nil {
		s.t.Fatalf("tmux %q: %v\n%s", arguments, err, out)
	}
	return string(out)
}

// chat types the command line of loopchat, and waits until it is connected.
func chat(t *testing.T, width, height int, arguments ...string) *screen {
	t.Helper()
	s := newScreen(t, width, height)
	s.line(loopchat + " " + strings.Join(arguments, " "))
	s.see("#lobby")
	return s
}

// chatAs is chat under a name, in a window of common size.
func chatAs(t *testing.T, name string, arguments ...string) *screen {
	t.Helper()
	s := newScreen(t, 100, 25)
	s.line(loopchat + " --name " + name + " " + strings.Join(arguments, " "))
	s.see("· " + name)
	return s
}

// line types a line and Enter.
func (s *screen) line(text string) {
	s.t.Helper()
	s.typed(text)
	s.keys("Enter")
}

func (s *screen) typed(text string) {
	s.t.Helper()
	s.tmux("send-keys", "-l", "--", text)
}

func (s *screen) keys(names ...string) {
	s.t.Helper()
	s.tmux(append([]string{"send-keys"}, names...)...)
}

func (s *screen) text() string {
	s.t.Helper()
	return s.tmux("capture-pane", "-p")
}

// see waits until the screen shows all of that.
func (s *screen) see(want ...string) {
	s.t.Helper()
	for _, one := range want {
		waitFor(s.t, fmt.Sprintf("%q on the screen", one), s.text, func() bool { return strings.Contains(s.text(), one) })
	}
}

// miss waits until the screen doesn't show that any more.
func (s *screen) miss(text string) {
	s.t.Helper()
	waitFor(s.t, fmt.Sprintf("no %q on the screen", text), s.text, func() bool { return !strings.Contains(s.text(), text) })
}

// ended waits until the shell has the terminal back, and it works as before.
func (s *screen) ended(status int) {
	s.t.Helper()
	// The prompt of the shell's next line: the one in front of the command line is in sight a moment before loopchat has ended.
	waitFor(s.t, "the shell's prompt", s.text, func() bool { return strings.Contains(s.text(), "\n"+shellPrompt+"\n") })
	s.line("echo status=$? $(stty -a | grep -c -w -e '-icanon' -e '-echo')")
	s.see("status=" + strconv.Itoa(status) + " 0")
	if flags := s.tmux("display-message", "-p", "#{alternate_on} #{cursor_flag}"); strings.TrimSpace(flags) != "0 1" {
		s.t.Errorf("alternate screen and cursor = %q, want \"0 1\"", flags)
	}
}

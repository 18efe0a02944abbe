//go:build linux

package main_test

import (
	"fmt"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
)

// startOnTerminal starts looproom by a command whose terminal is a new one. Its log and its doors go elsewhere, as the test needs them.
func startOnTerminal(t *testing.T, command *exec.Cmd) (s *server, master *os.File) {
	t.Helper()
	master, slave := openTerminal(t)
	command.Stdin = slave
	command.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true}
	s = startCommand(t, command, 1)
	slave.Close()
	return s, master
}

// TestTerminalHangsUp: a server that runs on a terminal ends with a drain when the terminal is closed; SIGHUP while there is a terminal
// rereads the settings.
func TestTerminalHangsUp(t *testing.T) {
	path := configFile(t, oneDoor)
	s, master := startOnTerminal(t, exec.Command(binary, "--config", path))
	c := connect(t, s, 0, "guest")
	s.reload(t, path, oneDoor, reread)
	c.fence()
	master.Close()
	c.until("! closing ")
	c.expectEnd()
	if status := s.wait(); status != 0 {
		t.Errorf("exit status = %d, want 0", status)
	}
	s.awaitLog(`"draining"`, `"terminal":"hung up"`)
}

// TestTerminalOfAShell: the same where a shell is between the terminal and the server, in the foreground and in the background.
func TestTerminalOfAShell(t *testing.T) {
	need(t, "bash")
	for _, how := range []string{"%s", "%s & wait"} {
		t.Run(how, func(t *testing.T) {
			script := fmt.Sprintf("set -m; "+how+"; exit", binary+" --listen line://127.0.0.1:0")
			command := exec.Command("bash", "--norc", "--noprofile", "-i", "-c", script)
			s, master := startOnTerminal(t, command)
			s.over = true // the status is bash's
			c := connect(t, s, 0, "guest")
			master.Close()
			c.until("! closing ")
			c.expectEnd()
			s.wait()
			s.awaitLog(`"draining"`, `"terminal":"hung up"`)
		})
	}
}

// TestTerminalOfNohup: nohup keeps a server going when its terminal is closed. SIGHUP rereads the settings, before and after.
func TestTerminalOfNohup(t *testing.T) {
	need(t, "nohup")
	path := configFile(t, oneDoor)
	s, master := startOnTerminal(t, exec.Command("nohup", binary, "--config", path))
	c := connect(t, s, 0, "guest")
	before := strings.Count(s.log.String(), reread)
	master.Close() // the kernel sends the first SIGHUP itself: nohup has made the server the terminal's session leader
	waitFor(t, "a reload", func() bool { return strings.Count(s.log.String(), reread) > before })
	s.reload(t, path, oneDoor, reread)
	c.fence()
	s.stop()
}
